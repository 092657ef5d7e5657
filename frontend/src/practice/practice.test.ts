import { afterEach, expect, test, vi } from 'vitest'
import { press, Room, seen } from '../../test/room'
import Practice from '../exercises/Practice.svelte'
import { m } from '../paraglide/messages'

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

test('Stop is one tap; what follows names nobody', () => {
  enter('rehearse')
  document.querySelector<HTMLButtonElement>('button[style*=bottom]')!.click()
  expect(room.command).toEqual(['practice.stop', {}])
})
