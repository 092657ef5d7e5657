import { describe, expect, test } from 'vitest'
import type { PracticeEveryone, PracticeOwn, RoomView } from '../wire.gen'
import { callers, screen, waitedFor } from './screen'

const group = (stage: string) => ({ stage }) as PracticeEveryone
const own = (more: Partial<PracticeOwn> = {}): PracticeOwn => ({ part: 'play', ...more })
const room = (more: Partial<RoomView> = {}): RoomView => ({
  room: 'r',
  number: 1,
  members: {},
  phase: 'rehearse',
  turn: 1,
  turns: 3,
  terms: {},
  messages: {},
  ...more,
})
const mine = own({ room: 'r' })

describe('which screen', () => {
  test.each([
    ['forming', own(), 'wishing'],
    ['forming', undefined, 'wishing'],
    ['forming', own({ part: 'rest' }), 'resting'],
    ['open', own({ part: 'rest' }), 'resting'],
    ['open', own({ waiting: true }), 'waiting'],
    ['open', mine, 'entering'],
    ['debrief', own(), 'debrief'],
    ['debrief', own({ inRole: true }), 'out'],
    ['grounding', own({ part: 'rest' }), 'grounding'],
  ] as const)('%s without a room', (stage, who, expected) => {
    expect(screen(group(stage), who)).toBe(expected)
  })

  test.each([
    ['consent', 'consent'],
    ['prepare', 'round'],
    ['rehearse', 'round'],
    ['speaker', 'round'],
    ['listener', 'round'],
    ['observer', 'round'],
    ['again', 'round'],
    ['out', 'out'],
    ['waiting', 'between'],
    ['done', 'done'],
  ] as const)('in a room at %s', (phase, expected) => {
    expect(screen(group('open'), mine, room({ phase }))).toBe(expected)
    expect(screen(group('back'), mine, room({ phase }))).toBe(expected)
  })

  test('a stop goes before every phase', () => {
    expect(screen(group('open'), mine, room({ stopped: true, phase: 'consent' }))).toBe('paused')
  })

  test('nobody slips past stepping out', () => {
    const playing = { ...mine, inRole: true }
    expect(screen(group('open'), playing, room({ phase: 'done' }))).toBe('out')
    expect(screen(group('open'), playing, room({ phase: 'waiting' }))).toBe('out')
    expect(screen(group('open'), own({ part: 'rest', inRole: true }))).toBe('out')
  })

  test('an earlier role is left before anything else in the room one is in now, but not before a stop', () => {
    const earlier = { ...mine, inRole: true, outFirst: true }
    for (const phase of ['consent', 'prepare', 'rehearse', 'observer'])
      expect(screen(group('open'), earlier, room({ phase }))).toBe('out')
    expect(screen(group('open'), earlier, room({ stopped: true }))).toBe('paused')
  })

  test('who leads is asked nothing unless they take part', () => {
    expect(screen(group('forming'), own({ part: 'rest' }), undefined, true)).toBe('outside')
    expect(screen(group('forming'), own({ part: 'play' }), undefined, true)).toBe('wishing')
  })
})

test('visitors call after those who sit in the room; those who are ready are not waited for', () => {
  const full = room({
    members: { b: { n: 1 }, a: { n: 2, ready: true }, c: { n: 0 } },
    visitors: { f: true },
  })
  expect(callers(full)).toEqual(['c', 'b', 'a', 'f'])
  expect(waitedFor(full)).toEqual(['c', 'b'])
})
