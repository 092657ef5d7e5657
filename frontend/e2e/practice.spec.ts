// Practice rooms over two nodes: seven people, a facilitator and the wall, with somebody who leaves, somebody who
// comes late, a stop, more time, a call for help, everybody in every role, and a node that dies in the middle.

import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { Balancer } from './balancer'
import { Client, join, lead, via } from './api'
import { look } from './look'
import { Mend, type Links } from './mend'
import { Nats } from './nats'
import { come, en, forward, Seats } from './seats'
import type { PracticeFacilitators, PracticeOwn, RoomView } from '../src/wire.gen'

interface House {
  nats: Nats
  nodes: [Mend, Mend]
  balancer: Balancer
  links: Links
}

const test = base.extend<{ house: House; seats: Seats }>({
  house: async ({}, use, info) => {
    const nats = await Nats.start()
    const flags = ['--nats', nats.url, '--programme', 'practising-amends']
    const nodes: [Mend, Mend] = [await Mend.start({ flags }), await Mend.start({ flags })]
    const balancer = await Balancer.start()
    balancer.to(nodes[0].port, nodes[1].port)
    await use({ nats, nodes, balancer, links: via(nodes[0].links, balancer.origin) })
    if (info.status !== info.expectedStatus) {
      for (const { child } of nodes) await info.attach('log', { body: child.log.join('\n') })
    }
    await balancer.close()
    for (const node of nodes) await node.clear()
    await nats.clear()
  },
  seats: async ({ browser, house }, use) => {
    const seats = new Seats(browser, house.links)
    await use(seats)
    await seats.close()
    expect(seats.offences).toEqual([])
  },
})

// A microphone that beeps once a second, and no question whether it may be used.
test.use({
  launchOptions: {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--allow-loopback-in-peer-connection',
    ],
  },
})

/** Somebody who practises, without a screen. */
interface Person {
  id: string
  alias: string
  client: Client
}

const aliases = ['Quillfeather', 'Brambleton', 'Osprey', 'Willowmere', 'Tamarind', 'Fennimore', 'Larkspur']
const said = {
  before: 'lanternfishes',
  after: 'candlewickish',
  limit: 'wheelbarrowing',
  stop: 'marzipaniferous',
  heard: 'thistledownly',
}

async function enter(links: Links, alias: string): Promise<Person> {
  const { token, person } = await join(links, alias)
  const client = new Client(new URL(links.join).origin, token)
  await client.line()
  return { id: person, alias, client }
}

async function ordered(person: { client: Client }, name: string, body: unknown = {}) {
  expect(await person.client.do(name, body), `${name} ${JSON.stringify(body)}`).toHaveProperty('ok')
}

async function own(person: Person): Promise<PracticeOwn> {
  return (await person.client.read(`person/${person.id}`)).exercise as PracticeOwn
}

async function inside(person: Person, room: string): Promise<RoomView> {
  return (await person.client.read(`room/${room}`)) as unknown as RoomView
}

/** Where each room is and who is in it, for the facilitators. */
async function glances(leader: Client) {
  const exercise = (await leader.read('facilitators')).exercise as PracticeFacilitators | undefined
  return exercise?.rooms ?? {}
}

/**
 * What the people of one room do, each for themselves, until nobody is asked for anything in this phase. The view may be
 * that of a node which has not heard the latest: what it asks for may be over, which changes nothing.
 */
async function phase(people: Person[], room: string, view: RoomView) {
  const here = people.filter(({ id }) => view.members[id])
  for (const person of here) {
    const { role, inRole } = view.members[person.id]!
    if (view.phase === 'consent' && role === 'speaker') {
      const terms = { scenario: 'money-from-a-parent', stance: 'receptive', difficulty: 1 }
      const answer = await person.client.do('practice.terms', { room, ...terms })
      if (!('ok' in answer)) expect(answer.error).toMatchObject({ reason: 'consent_over' })
    }
    if (view.phase === 'out' && inRole) await ordered(person, 'practice.out')
  }
  if (view.phase !== 'out')
    for (const person of here)
      await ordered(person, 'practice.ready', { room, phase: view.phase, turn: view.turn })
}

/** Goes on in a room until it is in this phase. */
async function until(people: Person[], room: string, wanted: string) {
  for (;;) {
    const view = await inside(people[0]!, room)
    if (view.phase === wanted) return
    await phase(people, room, view)
  }
}

