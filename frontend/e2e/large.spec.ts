// Letters twice as large, as a phone's own setting makes them: nothing is cut off at the side and all help stays in reach.

import type { Page } from '@playwright/test'
import { come, en, es, forward } from './seats'
import { test, expect } from './test'

async function fits(page: Page, where: string, words = en) {
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 120)),
  )
  expect.soft(wide, where).toEqual([])
  await expect
    .soft(page.getByRole('button', { name: words.crisis_button }), where)
    .toBeInViewport({ ratio: 1 })
}

for (const [locale, words] of [
  ['en', en],
  ['es', es],
] as const) {
  test(`letters of twice the size on a narrow phone, ${locale}`, async ({ mend, seats }) => {
    const facilitator = await seats.facilitator()
    const phone = await seats.window({ viewport: { width: 360, height: 740 }, locale })
    const browser = await phone.context().newCDPSession(phone)
    await browser.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
    await phone.goto(mend.links.join)
    await expect(phone.getByLabel(words.join_alias)).toBeVisible()
    expect(await phone.evaluate(() => matchMedia('(min-width: 12em)').matches)).toBe(false)
    await fits(phone, 'the door', words)
    await come(phone, 'Ana', words)
    await fits(phone, 'arriving', words)
    for (let step = 0; step < 8; step++) {
      const title = phone.getByRole('heading', { level: 1 })
      const [before = ''] = await title.allTextContents()
      const led = await forward(facilitator)
      await expect(title).not.toHaveText(before)
      await fits(phone, led, words)
    }
    await phone.getByRole('button', { name: words.menu, exact: true }).click()
    await expect(phone.getByRole('button', { name: words.leave, exact: true })).toBeVisible()
    await fits(phone, 'the menu', words)
  })
}
