// A reload, a second tab, a lost line: the same person comes back to the same seat.

import type { Page } from '@playwright/test'
import { test, expect } from './test'
import { come, en, forward, here, settled, way } from './seats'

async function names(facilitator: Page, alias: string) {
  return facilitator.getByText(alias, { exact: true }).count()
}

test('a reload and a second tab keep the seat', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const phone = await seats.participant('Ana')
  await phone.getByRole('button', { name: en.hand_raise }).click()
  await phone.reload()
  await here(phone)
  await expect(phone.getByRole('button', { name: en.hand_lower })).toBeVisible()
  const second = await phone.context().newPage()
  await second.goto(mend.links.join)
  await here(second)
  await second.getByRole('button', { name: en.hand_lower }).click()
  await expect(phone.getByRole('button', { name: en.hand_raise })).toBeVisible()
  await second.close()
  await expect.poll(() => names(facilitator, 'Ana')).toBe(1)
})

test('seat=new gives this browser a further person, whose reload keeps it', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const ana = await seats.participant('Ana')
  const ben = await ana.context().newPage()
  await ben.goto(`${mend.links.join}?seat=new`)
  await come(ben, 'Ben')
  await ben.reload()
  await here(ben)
  await ana.reload()
  await here(ana)
  await ben.getByRole('button', { name: en.hand_raise }).click()
  await expect(ben.getByRole('button', { name: en.hand_lower })).toBeVisible()
  await expect(ana.getByRole('button', { name: en.hand_raise })).toBeVisible()
  for (const alias of ['Ana', 'Ben'])
    await expect(facilitator.getByText(alias, { exact: true }).first()).toBeVisible()
})

test('the facilitator reloads and leads on', async ({ seats }) => {
  const facilitator = await seats.facilitator()
  const phone = await seats.participant('Ana')
  const title = await forward(facilitator)
  expect(new URL(facilitator.url()).hash).toBe('')
  await facilitator.reload()
  await expect(facilitator.getByRole('heading', { level: 1 })).toHaveText(title)
  const next = await forward(facilitator)
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText(next)
})

test('without a line the phone says so, keeps what is typed, and says it once when it is back', async ({
  seats,
}) => {
  const facilitator = await seats.facilitator()
  const phone = await seats.participant('Ana')
  await forward(facilitator)
  await forward(facilitator)
  await phone.getByRole('radio').nth(2).check()
  await phone.getByRole('textbox').fill('unhurried')
  await phone.context().setOffline(true)
  await expect(phone.getByText(en.room_away)).toBeVisible()
  await phone.getByRole('button', { name: en.crisis_button }).click()
  await expect(phone.getByRole('dialog').getByText('988').first()).toBeVisible()
  await phone.getByRole('dialog').getByRole('button', { name: en.close }).click()
  await expect(phone.getByRole('textbox')).toHaveValue('unhurried')
  await phone.getByRole('button', { name: en.checkin_send, exact: true }).click()
  await phone.context().setOffline(false)
  await here(phone)
  await expect(phone.getByText(en.checkin_yours)).toBeVisible()
  await expect(phone.getByText('unhurried')).toBeVisible()
  await expect(facilitator.getByText(en.lead_expected)).toHaveCount(0)
})

test('a device that is full: the link is pasted for the code, and a reload keeps the seat', async ({
  mend,
  seats,
}) => {
  const phone = await seats.window()
  await phone.addInitScript(() => {
    const put = Storage.prototype.setItem
    Storage.prototype.setItem = function (key, value) {
      if (this === localStorage) throw new DOMException('full', 'QuotaExceededError')
      put.call(this, key, value)
    }
  })
  await phone.goto(mend.origin)
  await phone.getByLabel(en.door_code, { exact: true }).fill(` ${mend.links.join} `)
  await phone.keyboard.press('Enter')
  await come(phone, 'Ana')
  await phone.reload()
  await here(phone)
})

test('a double tap is one tap', async ({ seats }) => {
  const facilitator = await seats.facilitator()
  const phone = await seats.participant('Ana')
  const shown = phone.getByRole('heading', { level: 1 })
  const title = await forward(facilitator)
  await expect(shown).toHaveText(title)
  await settled(facilitator)
  await way(facilitator).getByRole('button').last().dblclick()
  await expect(shown).not.toHaveText(title)
  await settled(facilitator) // had the second tap counted, one step back would not be enough
  await way(facilitator).getByRole('button', { name: en.back }).click()
  await expect(shown).toHaveText(title)
})

test('a reload while nothing answers keeps the crisis card and the place in the room', async ({
  mend,
  seats,
}) => {
  const phone = await seats.participant('Ana')
  await phone.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
  await phone.reload()
  await here(phone)
  await mend.kill()
  await phone.reload()
  await phone.getByRole('button', { name: en.crisis_button }).click()
  await expect(phone.getByRole('dialog').getByText('988').first()).toBeVisible()
  await phone.getByRole('dialog').getByRole('button', { name: en.close }).click()
  await mend.again()
  await here(phone)
})
