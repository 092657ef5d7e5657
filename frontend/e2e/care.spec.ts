// What keeps the room safe: support, stepping away, the door, removal, freezing.

import { test, expect } from './test'
import { en, forward, here } from './seats'

test('a request for support reaches the facilitators at once and nobody else', async ({ seats }) => {
  const facilitator = await seats.facilitator()
  const stage = await seats.stage()
  const ana = await seats.participant('Ana')
  const ben = await seats.participant('Ben')
  await ana.getByRole('button', { name: en.support_button }).click()
  await ana.getByLabel(en.support_note).fill('sit with me')
  await ana.getByRole('button', { name: en.support_ask }).click()
  await expect(facilitator.getByText('sit with me')).toBeVisible()
  await expect(ana.getByText(en.support_asked_more)).toBeVisible()
  await facilitator.getByRole('button', { name: en.lead_support_take }).click()
  await expect(ana.getByText(en.support_coming.split('}')[1]!.trim())).toBeVisible()
  await ana.getByRole('button', { name: en.support_cancel }).click()
  await expect(facilitator.getByText('sit with me')).toHaveCount(0)
  for (const page of [ben, stage]) expect(await page.locator('body').innerText()).not.toMatch(/sit with me/)
  expect(await ben.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(
    'sit with me',
  )
})

test('who steps away is told that nothing is asked, and comes back', async ({ seats }) => {
  const facilitator = await seats.facilitator()
  const ana = await seats.participant('Ana')
  await forward(facilitator)
  await ana.getByRole('button', { name: en.away_button }).click()
  await expect(ana.getByText(en.away_title)).toBeVisible()
  await expect(facilitator.getByText(en.people_away).first()).toBeVisible()
  await ana.getByRole('button', { name: en.away_back }).click()
  await expect(ana.getByText(en.away_title)).toBeHidden()
})

test('the facilitator removes a person, who finds a page that says so', async ({ seats }) => {
  const facilitator = await seats.facilitator()
  const ana = await seats.participant('Ana')
  const ben = await seats.participant('Ben')
  await facilitator.getByRole('button', { name: 'Ana' }).click()
  await facilitator.getByRole('button', { name: en.lead_remove, exact: true }).click()
  await facilitator.getByRole('button', { name: en.lead_remove_sure, exact: true }).click()
  await expect(ana.getByText(en.ended_removed)).toBeVisible()
  await expect(facilitator.getByText('Ana', { exact: true })).toHaveCount(0)
  await here(ben)
})

test('a locked door lets nobody new in; who has a seat keeps it', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const ana = await seats.participant('Ana')
  await facilitator.getByRole('button', { name: en.lead_lock, exact: true }).first().click()
  await expect(facilitator.getByRole('button', { name: en.lead_unlock, exact: true }).first()).toBeVisible()
  const ben = await seats.window()
  await ben.goto(mend.links.join)
  await expect(ben.getByText(en.join_locked, { exact: true })).toBeVisible()
  await ana.reload()
  await here(ana)
  await facilitator.getByRole('button', { name: en.lead_unlock, exact: true }).first().click()
  await expect(ben.getByLabel(en.join_alias)).toBeVisible()
})

test('one tap freezes the room: nothing is shown or taken until it goes on', async ({ seats }) => {
  const facilitator = await seats.facilitator()
  const stage = await seats.stage()
  const ana = await seats.participant('Ana')
  const title = await forward(facilitator)
  await facilitator.getByRole('button', { name: en.lead_freeze, exact: true }).first().click()
  await expect(ana.getByText(en.wait_frozen, { exact: true })).toBeVisible()
  await expect(stage.getByText(en.stage_paused)).toBeVisible()
  await expect(stage.getByRole('complementary', { name: en.crisis_button })).toContainText('988')
  await ana.getByRole('button', { name: en.support_button }).click()
  await ana.getByRole('button', { name: en.support_ask }).click()
  await expect(ana.getByText(en.support_asked_more)).toBeVisible()
  await facilitator.getByRole('button', { name: en.lead_unfreeze, exact: true }).first().click()
  await ana.getByRole('button', { name: en.close, exact: true }).click()
  await expect(ana.getByRole('heading', { level: 1 })).toHaveText(title)
})

test('the crisis card is one tap away, and a cover one key, on every page from the door on', async ({
  mend,
  seats,
}) => {
  const page = await seats.window()
  for (const path of [
    '',
    '/mine',
    '/knows',
    '/lead',
    '/setup',
    '/demo',
    '/nowhere',
    '/j/ZZZZZZ',
    `/j/${mend.links.code}`,
  ]) {
    await page.goto(mend.origin + path)
    await page.getByRole('button', { name: en.crisis_button }).click()
    await expect(page.getByRole('dialog').getByText('988').first()).toBeVisible()
    await page.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => /\/hide[.-]/.test(name)),
    )
    // The two have to come soon after one another, which a busy machine does not promise.
    await expect(async () => {
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await expect(page.getByRole('heading', { name: en.hide_title })).toBeVisible({ timeout: 2_000 })
    }).toPass()
    await expect(page.locator('#app')).toBeHidden()
    expect(await page.title()).toBe(en.hide_title)
  }
})
