import { flushSync } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { button, press, Room, seen, type } from '../../test/room'
import Freeze from '../facilitator/Freeze.svelte'
import Support from '../facilitator/Support.svelte'
import { m } from '../paraglide/messages'
import type { Keeping } from '../wire.gen'
import { talking } from '../participant/talk.svelte'
import Deeds from './Deeds.svelte'
import Desk from './Desk.svelte'
import Held from './Held.svelte'
import Knocks from './Knocks.svelte'
import Watch from './Watch.svelte'
import { waiting } from './waiting'

let room: Room
let keeping: Keeping

beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  room = new Room()
  keeping = {
    code: 'ABC234',
    door: { mode: 'knock', knocking: {}, links: {} },
    support: {},
    hold: { minutes: 0, agree: 1, items: {} },
    reports: {},
    deeds: {},
  }
})

afterEach(async () => {
  await room.leave()
  vi.unstubAllGlobals()
})

function show(rev = 1) {
  room.server.line.say({ doc: 'keepers', rev, is: structuredClone(keeping) })
  flushSync()
}

test('who waits longest is first; all but those sent back are let in together', () => {
  keeping.door.knocking = {
    b: { alias: 'Ben', n: 2, at: 60_000 },
    c: { alias: 'Cleo', n: 3, at: 120_000, back: true },
    a: { alias: 'Ana', n: 1, at: 0 },
  }
  show()
  room.enter(Knocks, { session: room.session, at: 300_000 })
  expect(seen().indexOf('Ana')).toBeLessThan(seen().indexOf('Ben'))
  expect(seen()).toContain(m.keep_oldest({ ago: m.lead_ago({ count: 5 }) }))
  press(m.keep_admit_all({ count: 2 }))
  expect(room.command).toEqual(['door.admitAll', {}])
  expect(waiting(room.session)).toBe(2)
})

test('who was inside comes first and is let in together; sent back by name, one by one', () => {
  keeping.door.knocking = {
    loud: { alias: 'Loud', n: 1, at: 0 },
    ana: { alias: 'Ana', n: 2, at: 0, inside: true },
    ben: { alias: 'Ben', n: 3, at: 0, inside: true },
    cleo: { alias: 'Cleo', n: 4, at: 0, back: true },
  }
  show()
  room.enter(Knocks, { session: room.session, at: 0 })
  expect(seen().indexOf('Ben')).toBeLessThan(seen().indexOf('Loud'))
  press(m.keep_admit_inside({ count: 2 }))
  expect(room.command).toEqual(['door.admitAll', { inside: true }])
})

test('a long line is seen whole and searched, and is not let in by one tap', () => {
  for (let n = 1; n <= 30; n++) keeping.door.knocking[`p${n}`] = { alias: `Loud ${n}.`, n, at: 0 }
  show()
  room.enter(Knocks, { session: room.session, at: 0 })
  expect(seen()).not.toContain('Loud 30.')
  press(m.keep_show_all({ count: 30 }))
  expect(seen()).toContain('Loud 30.')
  type(document.querySelector('input')!, 'loud 17')
  expect(seen()).toContain('Loud 17.')
  expect(seen()).not.toContain('Loud 30.')
  press(m.keep_show_few())
  expect(seen()).not.toContain('Loud 17.')
  press(m.keep_admit_all({ count: 30 }))
  expect(room.command).toBeNull()
  press(m.keep_admit_sure({ count: 30 }))
  expect(room.command).toEqual(['door.admitAll', {}])
})

test('a deed is offered to be undone for a minute', () => {
  keeping.deeds = {
    old: { kind: 'quiet', person: 'ana', by: 'fay', at: 0 },
    new: { kind: 'remove', person: 'x', alias: 'Gus', by: 'fay', at: 50_000 },
  }
  show()
  room.enter(Deeds, { session: room.session, at: 70_000 })
  expect(seen()).toContain(m.keep_did_remove({ alias: 'Gus' }))
  expect(seen()).not.toContain(m.keep_did_quiet({ alias: 'Ana' }))
  press(m.keep_undo())
  expect(room.command).toEqual(['deed.undo', { deed: 'new' }])
})

test('a wave is told, with the way back', () => {
  keeping.door.wave = 1
  show()
  room.enter(Watch, { session: room.session, at: 0 })
  expect(seen()).toContain(m.keep_wave())
  press(m.keep_wave_open())
  expect(room.command).toEqual(['door.set', { mode: 'open' }])
})

