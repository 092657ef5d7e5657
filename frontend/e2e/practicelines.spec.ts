// What takes a group more than one room to see: a class with one whose last minute comes while another goes through a turn,
// what each keeps to themselves, totals handed in, and two lines of which one moves on.

import { test as base, expect, type Page } from '@playwright/test'
import { join } from 'node:path'
import { Client, join as enter, lead } from './api'
import { look } from './look'
import { Mend } from './mend'
import { come, en, forward, Seats, way } from './seats'
import type { PracticeFacilitators } from '../src/wire.gen'

const file = join(import.meta.dirname, 'programmes', 'rooms.yaml')

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

const [ana, ben, cleo, dan, eva] = ['Quillfeather', 'Brambleton', 'Osprey', 'Willowmere', 'Tamarind']

const tap = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const phase = (page: Page, name: string) =>
  expect(page.getByRole('heading', { level: 2, name, exact: true })).toBeVisible()

/** Who leads, and who takes part without a screen. */
class Group {
  clients = new Map<string, Client>()

  constructor(readonly leader: Client) {}

  async order(name: string, body: unknown = {}, who = this.leader) {
    expect(await who.do(name, body), `${name} ${JSON.stringify(body)}`).toHaveProperty('ok')
  }

  /** The ids of everybody by their names. */
  async ids(): Promise<Map<string, string>> {
    const { people } = (await this.leader.read('everyone')) as { people: Record<string, { alias: string }> }
    return new Map(Object.entries(people).map(([id, { alias }]) => [alias, id]))
  }

  async rooms() {
    return ((await this.leader.read('facilitators')).exercise as PracticeFacilitators).rooms
  }

  /** The room somebody is in. */
  async where(alias: string): Promise<string> {
    const id = (await this.ids()).get(alias)!
    return Object.entries(await this.rooms()).find(([, { members }]) => id in members)![0]
  }

  /** Opens rooms with these people, who take their roles in this order. */
  async open(...groups: string[][]) {
    await this.order('practice.form')
    const ids = await this.ids()
    for (const [first, ...others] of groups) {
      await this.order('practice.move', { person: ids.get(first!), new: true })
      const room = await this.where(first!)
      for (const alias of others) await this.order('practice.move', { person: ids.get(alias), room })
    }
    await this.order('practice.open')
  }

  async ready(alias: string, phase: string, turn = 1) {
    const room = await this.where(alias)
    await this.order('practice.ready', { room, phase, turn }, this.clients.get(alias))
  }
}