/** Opens the step in which they practise in threes. */
async function toThrees(facilitator: Page, leader: Client) {
  await forward(facilitator)
  expect(await leader.do('agenda.open', { step: 'threes' })).toHaveProperty('ok')
  await expect(facilitator.getByRole('button', { name: en.lead_practice_form })).toBeVisible()
}

function numbered(facilitator: Page, number: number): Locator {
  const name = en.lead_practice_room.replace('{number}', String(number))
  return facilitator.getByRole('list', { name: en.lead_practice_rooms }).getByRole('listitem', { name })
}

/** Drags as a hand does: it takes hold before the page may scroll, or else there is nothing under the mouse to drag. */
async function drag(page: Page, what: Locator, to: Locator) {
  await what.hover()
  const { x, y, width, height } = (await what.boundingBox())!
  await page.mouse.down()
  await page.mouse.move(x + width / 2, y + height / 2 - 8, { steps: 4 })
  await to.hover()
  await page.mouse.up()
}

test('seven people, a leaver, a late arrival, a stop, help, more time, a dead node', async ({
  house,
  seats,
}) => {
  const { links, nodes, balancer, nats } = house
  const facilitator = await seats.facilitator()
  const stage = await seats.stage()
  const leader = new Client(balancer.origin, (await lead(links)).token)
  const people: Person[] = []
  for (const alias of aliases) people.push(await enter(links, alias))
  const of = (ids: object) => people.filter(({ id }) => id in ids)

  await toThrees(facilitator, leader)
  await look(facilitator, 'facilitator', 'practice-0-before')
  await facilitator.getByRole('button', { name: en.lead_practice_form }).click()
  await expect(facilitator.getByRole('button', { name: en.lead_practice_open })).toBeVisible()

  await test.step('the draft is a facilitator’s own, and moved by a list or by hand', async () => {
    for (const person of people) expect((await own(person)).room).toBeUndefined()
    const first = people[0]!
    const list = facilitator.getByLabel(en.lead_practice_move_of.replace('{alias}', first.alias))
    const home = await list.inputValue()
    await list.selectOption({ label: en.lead_practice_no_room })
    await expect(list).toHaveValue('')
    const row = facilitator.getByRole('listitem').filter({ has: list })
    await expect.poll(async () => (await glances(leader))[home], 'their node knows the draft').toBeDefined()
    const number = (await glances(leader))[home]!.number
    const name = en.lead_practice_room.replace('{number}', String(number))
    await drag(facilitator, row, facilitator.getByRole('region', { name, exact: true }))
    await expect(list).toHaveValue(home)
    await look(facilitator, 'facilitator', 'practice-1-draft')
    await look(stage, 'stage', 'practice-1-draft')
  })

  await facilitator.getByRole('button', { name: en.lead_practice_open }).click()
  await expect(stage.getByText(en.stage_practice_open)).toBeVisible()
  const begun = async () => Object.values(await glances(leader)).map(({ phase }) => phase !== undefined)
  await expect.poll(async () => new Set(await begun()), 'their node knows too').toEqual(new Set([true]))
  const rooms = Object.entries(await glances(leader)).sort(([, a], [, b]) => a.number - b.number)
  const sizes = rooms.map(([, { members }]) => Object.keys(members).length)
  expect(sizes.reduce((a, b) => a + b)).toBe(7)
  for (const size of sizes) expect([2, 3, 4]).toContain(size)
  const three = rooms.find(([, { members }]) => Object.keys(members).length === 3)!
  const other = rooms.find(([id]) => id !== three[0])!
  const [a, b] = [three[0], other[0]]
  const [alpha, beta] = [of(three[1].members), of(other[1].members)]
  const [cardA, cardB] = [numbered(facilitator, three[1].number), numbered(facilitator, other[1].number)]
  const roles = new Map<string, Set<string>>(beta.map(({ id }) => [id, new Set()]))

  await test.step('what is said in a room is nowhere else', async () => {
    await ordered(alpha[0]!, 'practice.write', { room: a, text: said.before })
    await ordered(alpha[1]!, 'practice.limits', { room: a, text: said.limit })
    await ordered(alpha[1]!, 'practice.terms', { room: a, stopWord: said.stop })
    for (const { client } of alpha)
      expect(JSON.stringify(await client.read(`room/${a}`))).toContain(said.before)
    const elsewhere = [
      ...(await Promise.all(beta.map(({ client }) => client.read(`room/${b}`)))),
      ...(await Promise.all(people.map(({ id, client }) => client.read(`person/${id}`)))),
      await leader.read('everyone'),
      await leader.read('facilitators'),
    ]
    for (const word of [said.before, said.limit, said.stop]) {
      expect(JSON.stringify(elsewhere)).not.toContain(word)
      for (const page of [facilitator, stage]) await expect(page.getByText(word)).toHaveCount(0)
    }
    const strange = await beta[0]!.client.do('practice.write', { room: a, text: 'hello' })
    expect(strange.error).toMatchObject({ code: 'denied', reason: 'not_your_room' })
    const long = await alpha[0]!.client.do('practice.write', { room: a, text: 'x'.repeat(4000) })
    expect(long.error).toMatchObject({ reason: 'message_too_long' })
  })

  await test.step('more time for one room', async () => {
    await until(alpha, a, 'prepare')
    await expect.poll(async () => (await glances(leader))[a]!.timer).toBeDefined()
    const ends = (await glances(leader))[a]!.timer!.ends
    await cardA
      .getByRole('button', { name: en.lead_practice_more_of.replace('{number}', String(three[1].number)) })
      .click()
    await expect.poll(async () => (await glances(leader))[a]!.timer!.ends).toBe(ends + 120_000)
    expect((await glances(leader))[b]!.timer?.ends ?? 0).toBeLessThan(ends + 120_000)
  })

  await test.step('a stop is told as a pause and nothing more', async () => {
    await until(alpha, a, 'rehearse')
    await ordered(alpha[1]!, 'practice.stop')
    await expect(cardA.getByText(en.lead_practice_paused)).toBeVisible()
    await expect(cardB.getByText(en.lead_practice_paused)).toHaveCount(0)
    for (const person of alpha) {
      await expect.poll(async () => (await own(person)).card).toBeUndefined()
      const choice = () => person.client.do('practice.choose', { room: a, choice: 'on' })
      await expect.poll(choice, 'their node has heard of the stop').toHaveProperty('ok')
    }
    await expect(cardA.getByText(en.lead_practice_phase_rehearse)).toBeVisible()
  })

  await test.step('a room calls for help: it is shown first, and only what follows is heard', async () => {
    expect((await leader.do('practice.enter', { room: b })).error).toMatchObject({ reason: 'not_invited' })
    await ordered(beta[0]!, 'practice.write', { room: b, text: said.before })
    await ordered(beta[0]!, 'practice.help', { room: b, help: 'help' })
    await expect(cardB.getByText(en.lead_practice_help)).toBeVisible()
    const first = facilitator.getByRole('list', { name: en.lead_practice_rooms }).getByRole('listitem')
    await expect(first.first()).toContainText(en.lead_practice_help)
    await look(facilitator, 'facilitator', 'practice-2-help')
    await cardB.getByRole('button', { name: en.lead_practice_enter }).click()
    await expect(facilitator.getByRole('button', { name: en.lead_practice_leave })).toBeVisible()
    await expect(facilitator.getByText(said.before)).toHaveCount(0)
    await ordered(beta[1]!, 'practice.write', { room: b, text: said.after })
    await expect(facilitator.getByText(said.after)).toBeVisible()
    await look(facilitator, 'facilitator', 'practice-3-inside')
    await facilitator.getByRole('button', { name: en.lead_practice_leave }).click()
    await expect(facilitator.getByText(said.after)).toHaveCount(0)
  })

  await test.step('a node dies, and everybody goes on at the other', async () => {
    balancer.to(nodes[0].port, nodes[1].port)
    await nodes[1].kill()
    await Promise.all(people.map(({ client }) => client.line()))
    await ordered(alpha[2]!, 'practice.write', { room: a, text: said.after })
  })

  await test.step('one leaves, one comes late', async () => {
    // The observer: without one of the two others the turn would end.
    const { members } = await inside(alpha[0]!, a)
    const leaver = alpha.find(({ id }) => members[id]?.role === 'observer')!
    await ordered(leaver, 'person.leave')
    people.splice(people.indexOf(leaver), 1)
    leaver.client.close()
    await expect.poll(async () => leaver.id in (await glances(leader))[a]!.members).toBe(false)
    const late = await enter(links, 'Latecomer')
    people.push(late)
    await expect.poll(async () => (await own(late)).room, 'the smallest room').toBe(a)
    const now = Object.values(await glances(leader))
    for (const { members } of now) expect(Object.keys(members).length).toBeGreaterThanOrEqual(2)
    expect(now.flatMap(({ members }) => Object.keys(members)).sort()).toEqual(
      people.map(({ id }) => id).sort(),
    )
  })

  await test.step('everybody is speaker, listener and observer once, and steps out each time', async () => {
    const marked = new Set<number>()
    for (;;) {
      const room = await inside(beta[0]!, b)
      if (room.phase === 'done') break
      for (const { id } of beta) {
        const role = room.members[id]?.role
        if (role) roles.get(id)!.add(role)
      }
      if (room.phase === 'rehearse' && !marked.has(room.turn)) {
        marked.add(room.turn)
        const observer = beta.find(({ id }) => room.members[id]?.role === 'observer')!
        await ordered(observer, 'practice.mark', { room: b, behaviour: 'repair', heard: said.heard })
      }
      await phase(beta, b, room)
    }
    for (const held of roles.values()) expect([...held].sort()).toEqual(['listener', 'observer', 'speaker'])
  })

  await test.step('all are called back, with a warning first', async () => {
    await facilitator.getByLabel(en.lead_practice_say, { exact: true }).fill('Water is by the door.')
    await facilitator.getByRole('button', { name: en.lead_practice_say_send, exact: true }).click()
    await expect(stage.getByText('Water is by the door.')).toBeVisible()
    await look(stage, 'stage', 'practice-4-said')
    await facilitator.getByRole('button', { name: en.lead_practice_back }).click()
    await facilitator.getByRole('button', { name: en.lead_practice_back_sure }).click()
    await expect(stage.getByText(en.stage_practice_back)).toBeVisible()
    await expect(facilitator.getByText(en.lead_practice_warned)).toBeVisible()
    await look(facilitator, 'facilitator', 'practice-5-back')
    await look(stage, 'stage', 'practice-5-back')
    for (const alias of aliases) expect(await stage.locator('body').innerText()).not.toContain(alias)
    for (const [id, { members }] of Object.entries(await glances(leader)))
      if (id !== b) await finish(of(members), id, leader)
  })

  await test.step('debrief, grounding, and nothing is left', async () => {
    await expect(facilitator.getByRole('button', { name: en.lead_practice_ground })).toBeVisible()
    await look(facilitator, 'facilitator', 'practice-6-debrief')
    await look(stage, 'stage', 'practice-6-debrief')
    await facilitator.getByRole('button', { name: en.lead_practice_ground }).click()
    await expect(facilitator.getByText(en.lead_practice_grounding)).toBeVisible()
    await look(stage, 'stage', 'practice-7-grounding')
    for (const { id, client } of people)
      for (const word of Object.values(said))
        expect(JSON.stringify(await client.read(`person/${id}`))).not.toContain(word)
    expect(await leader.do('session.close')).toHaveProperty('ok')
    await expect(stage.getByText(en.stage_over)).toBeVisible()
    const words = [...Object.values(said), ...aliases]
    await expect.poll(() => nats.words(...words)).toEqual([])
    for (const node of nodes) {
      expect(node.words(...words)).toEqual([])
      expect(node.child.log.join('\n')).not.toMatch(new RegExp(words.join('|')))
    }
    for (const { client } of [...people, { client: leader }]) client.close()
  })
})

