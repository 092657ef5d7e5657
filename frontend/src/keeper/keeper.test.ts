import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { press, Room, seen } from '../../test/room'
import { m } from '../paraglide/messages'
import type { Keeping } from '../wire.gen'
import Deeds from './Deeds.svelte'
import Knocks from './Knocks.svelte'
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

function show() {
  room.server.line.say({ doc: 'keepers', rev: 1, is: structuredClone(keeping) })
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

test('a request that somebody else looks after waits for nobody here', () => {
  keeping.support = { s: { person: 'ana', at: 0, taken: 'fay' }, t: { person: 'ben', at: 0 } }
  show()
  expect(waiting(room.session)).toBe(1)
})
