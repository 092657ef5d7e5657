// What people write for themselves stays on their own device: nothing of it leaves, a reload loses nothing, it is there
// without a network and after the session, it is erased when its owner says so, and a phone can be shared.

import { test as base, expect, type BrowserContext, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import asks from '../src/asks/asks.json' with { type: 'json' }
import { join } from 'node:path'
import { look, readable } from './look'
import { Mend } from './mend'
import { come, en, es, forward, here, Seats } from './seats'

const file = join(import.meta.dirname, 'programmes', 'private-pages.yaml')

const test = base.extend<{ mend: Mend; seats: Seats }>({
  mend: async ({}, use, info) => {
    const mend = await Mend.start({ flags: ['--programme', file] })
    await use(mend)
    if (info.status !== info.expectedStatus) await info.attach('log', { body: mend.child.log.join('\n') })
    await mend.clear()
  },
  seats: async ({ browser, mend }, use) => {
    const seats = new Seats(browser, mend.links)
    await use(seats)
    await seats.close()
    expect(seats.offences).toEqual([])
  },
})

/** Everything a browser window sends: requests with their bodies, beacons, what goes over sockets. */
function overhear(context: BrowserContext): string[] {
  const sent: string[] = []
  context.on('request', (request) => {
    sent.push(decodeURIComponent(request.url()), JSON.stringify(request.headers()))
    sent.push(request.postDataBuffer()?.toString() ?? '')
  })
  context.on('page', (page) => {
    page.on('websocket', (socket) => {
      sent.push(socket.url())
      socket.on('framesent', ({ payload }) => sent.push(payload.toString()))
    })
  })
  return sent
}

/** All that the device keeps of everybody, as it lies there. */
function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open('mend')
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error)
    })
    const words: string[] = []
    const text = new TextDecoder('latin1')
    for (const store of [...db.objectStoreNames]) {
      const rows = await new Promise<unknown[]>((resolve, reject) => {
        const asked = db.transaction(store).objectStore(store).getAll()
        asked.onsuccess = () => resolve(asked.result)
        asked.onerror = () => reject(asked.error)
      })
      const plain = (_: string, value: unknown) =>
        value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? text.decode(value as ArrayBuffer) : value
      words.push(...rows.map((row) => JSON.stringify(row, plain)))
    }
    db.close()
    return words.join('\n')
  })
}

function field(page: Page, label: string) {
  return page.getByRole('textbox', { name: label, exact: true })
}

async function answer(page: Page, answers: Record<number, string>) {
  const questions = page.locator('fieldset')
  const count = await questions.count()
  const safe = [en.amends_no, en.amends_no, en.amends_no, en.amends_yes, en.amends_no, en.amends_no]
  safe.push(en.amends_no, en.amends_no, en.amends_yes, en.amends_yes, en.amends_yes)
  expect(count).toBe(safe.length)
  for (let i = 0; i < count; i++)
    await questions
      .nth(i)
      .getByRole('radio', { name: answers[i] ?? safe[i]!, exact: true })
      .check()
}