/** Goes on in a room until it has ended with all the others. */
async function finish(people: Person[], room: string, leader: Client) {
  for (;;) {
    const glance = (await glances(leader))[room]
    if (!glance || glance.phase === 'done') return
    // What a node showed last may be a moment old: then the room is gone already.
    const view = await people[0]!.client.read(`room/${room}`, 1_000).catch(() => undefined)
    if (view) await phase(people, room, view as unknown as RoomView)
  }
}

/** What counts as heard. */
const HEARD = 0.01

/** How loud what a page plays is within a few seconds, from 0 to 1: at its loudest, or once it is heard. */
function loudness(page: Page): Promise<number> {
  return page.evaluate(async (enough) => {
    const [sound] = document.querySelectorAll('audio')
    const context = new AudioContext()
    const ear = context.createAnalyser()
    context.createMediaStreamSource(sound!.srcObject as MediaStream).connect(ear)
    await context.resume()
    const heard = new Float32Array(ear.fftSize)
    let loudest = 0
    for (let i = 0; i < 150 && loudest <= enough; i++) {
      ear.getFloatTimeDomainData(heard)
      loudest = Math.max(loudest, ...heard.map(Math.abs))
      await new Promise((done) => setTimeout(done, 20))
    }
    await context.close()
    return loudest
  }, HEARD)
}