test('a frightened second tap does not undo a freeze', () => {
  vi.useFakeTimers()
  room.enter(Freeze, { session: room.session })
  press(m.lead_freeze())
  expect(room.command).toEqual(['room.freeze', { frozen: true }])
  room.everyone.session.frozen = true
  room.show()
  press(m.lead_unfreeze())
  expect(room.command).toEqual(['room.freeze', { frozen: true }])
  vi.advanceTimersByTime(1_500)
  flushSync()
  press(m.lead_unfreeze())
  expect(room.command).toEqual(['room.freeze', { frozen: false }])
  vi.useRealTimers()
})

test('of many deeds the latest two are offered, and the others on demand', () => {
  for (const at of [1, 2, 3])
    keeping.deeds[`d${at}`] = { kind: 'door', person: 'x', alias: `Loud ${at}.`, by: 'fay', at }
  show()
  room.enter(Deeds, { session: room.session, at: 10 })
  expect(seen()).toContain('Loud 2.')
  expect(seen()).not.toContain('Loud 1.')
  press(m.keep_show_all({ count: 3 }))
  expect(seen()).toContain('Loud 1.')
})

test('a request is looked after by whoever took it, so that no slip of a thumb ends it', () => {
  keeping.support = { s: { person: 'ana', at: 0 }, t: { person: 'ben', at: 0, taken: 'fay' } }
  show()
  room.enter(Support, { session: room.session, at: 0 })
  expect(seen()).not.toContain(m.lead_support_done())
  keeping.support.s!.taken = 'me'
  show(2)
  press(m.lead_support_done())
  expect(room.command).toEqual(['support.close', { request: 's' }])
})

test('a held word that one keeper would open says so to the other, and waits for the other alone', () => {
  const item = { person: 'ana', text: 'hello', at: 0 }
  keeping.hold = { minutes: 5, agree: 2, items: { h: { ...item, agreed: { fay: true } } } }
  show()
  room.enter(Held, { session: room.session, at: 0 })
  expect(seen()).toContain(m.keep_held_one())
  expect(waiting(room.session)).toBe(1)
  keeping.hold.items.h!.agreed = { me: true }
  show(2)
  expect(seen()).not.toContain(m.keep_held_one())
  expect(waiting(room.session)).toBe(0)
})

test('two cannot agree where one person alone looks after the others: that is said', () => {
  keeping.hold = { minutes: 5, agree: 2, items: { h: { person: 'ana', text: 'hello', at: 0 } } }
  show()
  room.enter(Held, { session: room.session, at: 0 })
  expect(seen()).toContain(m.hold_alone())
  room.everyone.people.me!.role = 'keeper'
  room.show()
  expect(seen()).not.toContain(m.hold_alone())
})

test('a keeper may need support, too: it is for the others to look after', () => {
  keeping.support = { own: { person: 'me', at: 0 } }
  room.own.role = 'keeper'
  room.show()
  show()
  room.enter(Desk, { session: room.session, onleft: () => {} })
  expect(waiting(room.session)).toBe(0)
  expect(seen()).toContain(m.keep_calm())
  press(m.keep_room())
  button(m.support_button())
})

test('a frozen room goes on from each of the tabs, with or without the newest', () => {
  room.own.role = 'keeper'
  room.everyone.session.frozen = true
  room.show()
  keeping.newest = 3
  show()
  room.enter(Desk, { session: room.session, onleft: () => {} })
  for (const tab of [m.keep_watch, m.lead_people, m.keep_door, m.keep_room]) {
    press(tab())
    button(m.keep_without({ count: 3 }))
  }
  press(m.keep_without({ count: 3 }))
  expect(room.command).toEqual(['room.freeze', { frozen: false, without: true }])
})

test('a talk goes on for a keeper who asked for support themselves', () => {
  room.own.support = { request: 'own', taken: 'Fay', by: 'fay', talk: true }
  room.show()
  keeping.support = {
    s: { person: 'ana', at: 0, taken: 'me', talk: true },
    t: { person: 'ben', at: 0, taken: 'me' },
  }
  show()
  expect(talking(room.session).sort()).toEqual(['ana', 'fay'])
})

test('a request that somebody else looks after waits for nobody here', () => {
  keeping.support = { s: { person: 'ana', at: 0, taken: 'fay' }, t: { person: 'ben', at: 0 } }
  show()
  expect(waiting(room.session)).toBe(1)
})