test('no word of a private page leaves the device, and all of it stays there', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const stage = await seats.stage()
  const phone = await seats.window()
  const sent = overhear(phone.context())
  // Pages that are there already are not announced again.
  phone.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(payload.toString())))
  await phone.goto(mend.links.join)
  await come(phone, 'Ana')
  await forward(facilitator)

  const marks: string[] = []
  const mark = (what: string) => {
    marks.push(`wordmark${what}`)
    return `wordmark${what}`
  }
  const fill = async (label: string, what: string, more = '') => {
    await field(phone, label).fill(`${mark(what)}${more}`)
  }

  // The map: two people, the first in full.
  await expect(phone.getByText(en.amends_begin)).toBeVisible()
  await phone.getByRole('button', { name: en.amends_add_first }).click()
  await fill(en.amends_who, 'brother')
  await fill(en.amends_what, 'happened', ' in March.')
  await fill(en.amends_part, 'part', '. I took it.')
  await fill(en.amends_did, 'did')
  await fill(en.amends_repair, 'repair')
  await phone.getByText(en.bring_choose, { exact: true }).click()
  await phone.getByRole('checkbox', { name: 'wordmarkpart.' }).check()
  await readable(phone, 'device-map-happened')

  // A reload at once loses nothing.
  await field(phone, en.amends_repair).press('End')
  await field(phone, en.amends_repair).pressSequentially(' lastletter')
  await phone.reload()
  await here(phone)
  await phone.getByRole('button', { name: 'wordmarkbrother' }).click()
  await expect(field(phone, en.amends_repair)).toHaveValue('wordmarkrepair lastletter')

  await phone.getByRole('button', { name: en.amends_to_safety }).click()
  await answer(phone, { 1: en.amends_yes })
  await expect(phone.getByText('Not safe: make no contact')).toBeVisible()
  await look(phone, 'phone', 'device-map-safety')
  await answer(phone, {})
  await expect(phone.getByText(en.amends_talk)).toBeVisible()
  await phone.getByText(en.amends_who_helps, { exact: true }).click()
  await expect(phone.getByText(en.help_counselling, { exact: true })).toBeVisible()
  await phone.getByRole('button', { name: en.amends_to_plan }).click()
  for (const [label, what] of [
    [en.amends_place, 'place'],
    [en.amends_when, 'when'],
    [en.amends_asking, 'asking'],
    [en.amends_words, 'words'],
    [en.amends_theirs.replace('{n}', '1'), 'theirs'],
    [en.amends_mine.replace('{n}', '1'), 'mine'],
    [en.amends_before, 'before'],
    [en.amends_after, 'after'],
    [en.amends_craving, 'craving'],
    [en.amends_instead_living, 'instead'],
  ] as const)
    await fill(label, what, what === 'words' ? '. I am sorry, but you were hard on me.' : '')
  await expect(phone.getByRole('region', { name: en.coach_one })).toBeVisible()
  await look(phone, 'phone', 'device-map-plan')
  await phone.getByRole('button', { name: en.amends_show, exact: true }).click()
  const shown = phone.getByRole('dialog')
  for (const what of marks) await expect(shown.getByText(what).first()).toBeVisible()
  await look(phone, 'phone', 'device-map-show')
  await shown.getByRole('button', { name: en.close, exact: true }).click()

  // The commitments, and their calendar.
  await facilitator.getByRole('button', { name: en.lead_writing_start }).click()
  await expect(phone.getByRole('timer')).toBeVisible()
  await look(facilitator, 'facilitator', 'device-map')
  await look(stage, 'stage', 'device-map')
  await forward(facilitator)
  await expect(phone.getByText('Whoever likes reads one aloud.')).toBeVisible()
  await phone.getByRole('button', { name: en.pledge_add }).click()
  await fill(en.pledge_what, 'pledge')
  await phone.getByLabel(en.pledge_by, { exact: true }).fill('2031-05-05')
  await fill(en.pledge_repairs, 'mends')
  await phone.getByRole('button', { name: en.repay_add }).click()
  await fill(en.repay_to, 'sister')
  await field(phone, en.repay_owed).fill('1000.71')
  await field(phone, en.repay_monthly).fill('300')
  await expect(phone.getByText(/The last one is 100\.71/)).toBeVisible()
  await phone.getByRole('button', { name: en.habit_add }).click()
  await fill(en.habit_what, 'weekly')
  await look(phone, 'phone', 'device-commitments')
  const downloading = phone.waitForEvent('download')
  await phone.getByRole('button', { name: en.calendar_take.replace('{count}', '4') }).click()
  const calendar = readFileSync(await (await downloading).path(), 'utf8')
  expect(calendar).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n/)
  expect(calendar).toContain('SUMMARY:wordmarkpledge\r\n')
  expect(calendar).toContain('DTSTART;VALUE=DATE:20310505\r\n')
  await phone.getByRole('button', { name: en.aloud_this.replace('{text}', 'wordmarkpledge') }).click()
  await phone.getByRole('dialog').getByRole('button', { name: en.hand_raise }).click()
  await expect(facilitator.getByText(en.people_hand).first()).toBeVisible()
  await phone.getByRole('dialog').getByRole('button', { name: en.close, exact: true }).click()

  // In the go-around the one line that was chosen, and no other.
  await forward(facilitator)
  await phone.getByText(en.bring_brought.replace('{count}', '1')).click()
  await expect(phone.getByText('wordmarkpart.', { exact: true })).toBeVisible()
  await readable(phone, 'device-brought')

  // What the recording can hear, it would have heard: a note for support is in it.
  await phone.getByRole('button', { name: en.support_button }).click()
  await phone.getByLabel(en.support_note).fill('a note that is sent')
  await phone.getByRole('button', { name: en.support_ask }).click()
  await expect(facilitator.getByText('a note that is sent')).toBeVisible()
  expect(sent.join('\n')).toContain('a note that is sent')
  for (const page of [facilitator, stage]) expect(await page.content()).not.toContain('wordmark')
  const stores = () =>
    JSON.stringify({ ...localStorage, ...sessionStorage, title: document.title, at: location.href })
  expect(await phone.evaluate(stores)).not.toContain('wordmark')
  expect(mend.words(...marks, '1000.71')).toEqual([])

  // After the session, without a network: all of it is still there, to be read and written on.
  await facilitator.context().close()
  await phone.goto(`${mend.origin}/mine`)
  await expect(phone.getByRole('heading', { name: en.commitments_title })).toBeVisible()
  await phone.waitForFunction(async () => (await (await caches.open('mend')).keys()).length > 8)
  await mend.stop()
  await phone.context().setOffline(true)
  await phone.reload()
  await expect(phone).toHaveTitle('Mend')
  const map = phone.getByRole('listitem').filter({ hasText: en.amends_title })
  await map.getByRole('button', { name: en.mine_read }).click()
  await expect(map.getByText('wordmarkhappened in March.')).toBeVisible()
  await look(phone, 'phone', 'device-mine')
  await phone.evaluate(() => (window.print = () => {}))
  await map.getByRole('button', { name: en.mine_print }).click()
  await phone.emulateMedia({ media: 'print' })
  await expect(phone.locator('#app')).toBeHidden()
  await expect(phone.locator('.mend-printed').getByText('wordmarkhappened in March.')).toBeVisible()
  await phone.emulateMedia({ media: 'screen' })
  await phone.evaluate(() => dispatchEvent(new Event('afterprint')))
  await expect(phone.locator('.mend-printed')).toHaveCount(0)
  await map.getByRole('button', { name: en.mine_write }).click()
  await phone.getByRole('button', { name: 'wordmarkbrother' }).click()
  await phone.getByRole('button', { name: en.amends_part_plan }).click()
  await expect(field(phone, en.amends_words)).toHaveValue(/wordmarkwords/)
  await phone.getByText(en.mine_yours, { exact: true }).click()
  const saving = phone.waitForEvent('download')
  await phone.getByRole('button', { name: en.mine_download, exact: true }).click()
  const text = readFileSync(await (await saving).path(), 'utf8')
  for (const what of ['wordmarkbrother', 'wordmarkwords', 'wordmarkcraving', 'wordmarkinstead'])
    expect(text).toContain(what)
  await readable(phone, 'device-mine-write')

  // What was never begun in a session begins here, without a network; and all of it goes into a file.
  await phone.getByRole('button', { name: en.mine_back }).click()
  await phone.getByText(en.family_family, { exact: true }).click()
  await phone.getByRole('button', { name: asks.sheets.boundaries.title.en }).click()
  await phone.getByRole('button', { name: en.amends_add_first }).click()
  await field(phone, asks.sheets.boundaries.fields[1]!.ask.en).fill(mark('boundary'))
  await look(phone, 'phone', 'device-boundary')
  await phone.getByRole('button', { name: en.mine_back }).click()
  await phone.getByText(en.family_recovery, { exact: true }).click()
  await phone.getByRole('button', { name: en.letter_title }).click()
  await expect(phone.getByText(asks.recovery.letter.prompts[0]!.en)).toBeVisible()
  await field(phone, en.letter_words).fill(mark('letter'))
  await phone.getByRole('button', { name: en.mine_back }).click()
  await expect(phone.getByRole('heading', { name: en.letter_title })).toBeVisible()
  await phone.getByText(en.moving_title, { exact: true }).click()
  await look(phone, 'phone', 'device-mine-begin')
  const file = async (button: string) => {
    const saving = phone.waitForEvent('download')
    await phone.getByRole('button', { name: button }).click()
    return (await saving).path()
  }
  expect(readFileSync(await file(en.moving_page), 'utf8')).toContain('<p>wordmarkletter</p>')
  expect(readFileSync(await file(en.moving_text), 'utf8')).toContain('wordmarkpledge')
  const moving = await file(en.moving_device)
  await phone
    .getByRole('listitem')
    .filter({ hasText: en.amends_title })
    .getByRole('button', { name: en.mine_write })
    .click()
  await phone.getByRole('button', { name: 'wordmarkbrother' }).click()
  await phone.getByText(en.mine_yours, { exact: true }).click()

  // Erased is erased.
  expect(await kept(phone)).toContain('wordmarkbrother')
  await phone.getByRole('button', { name: en.mine_erase, exact: true }).click()
  await phone.getByRole('button', { name: en.mine_erase_sure }).click()
  await expect(phone.getByText(en.mine_erased_one)).toBeVisible()
  expect(await kept(phone)).not.toContain('wordmarkbrother')
  expect(await kept(phone)).toContain('wordmarkpledge')
  await phone.getByText(en.mine_more, { exact: true }).click()
  await phone.getByRole('button', { name: en.mine_erase_all }).click()
  await phone.getByRole('button', { name: en.mine_erase_sure }).click()
  await expect(phone.getByText(en.mine_erased_all)).toBeVisible()
  expect(await phone.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([])

  // And comes in again, as on another device.
  await phone.getByRole('button', { name: en.mine_begin_anew }).click()
  await phone.getByText(en.moving_title, { exact: true }).click()
  await phone
    .getByLabel(en.moving_take)
    .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{"format":"<b>"}') })
  await expect(phone.getByText(en.moving_wrong)).toBeVisible()
  await phone.getByLabel(en.moving_take).setInputFiles(moving)
  await expect(phone.getByText(en.moving_taken.replace('{count}', '5'))).toBeVisible()
  await phone.reload()
  const letter = phone.getByRole('listitem').filter({ hasText: en.letter_title })
  await letter.getByRole('button', { name: en.mine_write }).click()
  await expect(field(phone, en.letter_words)).toHaveValue('wordmarkletter')

  expect(sent.filter((text) => /wordmark|1000\.71|lastletter/.test(text))).toEqual([])
})

