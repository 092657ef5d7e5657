// Looks at a page as people do, in every size and light, and as a screen reader does.

import { expect, type Page } from '@playwright/test'
import axe from 'axe-core'
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

/** "no" takes no pictures, which is quicker where nobody will look at them. */
const pictures = process.env.MEND_PICTURES !== 'no'

/**
 * Takes pictures in the sizes of the seat, light and dark, and has axe read the page. The dark light differs by its colours
 * alone, and these do not by language. The page gets its size back.
 */
export async function look(page: Page, seat: keyof typeof seen, name: string): Promise<void> {
  await readable(page, `${name}, ${seat}`)
  if ((await page.locator('html').getAttribute('lang')) === 'en') {
    await page.emulateMedia({ colorScheme: 'dark' })
    await readable(page, `${name}, ${seat}, dark`, ['color-contrast'])
    await page.emulateMedia({ colorScheme: 'light' })
  }
  if (pictures) await picture(page, seat, name)
  await narrow(page, `${name}, ${seat},`)
}

async function picture(page: Page, seat: keyof typeof seen, name: string) {
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
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(before)
}

/** axe has nothing to say, of all its rules or of some. */
export async function readable(page: Page, name: string, rules?: string[]): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const found = await page.evaluate(async (rules) => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
      ...(rules && { runOnly: rules }),
    })
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    )
  }, rules)
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