test('a class with one room in its last minute, and two lines', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const stage = await seats.stage()
  const group = new Group(new Client(mend.origin, (await lead(mend.links)).token))
  const [a, b] = [await seats.window(), await seats.window()]
  const sent: string[] = []
  a.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(payload.toString())))
  a.context().on('request', (request) => {
    sent.push(decodeURIComponent(request.url()), request.postDataBuffer()?.toString() ?? '')
  })
  for (const [phone, alias] of [
    [a, ana],
    [b, ben],
  ] as const) {
    await phone.goto(mend.links.join)
    await come(phone, alias)
  }
  for (const alias of [cleo, dan, eva]) {
    const client = new Client(mend.origin, (await enter(mend.links, alias)).token)
    await client.line()
    group.clients.set(alias, client)
  }
  const client = (alias: string) => group.clients.get(alias)!

  await test.step('a letter, for oneself', async () => {
    await forward(facilitator)
    await a.getByRole('textbox', { name: en.letter_words }).fill('wordmarkletter. I left you at the station.')
    await a.getByRole('button', { name: en.letter_keep }).click()
    await expect(a.getByText(en.letter_kept)).toBeVisible()
  })

  await test.step('it is announced that totals can be handed in, and said privately with whom not', async () => {
    await group.order('agenda.open', { step: 'class' })
    await expect(a.getByText(en.practice_handin_before)).toBeVisible()
    await a.getByText(en.practice_not_with, { exact: true }).click()
    await a.getByRole('checkbox', { name: dan }).check()
    await expect(a.getByText(`${en.practice_not_with} · 1`)).toBeVisible()
    await look(a, 'phone', 'practice-class-wishing')
    const ids = await group.ids()
    const others = [group.leader.read('facilitators'), group.leader.read('everyone')]
    for (const [alias, one] of group.clients) others.push(one.read(`person/${ids.get(alias)}`))
    expect(JSON.stringify(await Promise.all(others))).not.toContain('notWith')
    for (let i = 0; i < 8; i++) {
      await group.order('practice.form')
      const { members } = (await group.rooms())[await group.where(ana)]!
      expect(Object.keys(members)).not.toContain(ids.get(dan))
    }
  })

  await test.step('one room rehearses, and nobody there looks at the clock', async () => {
    await group.open([ben, dan], [ana, cleo, eva])
    await b.getByLabel(en.practice_scenario).selectOption('money-from-a-parent')
    await tap(b, en.practice_agree)
    await group.ready(dan, 'consent')
    await phase(b, en.practice_phase_prepare)
    await tap(b, en.practice_ready)
    await group.ready(dan, 'prepare')
    await phase(b, en.practice_phase_rehearse)
  })

  await test.step('the other: a situation, a draft and a letter that stay on the device, also after a reload', async () => {
    await a.getByLabel(en.practice_scenario).selectOption('own')
    await a.getByLabel(en.practice_own, { exact: true }).fill('wordmarkown. The bicycle of my brother.')
    await tap(a, en.practice_agree)
    for (const alias of [cleo, eva]) await group.ready(alias, 'consent')
    await phase(a, en.practice_phase_prepare)
    await a.getByLabel(en.practice_draft).fill('wordmarkdraft. I sold it in May.')
    await tap(a, en.practice_ready)
    for (const alias of [cleo, eva]) await group.ready(alias, 'prepare')
    await phase(a, en.practice_phase_rehearse)
    await a.reload()
    await phase(a, en.practice_phase_rehearse)
    await expect(a.getByText('wordmarkdraft')).toBeVisible()
    await expect(a.getByText('wordmarkown')).toBeVisible()
    await look(a, 'phone', 'practice-class-own')
    await tap(a, en.letter_read)
    await expect(a.getByRole('dialog').getByText('wordmarkletter')).toBeVisible()
    await look(a, 'phone', 'practice-class-letter')
    await tap(a, en.close)

    expect(sent.join()).toContain('practice.ready')
    expect(sent.filter((text) => text.includes('wordmark'))).toEqual([])
    expect(mend.words('wordmark')).toEqual([])
    const room = await group.where(ana)
    for (const alias of [cleo, eva])
      expect(JSON.stringify(await client(alias).read(`room/${room}`))).not.toContain('wordmark')
  })

  await test.step('a turn to its end, with what the observer saw', async () => {
    const room = await group.where(ana)
    await group.order('practice.mark', { room, behaviour: 'specific', heard: 'sold it in May' }, client(eva))
    for (const [name, title] of [
      ['rehearse', en.practice_phase_rehearse],
      ['speaker', en.practice_phase_speaker],
      ['listener', en.practice_phase_listener],
      ['observer', en.practice_phase_observer],
      ['again', en.practice_phase_again],
    ] as const) {
      await phase(a, title)
      if (name === 'observer') await expect(a.getByText('sold it in May')).toBeVisible()
      await tap(a, en.practice_ready)
      for (const alias of [cleo, eva]) await group.ready(alias, name)
    }
    await tap(a, en.practice_out_tap)
    for (const alias of [cleo, eva]) await group.order('practice.out', {}, client(alias))
    await phase(a, en.practice_phase_consent)
  })

  await test.step('nobody is cut off in mid-sentence: there is a last minute', async () => {
    await expect(b.locator('strong', { hasText: en.practice_last })).toBeVisible({ timeout: 150_000 })
    await phase(b, en.practice_phase_rehearse)
    await expect(facilitator.getByText(en.lead_practice_last)).toBeVisible()
    await look(b, 'phone', 'practice-class-last')
    await look(facilitator, 'facilitator', 'practice-class-last')
    await tap(b, en.practice_ready)
    await group.ready(dan, 'rehearse')
    await phase(b, en.practice_phase_speaker)
    await expect(b.locator('strong', { hasText: en.practice_last })).toHaveCount(0)
  })

  await test.step('totals go to the trainer from whoever hands them in, and come back', async () => {
    for (const [phone, ...others] of [
      [a, cleo, eva],
      [b, dan],
    ] as const) {
      const room = await group.where(others[0])
      await phone.getByRole('button', { name: en.practice_stop }).click()
      await tap(phone, en.practice_choose_end)
      for (const alias of others) await group.order('practice.choose', { room, choice: 'end' }, client(alias))
    }
    await tap(b, en.practice_out_tap)
    await group.order('practice.out', {}, client(dan))
    await tap(facilitator, en.lead_practice_debrief)
    await expect(a.getByText(en.practice_handin_more.replace('{count}', '1'))).toBeVisible()
    await expect(b.getByRole('button', { name: en.practice_handin })).toHaveCount(0)
    await expect(facilitator.getByText(en.lead_practice_totals_none)).toBeVisible()
    await tap(a, en.practice_handin)
    const totals = facilitator.getByRole('heading', { level: 3, name: ana })
    await expect(totals).toBeVisible()
    await expect(facilitator.getByText(en.lead_practice_growth)).toBeVisible()
    await look(a, 'phone', 'practice-class-totals')
    await look(facilitator, 'facilitator', 'practice-class-totals')
    await look(stage, 'stage', 'practice-class-totals')
    for (const page of [stage, b]) expect(await page.content()).not.toContain(en.lead_practice_growth)
    await tap(a, en.practice_handin_back)
    await expect(totals).toHaveCount(0)
  })

  /** One short round of the lines, for a phone that speaks. */
  async function speak(phone: Page, partner: string, turn: number) {
    await phone.getByLabel(en.practice_scenario).selectOption('own')
    await tap(phone, en.practice_agree)
    await group.ready(partner, 'consent', turn)
    for (const [name, title] of [
      ['rehearse', en.practice_phase_rehearse],
      ['speaker', en.practice_phase_speaker],
      ['listener', en.practice_phase_listener],
    ] as const) {
      await phase(phone, title)
      await tap(phone, en.practice_ready)
      await group.ready(partner, name, turn)
    }
    await tap(phone, en.practice_out_tap)
    await group.order('practice.out', {}, client(partner))
  }

  const faces = (phone: Page) => phone.getByRole('list', { name: en.practice_members })
  const round = (n: number) =>
    expect(
      facilitator.getByText(en.lead_practice_round.replace('{round}', `${n}`).replace('{rounds}', '4')),
    ).toBeVisible()

  await test.step('two lines: who is done waits, then the row moves one seat on', async () => {
    await group.order('agenda.open', { step: 'lines' })
    await group.order('practice.wish', { part: 'rest' }, client(eva))
    await a.getByText(`${en.practice_not_with} · 1`).click() // it is remembered, and can be taken back
    await a.getByRole('checkbox', { name: dan }).uncheck()
    await expect(a.getByText(en.practice_not_with, { exact: true })).toBeVisible()
    await group.open([ana, cleo], [ben, dan])
    await round(1)
    await expect(faces(a)).toContainText(cleo)
    await speak(a, cleo, 1)
    await phase(a, en.practice_between)
    await look(a, 'phone', 'practice-lines-between')
    await look(stage, 'stage', 'practice-lines-between')
    await look(facilitator, 'facilitator', 'practice-lines-between')
    await speak(b, dan, 1)
    await round(2)
    await expect(faces(a)).toContainText(dan)
    await expect(faces(b)).toContainText(cleo)
  })

  await test.step('half-way the sides change; going on asks first, as it would cut everybody off', async () => {
    await speak(a, dan, 2)
    await speak(b, cleo, 2)
    await round(3)
    for (const phone of [a, b])
      await expect(phone.getByText(en.practice_me_listener, { exact: true })).toBeVisible()
    await way(facilitator).getByRole('button', { name: en.back, exact: true }).click()
    await expect(facilitator.getByText(en.lead_rooms_open)).toBeVisible()
    await look(facilitator, 'facilitator', 'practice-lines-cut')
    await tap(facilitator, en.lead_rooms_open_not)
    await round(3)
    await expect(a.getByText(en.practice_me_listener, { exact: true })).toBeVisible()
  })

  expect(mend.words('wordmark')).toEqual([])
  for (const one of [...group.clients.values(), group.leader]) one.close()
})
