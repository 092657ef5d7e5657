import { afterEach, expect, test, vi } from 'vitest'
import { flushSync } from 'svelte'
import { press, Room, seen, type } from '../../test/room'
import Practice from '../exercises/Practice.svelte'
import { m } from '../paraglide/messages'
import type { RoomView } from '../wire.gen'
import Call from './Call.svelte'
import Observing from './Observing.svelte'

let room: Room
vi.stubGlobal('scrollTo', () => {})
afterEach(() => room.leave())

function enter(phase: string, more: object = {}) {
  room = new Room({
    kind: 'practice',
    exercise: { stage: 'open', scenarios: { one: { title: { en: 'The drawer' } } }, rest: {}, grounding: {} },
  })
  room.own.exercise = { part: 'play', room: 'r', role: 'speaker', card: { speaker: { en: 'Say it.' } } }
  room.show()
  const members = { me: { n: 0, role: 'speaker' }, ana: { n: 1, role: 'listener' } }
  const is = { room: 'r', number: 1, members, phase, turn: 1, turns: 2, terms: {}, messages: {}, ...more }
  room.server.line.say({ doc: 'room/r', rev: 1, is })
  room.enter(Practice, { session: room.session })
}

test('the speaker chooses what is practised', () => {
  enter('consent')
  const select = document.querySelector('select')!
  select.value = 'one'
  select.dispatchEvent(new Event('change', { bubbles: true }))
  expect(room.command).toEqual(['practice.terms', { room: 'r', scenario: 'one' }])
})

test('the speaker drafts beside the card, and says when they are ready', () => {
  enter('prepare')
  expect(seen()).toContain(m.practice_draft_hint())
  expect(seen()).toContain('Say it.')
  press(m.practice_ready())
  expect(room.command).toEqual(['practice.ready', { room: 'r', phase: 'prepare', turn: 1 }])
})

test('a new phase begins at the top; what others write moves nobody', () => {
  const up = vi.fn()
  vi.stubGlobal('scrollTo', up)
  enter('prepare')
  expect(up).toHaveBeenCalled()
  up.mockClear()
  const say = (rev: number, patch: object) => {
    room.server.line.say({ doc: 'room/r', rev, from: rev - 1, patch })
    flushSync()
  }
  say(2, { messages: { 1: { n: 1, by: 'ana', at: 0, text: 'hello' } } })
  expect(seen()).toContain(m.practice_messages({ count: 1 }))
  expect(up).not.toHaveBeenCalled()
  say(3, { phase: 'rehearse' })
  expect(up).toHaveBeenCalledOnce()
  vi.stubGlobal('scrollTo', () => {})
})

test('Stop is one tap; what follows names nobody', () => {
  enter('rehearse')
  document.querySelector<HTMLButtonElement>('[style*=bottom] button')!.click()
  expect(room.command).toEqual(['practice.stop', {}])
})

test('a situation of one’s own stays here until it is shown to the room', () => {
  sessionStorage.clear()
  enter('consent', { terms: { scenario: 'own' } })
  const field = document.querySelector<HTMLTextAreaElement>('textarea')!
  field.value = 'I took it from my brother.'
  field.dispatchEvent(new Event('input', { bubbles: true }))
  flushSync()
  expect(room.command).toBeNull()
  expect(JSON.stringify({ ...sessionStorage })).toContain('brother')
  press(m.practice_own_show())
  expect(room.command).toEqual(['practice.write', { room: 'r', text: 'I took it from my brother.' }])
})

test('the others are not asked for a situation', () => {
  enter('consent', { terms: { scenario: 'own' }, members: { me: { n: 0, role: 'listener' } } })
  room.own.exercise = { part: 'play', room: 'r', role: 'listener' }
  room.show()
  flushSync()
  expect(seen()).not.toContain(m.practice_own_hint())
})

test('one turn more is said, with whom', () => {
  enter('consent', { extra: true })
  expect(seen()).toContain(m.practice_extra({ alias: room.everyone.people.me!.alias }))
})

test.each([
  ['listener', { en: 'your sister' }, 'I am not your sister. I am '],
  ['listener', undefined, 'I am not the one you spoke to. I am '],
  ['speaker', undefined, 'I am not in that conversation any more. I am '],
  ['observer', undefined, 'I am not the observer any more. I am '],
])('a %s steps out with words of their own', (role, who, words) => {
  enter('out', { members: { me: { n: 0, inRole: true } } })
  room.own.played = { step: 's', role, ...(who && { who }) }
  room.show()
  flushSync()
  expect(seen()).toContain(words)
  press(m.practice_out_tap())
  expect(room.command).toEqual(['practice.out', {}])
})

