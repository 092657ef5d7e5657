// The door and the keeper: who waits is let in, and what is done can be undone. The raid is in nodes.spec.ts.

import { join } from './api'
import { look, readable } from './look'
import { en, es, here } from './seats'
import { expect, test } from './test'

test('a keeper looks after the door and the people, with one thumb', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const keeper = await seats.participant('Kay')
  const ana = await seats.participant('Ana')
  await facilitator.getByRole('button', { name: 'Kay' }).click()
  await facilitator.getByRole('button', { name: en.keep_make, exact: true }).click()
  await expect(keeper.getByText(en.keep_calm, { exact: true })).toBeVisible()

  // Whoever comes now waits in a room of their own, with help in reach, and is let in.
  await keeper.getByRole('button', { name: en.keep_door, exact: true }).click()
  await keeper.getByRole('radio', { name: new RegExp(`^${en.door_knock}`) }).check()
  const ben = await seats.window()
  await ben.goto(mend.links.join)
  await expect(ben.getByText(en.join_knock)).toBeVisible()
  await ben.getByLabel(en.join_alias).fill('Ben')
  await ben.getByRole('button', { name: en.join_enter, exact: true }).click()
  await expect(ben.getByText(en.wait_door, { exact: true })).toBeVisible()
  await look(ben, 'phone', 'waiting-room')
  await keeper.getByRole('button', { name: new RegExp(`^${en.keep_watch}`) }).click()
  await keeper.getByLabel(en.keep_more_of.replace('{alias}', 'Ben')).click()
  await keeper.getByRole('button', { name: en.keep_back, exact: true }).click()
  await expect(ben.getByText(en.wait_door_back, { exact: true })).toBeVisible()
  await ben.reload()
  await expect(ben.getByText(en.wait_door_back, { exact: true })).toBeVisible()
  await ben.getByRole('button', { name: 'Español' }).click()
  await expect(ben.getByText(es.wait_door_back, { exact: true })).toBeVisible()
  await ben.getByRole('button', { name: 'English' }).click()
  await join(mend.links, 'Cleo')

  // The keeper looks elsewhere, and asked this device to say when something waits.
  await keeper.evaluate(() => {
    const told: string[] = []
    Object.assign(window, { told })
    ServiceWorkerRegistration.prototype.showNotification = (title, options) =>
      Promise.resolve(void told.push(`${title}: ${options?.body}`))
    window.Notification = class Stub {
      static permission = 'default'
      static requestPermission = () => Promise.resolve((Stub.permission = 'granted'))
      constructor(title: string, options: NotificationOptions) {
        told.push(`${title}: ${options.body}`)
      }
    } as unknown as typeof Notification
  })
  await keeper.getByRole('button', { name: en.menu, exact: true }).click()
  await keeper.getByText(en.notices_title, { exact: true }).click()
  await keeper.getByLabel(en.notices_on).click()
  await expect(keeper.getByLabel(en.notices_vibrate)).toBeVisible()
  await look(keeper, 'phone', 'keeper-notices')
  await keeper.getByRole('button', { name: en.close, exact: true }).click()
  await keeper.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => /\/watch[.-]/.test(name)),
  )
  await keeper.evaluate(() =>
    Object.defineProperty(document, 'hidden', { get: () => true, configurable: true }),
  )

  // Support, a talk that only two see, and a report, all on one screen.
  await ana.getByRole('button', { name: en.support_button }).click()
  await ana.getByLabel(en.support_note).fill('a hard day')
  await ana.getByRole('button', { name: en.support_ask }).click()
  await expect(keeper.getByText('a hard day')).toBeVisible()
  await expect
    .poll(() => keeper.evaluate(() => (window as unknown as { told: string[] }).told))
    .toContain(`${en.notice_title}: ${en.notice_support}`)
  await keeper.evaluate(() => Reflect.deleteProperty(document, 'hidden'))
  await ana.getByRole('button', { name: en.close, exact: true }).click()
  await ana.getByRole('button', { name: en.menu, exact: true }).click()
  await ana.getByText(new RegExp(`^${en.menu_people} ·`)).click()
  await look(keeper, 'phone', 'keeper-watch')
  await look(facilitator, 'facilitator', 'door')
  for (const alias of ['Cleo', 'Ben']) {
    const knocks = keeper.getByRole('listitem').filter({ hasText: alias })
    await knocks.getByRole('button', { name: en.keep_admit, exact: true }).click()
  }
  await here(ben)
  await ana.getByLabel(en.report_of.replace('{alias}', 'Ben')).click()
  await ana.getByRole('button', { name: en.report, exact: true }).click()
  await ana.getByLabel(en.report_note).fill('he wrote to me outside')
  await ana.getByRole('button', { name: en.report_send, exact: true }).click()
  await expect(ana.getByText(en.report_told)).toBeVisible()
  await expect(
    keeper.getByText(en.keep_report_note.replace('{note}', 'he wrote to me outside')),
  ).toBeVisible()
  await ana.getByRole('button', { name: en.close, exact: true }).click()
  await keeper.getByRole('button', { name: en.lead_support_take }).click()
  await ana.getByRole('button', { name: en.support_open }).click()
  await ana.getByRole('button', { name: en.talk_open.replace('{alias}', 'Kay') }).click()
  await ana.getByLabel(en.talk_write.replace('{alias}', 'Kay')).fill('can you hear me')
  await ana.getByRole('button', { name: en.talk_send, exact: true }).click()
  await expect(keeper.getByText('can you hear me')).toBeVisible()
  await keeper.getByLabel(en.talk_write.replace('{alias}', 'Ana')).fill('I am here')
  await keeper.getByRole('button', { name: en.talk_send, exact: true }).click()
  await expect(ana.getByText('I am here')).toBeVisible()
  await look(ana, 'phone', 'support-talk')
  for (const page of [ben, facilitator])
    expect(await page.locator('body').innerText()).not.toContain('I am here')
  await ana.getByRole('button', { name: en.talk_end, exact: true }).click()
  await expect(keeper.getByText('can you hear me')).toHaveCount(0)
  const kept = await ana.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  expect(kept).not.toContain('hear me')
  await ana.getByRole('button', { name: en.close, exact: true }).click()

  // Only listening, and undone; removed, and undone within a minute.
  await keeper.getByRole('button', { name: en.lead_people, exact: true }).click()
  await keeper.getByRole('button', { name: 'Ben' }).click()
  await keeper.getByRole('button', { name: en.keep_quiet, exact: true }).click()
  await expect(ben.getByText(en.quieted)).toBeVisible()
  await expect(ben.getByRole('button', { name: en.hand_raise })).toBeDisabled()
  await readable(ben, 'somebody asked to only listen')
  await keeper.getByRole('button', { name: new RegExp(`^${en.keep_watch}`) }).click()
  await keeper.getByRole('button', { name: en.keep_undo, exact: true }).click()
  await expect(ben.getByText(en.quieted)).toBeHidden()
  await keeper.getByRole('button', { name: en.lead_people, exact: true }).click()
  await keeper.getByRole('button', { name: 'Ben' }).click()
  await keeper.getByRole('button', { name: en.lead_remove, exact: true }).click()
  await keeper.getByRole('button', { name: en.lead_remove_sure, exact: true }).click()
  await expect(ben.getByText(en.ended_removed, { exact: true })).toBeVisible()
  await keeper.getByRole('button', { name: new RegExp(`^${en.keep_watch}`) }).click()
  await keeper.getByRole('button', { name: en.keep_undo, exact: true }).click()
  await here(ben)

  // The card for the worst moment, and a cover for prying eyes.
  await keeper.getByRole('button', { name: en.card_button, exact: true }).click()
  await look(keeper, 'phone', 'keeper-card')
  await ana.keyboard.press('Escape')
  await ana.keyboard.press('Escape')
  await expect(ana.getByRole('heading', { name: en.hide_title })).toBeVisible()
  await expect(ana.getByRole('navigation', { name: en.room_actions })).toBeHidden()
  expect(await ana.title()).toBe(en.hide_title)
  await ana.getByRole('button', { name: en.hide_back }).click()
  await here(ana)
})

