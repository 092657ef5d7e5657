import { expect, test } from 'vitest'
import type { RoomGlance } from '../../wire.gen'
import { byNeed, byNumber, finished } from './glances'

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
