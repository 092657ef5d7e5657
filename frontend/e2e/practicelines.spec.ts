// Two lines that move on, and totals that a trainee hands in: one page among people without one.

import { test as base, expect, type Page } from '@playwright/test'
import { Client, join, lead } from './api'
import { look } from './look'
import { Mend } from './mend'
import { en, Seats } from './seats'
import type { Own, PracticeFacilitators, PracticeOwn, RoomView } from '../src/wire.gen'

const test = base.extend<{ mend: Mend; seats: Seats }>({
  mend: async ({}, use) => {
    const mend = await Mend.start({ flags: ['--programme', 'peer-specialists-2'] })
    await use(mend)
    await mend.clear()
  },
  seats: async ({ browser, mend }, use) => {
    const seats = new Seats(browser, mend.links)
    await use(seats)
    await seats.close()
    expect(seats.offences).toEqual([])
  },
})

interface Person {
  id: string
  client: Client
}

/** The person of a page, to do by hand what is not looked at. */
async function behind(page: Page, origin: string): Promise<Person> {
  const seat = await page.evaluate(() => {
    const kept = Object.entries({ ...localStorage }).find(([key]) => key.startsWith('seat:'))
    return JSON.parse(String(kept![1])) as { token: string; person: string }
  })
  return { id: seat.person, client: new Client(origin, seat.token) }
}

async function own({ id, client }: Person): Promise<PracticeOwn> {
  return ((await client.read(`person/${id}`)) as unknown as Own).exercise as PracticeOwn
}

/** What everybody in a room does in its present phase; answers the phase. */
async function phase(people: Person[], room: string): Promise<string> {
  const first = people[0]!
  const view = (await first.client.read(`room/${room}`)) as unknown as RoomView
  for (const { id, client } of people) {
    const me = view.members[id]!
    if (view.phase === 'consent' && me.role === 'speaker')
      await client.do('practice.terms', {
        room,
        scenario: 'the-empty-seat',
        stance: 'guarded',
        difficulty: 2,
      })
    if (view.phase === 'rehearse' && me.role === 'observer')
      await client.do('practice.mark', { room, behaviour: 'repair', heard: 'one call a week' })
    if (me.inRole) await client.do('practice.out')
  }
  for (const { client } of people)
    await client.do('practice.ready', { room, phase: view.phase, turn: view.turn })
  return view.phase
}

test('two lines move on, and totals are handed in', async ({ mend, seats }) => {
  const { origin } = mend
  const leader = new Client(origin, (await lead(mend.links)).token)
  const order = async (name: string, body: unknown = {}) =>
    expect(await leader.do(name, body), name).toHaveProperty('ok')
  const facilitator = await seats.facilitator()
  const phone = await seats.participant('Ana')
  const ana = await behind(phone, origin)
  const people = [ana]
  for (const alias of ['Ben', 'Cho', 'Dee']) {
    const { token, person } = await join(mend.links, alias)
    people.push({ id: person, client: new Client(origin, token) })
    await people.at(-1)!.client.line()
  }
  const roomOf = async (person: Person) => (await own(person)).room!
  const inside = async (room: string) => {
    const glances = ((await leader.read('facilitators')).exercise as PracticeFacilitators).rooms
    return people.filter(({ id }) => id in glances[room]!.members)
  }

  await test.step('who is ready first waits until the line moves', async () => {
    await order('agenda.open', { step: 'lines' })
    await order('practice.form')
    await order('practice.open')
    const mine = await roomOf(ana)
    const faced = await inside(mine)
    while ((await phase(faced, mine)) !== 'out');
    await expect(phone.getByText(en.practice_between_more)).toBeVisible()
    await look(phone, 'phone', 'practice-between-lines')
    const others = people.filter((one) => !faced.includes(one))
    const theirs = await roomOf(others[0]!)
    while ((await phase(others, theirs)) !== 'out');
    await expect(phone.getByText(en.practice_phase_consent)).toBeVisible()
    const now = await inside(await roomOf(ana))
    expect(now.map(({ id }) => id).sort()).not.toEqual(faced.map(({ id }) => id).sort())
    await look(facilitator, 'facilitator', 'practice-lines')
  })

  await test.step('totals, handed in by name and taken back', async () => {
    await order('agenda.open', { step: 'threes' })
    await order('practice.form')
    await order('practice.open')
    const room = await roomOf(ana)
    while ((await phase(people, room)) !== 'done');
    await expect(phone.getByText(en.practice_done, { exact: true })).toBeVisible()
    await look(phone, 'phone', 'practice-done')
    await order('practice.back', { minutes: 1 })
    await expect(facilitator.getByText(en.lead_practice_totals_none)).toBeVisible()
    await phone.getByRole('button', { name: en.practice_handin, exact: true }).click()
    await expect(phone.getByRole('button', { name: en.practice_handin_back })).toBeVisible()
    await look(phone, 'phone', 'practice-handed-in')
    await expect(facilitator.getByText(en.lead_practice_planning)).toBeVisible()
    await look(facilitator, 'facilitator', 'practice-totals')
    expect(JSON.stringify(await leader.read('facilitators'))).not.toContain('one call a week')
    await phone.getByRole('button', { name: en.practice_handin_back }).click()
    await expect(facilitator.getByText(en.lead_practice_totals_none)).toBeVisible()
  })
  for (const { client } of [...people, { client: leader }]) client.close()
})
