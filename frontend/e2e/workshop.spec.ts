// A whole workshop as the people in the room meet it, from the code on the wall to the last word.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { agenda } from './api'
import { test, expect } from './test'
import { en, forward, here } from './seats'

const aliases = ['Quillfeather', 'Brambleton', 'Osprey', 'Willowmere']
const word = 'marzipanity'
const note = 'windowseatish'
const share = 'pomegranatelike'

interface Room {
  facilitator: Page
  stage: Page
  phones: Page[]
}

test('a facilitator, four people and the stage, from code to closing', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const stage = await seats.stage()
  const phones: Page[] = []
  for (const alias of aliases) phones.push(await seats.participant(alias))
  const room = { facilitator, stage, phones }
  for (const alias of aliases)
    await expect(facilitator.getByText(alias, { exact: true }).first()).toBeVisible()

  const done = new Set<string>()
  for (const { kind, title } of await agenda(mend.links)) {
    expect(await forward(facilitator)).toBe(title)
    for (const phone of phones) await expect(phone.getByRole('heading', { level: 1 })).toHaveText(title)
    await steps[kind]!(room, done.has(kind))
    done.add(kind)
    await nameless(stage)
  }
  expect([...done].sort()).toEqual(Object.keys(steps).sort())
  await closed(room)
  const stranger = await seats.window()
  await stranger.goto(mend.links.join)
  await expect(stranger.getByText(en.join_over, { exact: true })).toBeVisible()
  await expect.poll(() => mend.words(...aliases, word, note, share)).toEqual([])
  expect(mend.child.log.join('\n')).not.toMatch(new RegExp([...aliases, word, note, share].join('|')))
  expect((await fetch(`${mend.origin}/readyz`)).status).toBe(200)
  await mend.stop()
  expect(mend.words(...aliases, word, note, share)).toEqual([])
  for (const folder of [mend.data, mend.scratch]) {
    const planted = join(folder, 'spill')
    writeFileSync(planted, `… ${note} …`)
    expect(mend.words(...aliases, word, note, share), 'what lies there is found').toEqual([note])
    rmSync(planted)
  }
})

const steps: Record<string, (room: Room, again: boolean) => Promise<void>> = {
  welcome: async ({ phones }) => {
    for (const phone of phones) await phone.getByRole('button', { name: en.welcome_in, exact: true }).click()
    for (const phone of phones)
      await expect(phone.getByText(en.welcome_you_are_in, { exact: true })).toBeVisible()
  },

  checkin: async ({ facilitator, stage, phones }, again) => {
    for (const [i, phone] of phones.entries()) {
      await nowhere([facilitator, stage, ...phones], again ? en.spread_after : en.spread_group)
      await phone.getByRole('radio').nth(i).check()
      if (i === 0 && !again) await phone.getByRole('textbox').fill(word)
      await phone
        .getByRole('button', { name: again ? en.checkout_send : en.checkin_send, exact: true })
        .click()
      await expect(phone.getByText(en.checkin_yours)).toBeVisible()
    }
    for (const page of [stage, ...phones]) {
      await expect(page.getByText(again ? en.spread_after : en.spread_group).first()).toBeVisible()
      if (again) await expect(page.getByText(en.spread_before).first()).toBeVisible()
    }
    for (const page of [facilitator, stage, ...phones.slice(1)])
      await expect(page.getByText(word)).toHaveCount(0)
  },

  reading: async ({ facilitator, stage, phones }) => {
    const [first, second] = phones as [Page, Page]
    await first
      .getByRole('button', { name: en.reading_take_number.replace('{number}', '1'), exact: true })
      .click()
    await second
      .getByRole('button', { name: en.reading_take_number.replace('{number}', '2'), exact: true })
      .click()
    await expect(second.getByText(en.reading_yours)).toBeVisible()
    await facilitator.getByRole('button', { name: en.lead_reading_begin }).click()
    await expect(first.getByText(en.reading_you, { exact: true }).first()).toBeVisible()
    await nameless(stage)
    await first.getByRole('button', { name: en.reading_read }).click()
    await expect(second.getByText(en.reading_you, { exact: true }).first()).toBeVisible()
    await second.getByRole('button', { name: en.reading_read }).click()
    const on = facilitator.getByRole('button', { name: en.lead_reading_next })
    const next = on.or(facilitator.getByRole('button', { name: en.lead_reading_end })).first()
    while (!(await first.getByText(en.reading_done).first().isVisible())) {
      await next.click({ timeout: 1_000 }).catch(() => {}) // gone: that was the last
    }
    for (const phone of phones) await expect(phone.getByText(en.reading_done)).toBeVisible()
  },

  goaround: async ({ facilitator, stage, phones }) => {
    await facilitator.getByRole('button', { name: en.lead_round_start }).click()
    const over = facilitator.getByText(en.lead_round_over)
    const put = new Set<Page>()
    for (;;) {
      const speaker = await speaking([facilitator, ...phones])
      if (!speaker) break
      await nameless(stage)
      const tap = (name: string) => speaker.getByRole('button', { name }).click()
      if (speaker === facilitator) await tap(en.lead_round_done)
      else if (speaker === phones[0] && !put.has(speaker)) {
        put.add(speaker)
        await tap(en.goaround_later)
        await expect(speaker.getByText(en.goaround_later_noted)).toBeVisible()
      } else if (speaker === phones[1]) {
        await tap(en.goaround_pass)
        await expect(
          speaker.getByText(en.goaround_passed).or(speaker.getByText(en.goaround_over)),
        ).toBeVisible()
      } else await tap(en.goaround_done)
      await expect(yours(speaker)).toBeHidden()
    }
    await expect(over).toBeVisible()
    expect(put.size).toBe(1)
  },

  bowl: async ({ facilitator, stage, phones }) => {
    await facilitator.getByRole('button', { name: en.bowl_lead_open }).click()
    await facilitator.getByRole('button', { name: en.bowl_lead_anyway }).click() // four are few, and it says so
    for (const phone of phones) await expect(phone.getByText(en.bowl_small_more)).toBeVisible()
    const [first] = phones as [Page]
    await first.getByLabel(en.bowl_write).fill(share)
    await first.getByRole('button', { name: en.bowl_put }).click()
    await expect(first.getByText(en.bowl_in, { exact: true })).toBeVisible()
    await facilitator.getByRole('button', { name: en.bowl_lead_close, exact: true }).click()
    await facilitator.getByRole('button', { name: en.bowl_lead_close_sure }).click()
    await expect(facilitator.getByText(share)).toBeVisible({ timeout: 45_000 })
    await facilitator.getByRole('button', { name: en.bowl_lead_to_open }).click()
    await facilitator.getByRole('button', { name: en.bowl_lead_first }).click()
    for (const page of [stage, ...phones]) await expect(page.getByText(share).first()).toBeVisible()
  },

  quiet: async ({ facilitator, phones }) => {
    await facilitator.getByRole('button', { name: en.lead_quiet_start }).click()
    for (const phone of phones) await expect(phone.getByText(en.quiet_now)).toBeVisible()
    await facilitator.getByRole('button', { name: en.lead_quiet_stop }).click()
  },

  closing: async ({ facilitator, phones }) => {
    await phones[2]!.getByRole('button', { name: en.support_button }).click()
    await phones[2]!.getByLabel(en.support_note).fill(note)
    await phones[2]!.getByRole('button', { name: en.support_ask }).click()
    await expect(facilitator.getByText(note)).toBeVisible()
    await phones[2]!.getByRole('button', { name: en.close, exact: true }).click()
    await facilitator.getByRole('main').getByRole('button', { name: en.lead_close, exact: true }).click()
    const sheet = facilitator.getByRole('dialog')
    await sheet.getByRole('button', { name: en.lead_close, exact: true }).click()
    await sheet.getByRole('button', { name: en.lead_close_sure, exact: true }).click()
  },
}

