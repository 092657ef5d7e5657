// Looks at a page as people do, in every size and light, and as a screen reader does.

import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', 'test-results', 'screens')

const sizes = [
  { width: 360, height: 740 },
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
]

/** Which of the sizes a seat is seen in. */
const seen = { phone: [0, 1, 2], facilitator: [0, 1, 2, 3], stage: [2, 3] }

/** Takes pictures in the sizes of the seat, light and dark, and has axe read the page in both lights. The page gets its size back. */
export async function look(page: Page, seat: keyof typeof seen, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const before = page.viewportSize()!
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const size of seen[seat].map((i) => sizes[i]!)) {
      await page.setViewportSize(size)
      await page.screenshot({
        path: join(folder, `${name}-${seat}-${size.width}-${colorScheme}.png`),
        animations: 'disabled',
      })
    }
    await page.setViewportSize(before)
    await readable(page, `${name}, ${seat}, ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await narrow(page, `${name}, ${seat},`)
}

/** axe has nothing to say. Its legacy mode differs only for frames of other sites, of which there are none, and is three times as quick. */
export async function readable(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
  )
  expect.soft(found, name).toEqual([])
}

/** At 320 pixels nothing sticks out to the side. */
export async function narrow(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()!
  await page.setViewportSize({ width: 320, height: 640 })
  const wide = await page.evaluate(() => {
    const root = document.documentElement
    if (root.scrollWidth <= root.clientWidth) return []
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 120))
  })
  expect.soft(wide, `${name} at 320 pixels`).toEqual([])
  await page.setViewportSize(before)
}
