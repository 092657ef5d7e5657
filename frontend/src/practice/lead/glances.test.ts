import { expect, test } from 'vitest'
import type { RoomGlance } from '../../wire.gen'
import { atIt, byNeed, byNumber, finished } from './glances'

const room = (number: number, more: Partial<RoomGlance> = {}): RoomGlance => ({
  number,
  members: {},
  ...more,
})

test('help comes first, then an invitation, a pause, and the number', () => {
  const rooms = {
    a: room(1),
    b: room(2, { paused: true }),
    c: room(3, { help: 'invite' }),
    d: room(4, { help: 'help', paused: true }),
    e: room(5),
  }
  expect(byNeed(rooms).map(({ number }) => number)).toEqual([4, 3, 2, 1, 5])
  expect(byNumber(rooms).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
})

test('a room is finished once it steps out of role', () => {
  expect(['consent', 'again', 'out', 'waiting', 'done'].map((phase) => finished(room(1, { phase })))).toEqual(
    [false, false, true, true, true],
  )
})

test('rooms are cut off by going on only while some are at it', () => {
  const during = (kind: string, stage: string, ...phases: string[]) => {
    const rooms = Object.fromEntries(phases.map((phase, i) => [i, room(i, { phase })]))
    return atIt({ step: { kind, exercise: { stage } }, facilitators: { exercise: { rooms } } } as never)
  }
  expect(during('practice', 'open', 'done', 'rehearse')).toBe(true)
  expect(during('practice', 'back', 'consent')).toBe(true)
  expect(during('practice', 'open', 'done', 'out', 'waiting')).toBe(false)
  expect(during('practice', 'forming', '')).toBe(false)
  expect(during('checkin', 'open', 'rehearse')).toBe(false)
})
