import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import Waiting from '../join/Waiting.svelte'
import { button, press, Room, seen, submit, type } from '../../test/room'
import '../asks/Attended.svelte' // ready when it is asked for
import { m } from '../paraglide/messages'
import RoomPage from './Room.svelte'
import Seat from './Seat.svelte'
import SupportForm from './SupportForm.svelte'

let room: Room

beforeEach(() => {
  // jsdom has no dialogs and no scrolling.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
  vi.stubGlobal('scrollTo', () => {})
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
})

afterEach(async () => {
  await room.leave()
  vi.unstubAllGlobals()
})

const loaded = async (text: string) =>
  vi.waitFor(() => (flushSync(), expect(seen()).toContain(text)), { timeout: 4_000 })

describe('the seat', () => {
  function enter(step?: ConstructorParameters<typeof Room>[0]) {
    room = new Room(step)
    room.enter(Seat, { session: room.session, onleft: () => {} })
  }

  test('has the way out on every screen', async () => {
    enter()
    for (const name of [m.support_button(), m.away_button(), m.hand_raise(), m.crisis_button()]) button(name)
    expect(seen()).toContain(m.wait_arriving())
    room.everyone.session.frozen = true
    room.show()
    expect(seen()).toContain(m.wait_frozen())
    button(m.support_button())
  })

  test('the crisis card needs no network', () => {
    enter()
    press(m.crisis_button())
    expect(document.querySelector('a[href="tel:988"]')).not.toBeNull()
    expect(document.querySelector('a[href="tel:911"]')).not.toBeNull()
    expect(room.command).toBeNull()
  })

  test('stepping away and back', () => {
    enter()
    press(m.away_button())
    expect(room.command).toEqual(['person.away', {}])
    room.everyone.people.me!.away = true
    room.show()
    expect(seen()).toContain(m.away_more())
    press(m.away_back())
    expect(room.command).toEqual(['person.back', {}])
  })

  test('a raised hand can be lowered', () => {
    enter()
    press(m.hand_raise())
    expect(room.command).toEqual(['hand.raise', {}])
    room.everyone.people.me!.hand = 1
    room.show()
    press(m.hand_lower())
    expect(room.command).toEqual(['hand.lower', {}])
  })

  test('says that the line is lost, and that nothing typed is', () => {
    enter()
    expect(seen()).not.toContain(m.room_away())
    room.server.line.lose()
    flushSync()
    expect(seen()).toContain(m.room_away())
  })

  test('a kind it does not know still shows its words', async () => {
    enter({
      kind: 'from-the-future',
      title: { en: 'Later' },
      text: { en: 'Look at the screen in the room.' },
    })
    expect(seen()).toContain('Look at the screen in the room.')
  })

  test('after the end nothing is asked any more', async () => {
    enter()
    room.everyone.session.phase = 'over'
    room.show()
    await loaded(m.ended_over())
    button(m.trace_sure())
    expect(() => button(m.support_button())).toThrow()
    button(m.keep_button())
    expect(seen()).not.toContain(m.attended_title())
  })

  test('after a training its hours can be kept, and nobody is told', async () => {
    enter()
    room.everyone.session.phase = 'over'
    room.everyone.session.teaches = [{ en: 'Say what an amend is.' }, { en: 'Leave a door open.' }]
    const step = { kind: 'quiet', title: { en: 'A step' }, state: 'done' }
    room.everyone.agenda = {
      one: { ...step, order: 0, minutes: 80 },
      two: { ...step, order: 1, minutes: 40 },
      three: { ...step, order: 2, minutes: 30, state: 'skipped' },
    }
    room.show()
    await loaded(m.attended_note())
    const said = room.server.line.commands.length
    press(m.attended_note())
    expect(seen()).toContain(m.attended_noted({ hours: '2' }))
    expect(seen()).toContain('Leave a door open.')
    expect(room.server.line.commands).toHaveLength(said)
  })
})

test('whoever waits before the door has help, a cover and a way out that leaves nothing', () => {
  room = new Room()
  room.own.door = { alias: 'Wren', title: { en: 'A workshop' }, room: { en: 'A room' } }
  room.show()
  room.enter(Waiting, { session: room.session, onleft: () => {} })
  for (const name of [m.crisis_button(), m.hide(), m.trace_sure(), m.wait_door_leave()]) button(name)
})

describe('support', () => {
  test('goes with what the person lets be known, is seen to have arrived, and can be taken back', async () => {
    room = new Room()
    room.enter(SupportForm, { session: room.session, done: () => {} })
    expect(seen()).toContain(m.support_intro())
    type(document.querySelector('textarea')!, ' please come over ')
    submit()
    submit()
    expect(room.server.line.commands).toHaveLength(1)
    expect(room.command).toEqual(['support.ask', { note: 'please come over' }])
    room.own.support = { request: 's1', note: 'please come over', taken: 'Fay' }
    room.show()
    expect(seen()).toContain(m.support_coming({ alias: 'Fay' }))
    press(m.support_cancel())
    expect(room.command).toEqual(['support.cancel', {}])
  })
})

describe('the page', () => {
  test('a door that lets nobody knock just now says so, and shuts when it is shut', async () => {
    let state = 'knock'
    const closed = { code: 'closed', reason: 'many_knocking', message: 'Many wait.' }
    vi.stubGlobal('fetch', (path: string) =>
      path === '/api/join'
        ? Promise.resolve(new Response(JSON.stringify({ error: closed }), { status: 410 }))
        : Promise.resolve(new Response(JSON.stringify({ title: { en: 'A workshop' }, state }))),
    )
    room = new Room()
    room.enter(RoomPage, { code: 'ABC234', further: false })
    await loaded(m.join_knock())
    type(document.querySelector('input')!, 'Wren')
    submit()
    await loaded(m.refusal_many_knocking())
    state = 'full'
    submit()
    await loaded(m.join_full())
  })

  test('somebody removed is back at the door, without their seat', async () => {
    room = new Room()
    localStorage.setItem('seat:ABC234', JSON.stringify({ token: 't', session: 's' }))
    const lines: { onclose?: (event: object) => void; onmessage?: (event: object) => void }[] = []
    vi.stubGlobal('WebSocket', function (this: object) {
      Object.assign(this, { send() {}, close() {} })
      lines.push(this)
    })
    room.enter(RoomPage, { code: 'ABC234', further: false })
    expect(seen()).toContain(m.room_connecting())
    lines[0]!.onclose!({ code: 4403, reason: '' })
    await loaded(m.ended_removed())
    expect(localStorage.getItem('seat:ABC234')).toBeNull()
  })
})