declare const calls: RTCPeerConnection[]

/** Has a page remember its calls, so that a test can break them. */
function remember() {
  const made: RTCPeerConnection[] = []
  class Remembered extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      made.push(this)
    }
  }
  Object.assign(globalThis, { calls: made, RTCPeerConnection: Remembered })
}

test('two speak with each other from browser to browser, on two nodes', async ({ house, seats }) => {
  const facilitator = await seats.facilitator()
  const leader = new Client(house.balancer.origin, (await lead(house.links)).token)
  const phones: Page[] = []
  for (const [i, alias] of ['Quillfeather', 'Brambleton'].entries()) {
    seats.links = house.nodes[i]!.links
    const phone = await seats.window({ permissions: ['microphone'] })
    await phone.addInitScript(remember)
    await phone.goto(seats.links.join)
    await come(phone, alias)
    phones.push(phone)
  }
  const [a, b] = phones as [Page, Page]
  await toThrees(facilitator, leader)
  await facilitator.getByRole('button', { name: en.lead_practice_form }).click()
  await facilitator.getByRole('button', { name: en.lead_practice_open }).click()
  for (const phone of phones) {
    await phone.getByText(en.practice_apart).click()
    await phone.getByRole('button', { name: en.practice_voice_enter }).click()
  }
  await expect(a.getByText(en.practice_voice_connected.replace('{alias}', 'Brambleton'))).toBeVisible()
  await expect(b.getByText(en.practice_voice_connected.replace('{alias}', 'Quillfeather'))).toBeVisible()
  expect(await loudness(b)).toBe(0)
  await a.getByRole('button', { name: en.practice_voice_off }).click()
  await expect(a.getByRole('button', { name: en.practice_voice_on })).toBeVisible()
  await expect.poll(() => loudness(b)).toBeGreaterThan(HEARD)
  expect(await loudness(a)).toBe(0)

  await test.step('both begin anew at once, and hear each other all the same', async () => {
    await Promise.all(phones.map((phone) => phone.evaluate(() => calls.at(-1)!.restartIce())))
    for (const phone of phones)
      await expect
        .poll(() =>
          phone.evaluate(() => [calls.at(-1)!.signalingState, calls.at(-1)!.connectionState].join()),
        )
        .toBe('stable,connected')
    await expect.poll(() => loudness(b)).toBeGreaterThan(HEARD)
  })

  await test.step('a call that breaks is there again by itself', async () => {
    const before = await a.evaluate(() => calls.length)
    await b.evaluate(() => calls.at(-1)!.close())
    await expect.poll(() => a.evaluate(() => calls.length)).toBeGreaterThan(before)
    await expect(a.getByText(en.practice_voice_connected.replace('{alias}', 'Brambleton'))).toBeVisible()
    await expect(b.getByText(en.practice_voice_connected.replace('{alias}', 'Quillfeather'))).toBeVisible()
    await expect.poll(() => loudness(b)).toBeGreaterThan(HEARD)
  })

  await test.step('folded away it goes on; whoever leaves it is not called after', async () => {
    await a.getByText(en.practice_apart).click()
    await expect(a.getByText(`· ${en.practice_voice_on}`)).toBeVisible()
    await expect.poll(() => loudness(b)).toBeGreaterThan(HEARD)
    await a.getByText(en.practice_apart).click()
    await a.getByRole('button', { name: en.practice_voice_on }).click()
    await expect.poll(() => loudness(b)).toBe(0)
    await a.getByRole('button', { name: en.practice_voice_leave }).click()
    await expect(b.getByText(en.practice_voice_alone)).toBeVisible()
  })
  leader.close()
})