test('a link lets one person in through a closed door, also after the code was changed', async ({
  mend,
  seats,
}) => {
  const facilitator = await seats.facilitator()
  await facilitator
    .getByRole('button', { name: new RegExp(mend.links.code) })
    .first()
    .click()
  await facilitator.getByRole('radio', { name: new RegExp(`^${en.door_closed}`) }).check()
  await facilitator.getByRole('button', { name: en.link_make, exact: true }).click()
  await facilitator.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await facilitator.getByRole('button', { name: en.link_copy.replace('{n}', '1') }).click()
  const link = await facilitator.evaluate(() => navigator.clipboard.readText())
  await facilitator.getByRole('button', { name: en.code_change, exact: true }).click()
  await facilitator.getByRole('button', { name: en.code_sure, exact: true }).click()
  await expect(facilitator.getByRole('dialog').getByText(mend.links.code, { exact: true })).toHaveCount(0)
  const late = await seats.window()
  await late.goto(mend.links.join)
  await expect(late.getByText(en.join_unknown, { exact: true })).toBeVisible()
  const ben = await seats.window()
  await ben.goto(link)
  await ben.getByLabel(en.join_alias).fill('Ben')
  await ben.getByRole('button', { name: en.join_enter, exact: true }).click()
  await here(ben)
  await ben.reload()
  await here(ben)
})

test('leaving without a trace leaves nothing in the browser', async ({ seats }) => {
  const facilitator = await seats.facilitator()
  const ana = await seats.participant('Ana')
  await ana.getByRole('button', { name: en.menu, exact: true }).click()
  await ana.getByText(en.trace, { exact: true }).click()
  await ana.getByRole('button', { name: en.trace_sure }).click()
  await expect(ana.getByLabel(en.door_code)).toBeVisible()
  const left = await ana.evaluate(async () => [
    Object.keys(localStorage).filter((key) => !key.startsWith('care:')),
    Object.keys(sessionStorage),
    (await indexedDB.databases()).map(({ name }) => name),
    await caches.keys(),
    (await navigator.serviceWorker.getRegistrations()).length,
  ])
  expect(left).toEqual([[], [], [], [], 0])
  await expect(facilitator.getByText('Ana', { exact: true })).toHaveCount(0)
})
