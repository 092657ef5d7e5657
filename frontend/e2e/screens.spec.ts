// Every screen of every seat, in each size, light and dark, English and Spanish, for axe and for people to look at.
// The pictures are in test-results/screens.

import type { Page } from '@playwright/test'
import { agenda, gather } from './api'
import { look } from './look'
import { come, en, es, forward, here } from './seats'
import { test, expect } from './test'

const long = 'Guadalupe Montserrat de los Ángeles Rí'

test('the door, in both languages', async ({ mend, seats }) => {
  for (const locale of ['en', 'es']) {
    const page = await seats.window({ locale })
    for (const [name, address] of [
      ['door', mend.origin],
      ['join', mend.links.join],
      ['wrong-code', `${mend.origin}/j/ZZZZZZ`],
      ['no-page', `${mend.origin}/nowhere`],
      ['lead', `${mend.origin}/lead`],
      ['no-key', `${mend.origin}/demo`],
    ] as const) {
      await page.goto(address)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.locator('html')).toHaveAttribute('lang', locale)
      await look(page, 'phone', `${locale}-${name}`)
    }
  }
})

for (const [locale, words] of [
  ['en', en],
  ['es', es],
] as const) {
  test(`every kind of step, every seat, ${locale}`, async ({ mend, seats }) => {
    const facilitator = await seats.facilitator({ locale })
    const stage = await seats.stage({ locale })
    const phones: Page[] = []
    for (const alias of [long, 'Ana', 'Cho', 'Dee']) {
      const phone = await seats.window({ locale })
      await phone.goto(mend.links.join)
      await come(phone, alias, words)
      phones.push(phone)
    }
    const [phone] = phones as [Page]
    const all = async (name: string) => {
      await look(phone, 'phone', `${locale}-${name}`)
      await look(facilitator, 'facilitator', `${locale}-${name}`)
      await look(stage, 'stage', `${locale}-${name}`)
    }
    await all('0-arriving')
    await sheets(phone, locale, words)
    const looked = new Set<string>()
    for (const { kind, title } of await agenda(mend.links, locale)) {
      expect(await forward(facilitator, words)).toBe(title)
      for (const page of phones) await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
      await answer(phones, words)
      const picture = kind === 'checkin' ? title : kind
      if (!looked.has(picture)) await all(`${looked.add(picture).size}-${kind}`)
    }
  })
}

/** Whatever there is to answer is answered by all, so that group answers show. */
async function answer(phones: Page[], words: typeof en) {
  for (const [i, phone] of phones.entries()) {
    if (!(await phone.getByRole('radio').first().isVisible())) return
    await phone.getByRole('radio').nth(i).check()
    await phone
      .getByRole('button', { name: new RegExp(`^(${words.checkin_send}|${words.checkout_send})$`) })
      .click()
    await expect(phone.getByText(words.checkin_yours)).toBeVisible()
  }
}

async function sheets(phone: Page, locale: string, words: typeof en) {
  for (const [name, button] of [
    ['support', words.support_button],
    ['crisis', words.crisis_button],
    ['place', words.menu],
  ] as const) {
    await phone.getByRole('button', { name: button, exact: true }).click()
    await expect(phone.getByRole('dialog')).toBeVisible()
    await look(phone, 'phone', `${locale}-sheet-${name}`)
    await phone.getByRole('dialog').getByRole('button', { name: words.close, exact: true }).click()
  }
  await phone.getByRole('button', { name: words.away_button }).click()
  await look(phone, 'phone', `${locale}-away`)
  await phone.getByRole('button', { name: words.away_back }).click()
}

test('frozen, paused, locked, without a line, over', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const stage = await seats.stage()
  const phone = await seats.participant('Ana')
  const all = async (name: string) => {
    await look(facilitator, 'facilitator', `en-${name}`)
    await look(stage, 'stage', `en-${name}`)
    await look(phone, 'phone', `en-${name}`)
  }
  await forward(facilitator)
  await facilitator.getByRole('button', { name: en.lead_freeze, exact: true }).first().click()
  await expect(phone.getByText(en.wait_frozen, { exact: true })).toBeVisible()
  await all('frozen')
  await facilitator.getByRole('button', { name: en.lead_unfreeze, exact: true }).first().click()
  await facilitator.getByRole('button', { name: en.lead_pause, exact: true }).first().click()
  await expect(phone.getByText(en.wait_paused)).toBeVisible()
  await all('paused')
  await facilitator.getByRole('button', { name: en.lead_lock, exact: true }).first().click()
  const outside = await seats.window()
  await outside.goto(mend.links.join)
  await expect(outside.getByText(en.join_locked, { exact: true })).toBeVisible()
  await look(outside, 'phone', 'en-locked')
  await mend.kill()
  await expect(phone.getByText(en.room_away)).toBeVisible()
  await expect(stage.getByText(en.stage_lost)).toBeVisible()
  await all('lost')
})

test('two hundred people', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const stage = await seats.stage()
  const phone = await seats.participant('Ana')
  const crowd = await gather(mend.links, 198)
  await expect(facilitator.getByText('Person 197', { exact: true }).first()).toBeVisible()
  await look(facilitator, 'facilitator', 'en-200-arriving')
  await look(stage, 'stage', 'en-200-arriving')
  await forward(facilitator)
  await forward(facilitator)
  await phone.getByRole('radio').first().check()
  await phone.getByRole('button', { name: en.checkin_send, exact: true }).click()
  await Promise.all(crowd.map((client, i) => client.do('checkin.answer', { reading: 1 + (i % 5) })))
  await expect(stage.getByText(en.spread_answers.replace('{count}', '199'))).toBeVisible()
  await look(facilitator, 'facilitator', 'en-200')
  await look(stage, 'stage', 'en-200')
  await look(phone, 'phone', 'en-200')
  await here(phone)
  for (const client of crowd) client.close()
})