const yours = (page: Page) => page.getByText(en.goaround_you).last()

/** Whose turn it is, by their own screen; nobody's when the round is over. */
async function speaking([facilitator, ...phones]: [Page, ...Page[]]): Promise<Page | undefined> {
  // Who was asked last, as chance may have it, and puts it off keeps the round waiting for a hand.
  const on = facilitator.getByRole('button', { name: en.lead_round_on, exact: true })
  for (;;) {
    for (const page of [facilitator, ...phones]) if (await yours(page).isVisible()) return page
    if (await facilitator.getByText(en.lead_round_over).isVisible()) return undefined
    if (await on.isVisible()) await on.click()
  }
}

/** The wall shows nobody's name. */
async function nameless(stage: Page) {
  const text = await stage.locator('body').innerText()
  for (const alias of [...aliases, word]) expect(text).not.toContain(alias)
}

async function nowhere(pages: Page[], text: string) {
  for (const page of pages) await expect(page.getByText(text)).toHaveCount(0)
}

/** All is over: each may take what is theirs, the door says so, and no page knows what was said by others. */
async function closed({ facilitator, stage, phones }: Room) {
  await expect(facilitator.getByText(en.lead_over)).toBeVisible()
  await expect(stage.getByText(en.stage_over)).toBeVisible()
  for (const phone of phones) await expect(phone.getByText(en.ended_over, { exact: true })).toBeVisible()
  const [first] = phones as [Page]
  const downloading = first.waitForEvent('download')
  await first.getByRole('button', { name: en.keep_button }).click()
  const text = readFileSync(await (await downloading).path(), 'utf8')
  expect(text).toContain(word)
  expect(text).not.toContain(share) // the group did not agree to keep it
  for (const alias of aliases.slice(1)) expect(text).not.toContain(alias)
  await first.reload()
  await expect(first.getByRole('button', { name: en.keep_button })).toBeVisible()
}

test('who comes while it runs finds the present step', async ({ seats }) => {
  const facilitator = await seats.facilitator()
  const title = await forward(facilitator)
  const late = await seats.participant('Latecomer')
  await here(late)
  await expect(late.getByRole('heading', { level: 1 })).toHaveText(title)
})