test('two people share a phone: each opens their own pages, and only those', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const ana = await seats.participant('Ana')
  await forward(facilitator)
  await ana.getByRole('button', { name: en.amends_add_first }).click()
  await field(ana, en.amends_who).fill('anaword')
  await ana.getByText(en.mine_yours, { exact: true }).click()
  await expect.poll(() => kept(ana)).toContain('anaword')
  const second = await ana.context().newPage()
  await second.goto(mend.links.join)
  await expect(second.getByRole('button', { name: 'anaword' })).toBeVisible()
  await ana.getByRole('button', { name: en.mine_pin_set }).click()
  await field(ana, en.mine_label).fill('Heron')
  await field(ana, en.mine_pin_new).fill('471')
  await ana.getByRole('button', { name: en.mine_pin_put }).click()
  await expect(ana.getByText(en.mine_pin_short.replace('{count}', '4'))).toBeVisible()
  await field(ana, en.mine_pin_new).fill('4711')
  await readable(ana, 'device-pin')
  await ana.getByRole('button', { name: en.mine_pin_put }).click()
  await expect(ana.getByText(en.mine_kept_pin)).toBeVisible()
  await expect(field(second, en.mine_pin)).toBeVisible()
  expect(await second.content()).not.toContain('anaword')
  await second.close()
  expect(await kept(ana)).not.toContain('anaword')

  // The other one, in a seat of their own on the same phone.
  const ben = await ana.context().newPage()
  await ben.goto(`${mend.links.join}?seat=new`)
  await come(ben, 'Ben')
  await expect(ben.getByText(en.mine_whose)).toBeVisible()
  await look(ben, 'phone', 'device-whose')
  await ben.getByRole('button', { name: /Heron/ }).click()
  await field(ben, en.mine_pin).fill('0000')
  await ben.getByRole('button', { name: en.mine_open, exact: true }).click()
  await expect(ben.getByText(en.mine_pin_wrong)).toBeVisible()
  await ben.getByRole('button', { name: en.mine_other_person }).click()
  await ben.getByRole('button', { name: en.mine_none_mine }).click()
  await field(ben, en.mine_label).fill('Finch')
  await field(ben, en.mine_pin_optional).fill('2222')
  await ben.getByRole('button', { name: en.mine_start }).click()
  await ben.getByRole('button', { name: en.amends_add_first }).click()
  await field(ben, en.amends_who).fill('benword')
  expect(await ben.content()).not.toContain('anaword')

  // What Ana typed last is there after her PIN, and nothing of Ben's.
  await field(ana, en.amends_what).fill('later')
  await expect(ana.getByText(en.mine_kept_pin)).toBeVisible()
  await ana.reload()
  await here(ana)
  await field(ana, en.mine_pin).fill('4711')
  await ana.getByRole('button', { name: en.mine_open, exact: true }).click()
  await ana.getByRole('button', { name: 'anaword' }).click()
  await expect(field(ana, en.amends_what)).toHaveValue('later')
  expect(await ana.content()).not.toContain('benword')
  expect(await kept(ana)).not.toMatch(/anaword|benword/)

  // The phone handed over in the same seat closes what was open; each PIN opens its own.
  await ana.getByText(en.mine_yours, { exact: true }).click()
  await ana.getByRole('button', { name: en.mine_hand_over }).click()
  await expect(ana.getByText(en.mine_whose)).toBeVisible()
  expect(await ana.content()).not.toContain('anaword')
  await ana.getByRole('button', { name: /Finch/ }).click()
  await field(ana, en.mine_pin).fill('2222')
  await ana.getByRole('button', { name: en.mine_open, exact: true }).click()
  await expect(ana.getByRole('button', { name: 'benword' })).toBeVisible()
})

