import { flushSync } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Room, seen } from '../../test/room'
import type { Session } from '../session.svelte'
import Talk from './Talk.svelte'
import { talkOf } from './talk.svelte'

const said: [string, unknown][] = []
let session: Session

beforeEach(() => {
  vi.useFakeTimers()
  said.length = 0
  session = {
    unread: 0,
    ontalk: null,
    signal: (to: string, data: unknown) => said.push([to, data]),
  } as unknown as Session
})

afterEach(() => vi.useRealTimers())

const line = (person: string, i = 0) => talkOf(session).lines[person]![i]!

test('a line is heard by the other page, or it is said that it was not', () => {
  const talk = talkOf(session)
  talk.say('kay', 'hello')
  const { id } = line('kay')
  expect(said).toEqual([['kay', { talk: { id, text: 'hello' } }]])
  vi.advanceTimersByTime(5_000)
  expect(line('kay').state).toBe('lost')
  talk.again('kay', line('kay'))
  expect(said.length).toBe(2)
  session.ontalk!('kay', { heard: id })
  vi.advanceTimersByTime(5_000)
  expect(line('kay').state).toBe('heard')
})

test('a line is unread until it can be seen, and moves only its own log', async () => {
  vi.useRealTimers()
  let see = (_: boolean) => {}
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(tell: (all: { isIntersecting: boolean }[]) => void) {
        see = (isIntersecting) => (tell([{ isIntersecting }]), flushSync())
      }
      observe() {}
      disconnect() {}
    },
  )
  const room = new Room()
  talkOf(room.session)
  room.enter(Talk, { session: room.session, person: 'ana', alias: 'Ana', request: 's' })
  const hear = (id: string) => (room.session.ontalk!('ana', { id, text: id }), flushSync())
  hear('one')
  expect(seen()).toContain('one')
  expect(room.session.unread).toBe(1)
  see(true)
  hear('two')
  expect(room.session.unread).toBe(0)
  see(false)
  hear('three')
  expect(room.session.unread).toBe(1)
  await room.leave()
  vi.unstubAllGlobals()
})

test('what comes twice is shown once, and its arrival said each time', () => {
  const talk = talkOf(session)
  for (let i = 0; i < 2; i++) session.ontalk!('kay', { id: '1', text: 'I am here' })
  expect(talk.lines.kay!.map(({ text, mine }) => [text, mine])).toEqual([['I am here', false]])
  expect(session.unread).toBe(1)
  expect(said).toEqual(Array(2).fill(['kay', { talk: { heard: '1' } }]))
  session.ontalk!('kay', { id: 5, text: {} })
  expect(talk.lines.kay).toHaveLength(1)
})

test('nothing stays of a talk that ended', () => {
  const talk = talkOf(session)
  session.ontalk!('kay', { id: '1', text: 'one' })
  session.ontalk!('ada', { id: '2', text: 'two' })
  talk.keepOnly(['ada'])
  expect(Object.keys(talk.lines)).toEqual(['ada'])
  talk.keepOnly([])
  expect(JSON.stringify(talk.lines)).toBe('{}')
  expect(session.unread).toBe(0)
})