test('whoever is still in an earlier role is asked for that alone, with Stop in reach', () => {
  enter('rehearse')
  room.own.exercise = { part: 'play', room: 'r', role: 'observer', inRole: true, outFirst: true }
  room.own.played = { step: 's', role: 'listener', who: { en: 'your sister' } }
  room.show()
  flushSync()
  expect(seen()).toContain('I am not your sister. I am ')
  expect(seen()).not.toContain(m.practice_heard())
  expect(document.querySelector('[style*=bottom] button')).not.toBeNull()
})

test('a turn that ended because somebody went says so', () => {
  enter('out', { cut: true, members: { me: { n: 0, inRole: true } } })
  room.own.played = { step: 's', role: 'listener' }
  room.show()
  flushSync()
  expect(seen()).toContain(m.practice_cut())
})

const scenario = {
  title: { en: 'The drawer' },
  form: 'conversation',
  notes: { en: 'Money.' },
  situation: { en: 'You took it in winter.' },
  debrief: [{ en: 'Which sentence was the hardest?' }],
}

test('the card holds what happened, how hard it may be, and what is off limits for the other', () => {
  const members = { me: { n: 0, role: 'listener' }, ana: { n: 1, role: 'speaker', limits: 'No hospitals' } }
  enter('rehearse', { scenario, members, terms: { scenario: 'one', difficulty: 1 } })
  const listener = { like: { en: 'a' }, help: { en: 'b' }, hurt: { en: 'c' }, boundary: { en: 'd' } }
  room.own.exercise = { part: 'play', room: 'r', role: 'listener', card: { listener } }
  room.show()
  flushSync()
  for (const text of ['You took it in winter.', m.practice_difficulty_1(), 'No hospitals'])
    expect(seen()).toContain(text)
})

test('when they look back, the roles are over and the questions of the scenario are there', () => {
  enter('listener', { scenario })
  expect(seen()).toContain(m.practice_me_spoke())
  expect(seen()).toContain('Which sentence was the hardest?')
})

test('words heard and not yet tapped outlast a stop', () => {
  const observe = () => {
    enter('rehearse', { members: { me: { n: 0, role: 'observer' }, ana: { n: 1, role: 'speaker' } } })
    room.own.exercise = { part: 'play', room: 'r', role: 'observer' }
    room.show()
    flushSync()
    return document.querySelector<HTMLInputElement>('input[type=text], input:not([type]), textarea')!
  }
  const field = observe()
  field.value = 'four hundred dollars'
  field.dispatchEvent(new Event('input', { bubbles: true }))
  flushSync()
  document.body.replaceChildren()
  expect(observe().value).toBe('four hundred dollars')
})

test.each([
  ['NotAllowedError', true, m.practice_voice_denied],
  ['NotFoundError', true, m.practice_voice_none],
  ['TypeError', false, m.practice_voice_unsafe],
])('a microphone that is not there says why: %s', async (name, secure, words) => {
  vi.stubGlobal('RTCPeerConnection', class {})
  vi.stubGlobal('isSecureContext', secure)
  const getUserMedia = () => Promise.reject(new DOMException('', name))
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { mediaDevices: { getUserMedia } }))
  room = new Room()
  const members = { me: { n: 0 }, ana: { n: 1 } }
  const is = { room: 'r', number: 1, members, phase: 'rehearse', turn: 1, turns: 2, terms: {}, messages: {} }
  room.enter(Call, { session: room.session, room: is })
  press(m.practice_voice_enter())
  press(m.practice_voice_off())
  await vi.waitFor(() => {
    flushSync()
    const said = [...document.querySelectorAll('[role=status]')].map((part) => part.textContent).join()
    expect(said).toContain(words())
  })
  vi.unstubAllGlobals()
  vi.stubGlobal('scrollTo', () => {})
})

test('what an observer writes while a mark is on its way stays through a reload', async () => {
  enter('rehearse')
  const view = {
    room: 'r',
    number: 1,
    members: {},
    phase: 'rehearse',
    turn: 1,
    turns: 2,
    terms: {},
    messages: {},
  } as RoomView
  const props = { session: room.session, own: undefined, room: view }
  room.enter(Observing, props)
  type(document.querySelector('input')!, 'three hundred')
  press(m.practice_do_specific())
  expect(room.command).toEqual([
    'practice.mark',
    { room: 'r', behaviour: 'specific', heard: 'three hundred' },
  ])
  type(document.querySelector('input')!, 'sold them')
  await room.answer()
  room.enter(Observing, props)
  expect(document.querySelector('input')!.value).toBe('sold them')
})