test('storage that is refused or full is told, with what to do; the words stay on the screen', async ({
  mend,
  seats,
}) => {
  const facilitator = await seats.facilitator()
  await forward(facilitator)
  const write = async (page: Page, who: string) => {
    await page.getByRole('button', { name: en.amends_add_first }).click()
    await field(page, en.amends_who).fill(who)
  }
  const download = async (page: Page) => {
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: en.mine_download_now }).click()
    return readFileSync(await (await downloading).path(), 'utf8')
  }

  // None at all, as some private windows have it; one that throws when it is opened.
  const refusals = [
    () => Object.defineProperty(window, 'indexedDB', { value: undefined }),
    () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('no', 'SecurityError')
      }
    },
  ]
  for (const [i, refuse] of refusals.entries()) {
    const page = await seats.window()
    await page.addInitScript(refuse)
    await page.goto(mend.links.join)
    await come(page, `Wren ${i}`)
    await expect(page.getByText(en.mine_refused, { exact: true })).toBeVisible()
    await write(page, 'refusedword')
    expect(await download(page)).toContain('refusedword')
    if (i === 0) await look(page, 'phone', 'device-refused')
  }

  // A device without room: real, by the browser's own quota. With room again it is kept.
  const full = await seats.participant('Owl')
  const origin = new URL(full.url()).origin
  const line = await full.context().newCDPSession(full)
  await line.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
  await write(full, `fullword ${'x'.repeat(50)}`)
  await expect(full.getByText(en.mine_full, { exact: true })).toBeVisible()
  await expect(field(full, en.amends_who)).toHaveValue(/fullword/)
  await look(full, 'phone', 'device-full')
  expect(await download(full)).toContain('fullword')
  await line.send('Storage.overrideQuotaForOrigin', { origin })
  await field(full, en.amends_who).fill('fullword again')
  await expect(full.getByText(en.mine_kept, { exact: true })).toBeVisible()
  await expect.poll(() => kept(full)).toContain('fullword again')

  // Without encryption a PIN only hides, and the screen says so.
  const plain = await seats.window()
  await plain.addInitScript(() => Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined }))
  await plain.goto(mend.links.join)
  await come(plain, 'Jay')
  await plain.getByText(en.mine_yours, { exact: true }).click()
  await plain.getByRole('button', { name: en.mine_pin_set }).click()
  await expect(plain.getByText(en.mine_pin_hides)).toBeVisible()
})

test('the private pages read right in Spanish', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  await forward(facilitator)
  const phone = await seats.window({ locale: 'es-ES' })
  await phone.goto(mend.links.join)
  await come(phone, 'Ana', es)
  await phone.getByRole('button', { name: es.amends_add_first }).click()
  await field(phone, es.amends_who).fill('hermano')
  await look(phone, 'phone', 'device-map-es')
  await phone.getByRole('button', { name: es.amends_to_safety }).click()
  for (const group of await phone.locator('fieldset').all())
    await group.getByRole('radio', { name: es.amends_unsure }).check()
  await expect(phone.getByText('Esperar', { exact: true })).toBeVisible()
  await look(phone, 'phone', 'device-safety-es')
  await forward(facilitator)
  await phone.getByRole('button', { name: es.repay_add }).click()
  await phone.getByRole('button', { name: es.habit_add }).click()
  await look(phone, 'phone', 'device-commitments-es')
  await phone.goto(`${mend.origin}/mine`)
  await expect(phone.getByRole('heading', { name: es.amends_title })).toBeVisible()
  await readable(phone, 'device-mine-es')
})
