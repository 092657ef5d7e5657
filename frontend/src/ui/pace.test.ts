import { expect, test } from 'vitest'
import { breath } from './pace'

const calm = [4, 4, 6]
const square = [4, 4, 4, 4]

test('a breath goes in, holds, goes out and begins again', () => {
  expect(breath(calm, 0)).toEqual({ part: 'in', second: 1, of: 4, full: 0 })
  expect(breath(calm, 3_999)).toMatchObject({ part: 'in', second: 4 })
  expect(breath(calm, 4_000)).toEqual({ part: 'hold', second: 1, of: 4, full: 1 })
  expect(breath(calm, 8_000)).toMatchObject({ part: 'out', second: 1, full: 1 })
  expect(breath(calm, 13_999)).toMatchObject({ part: 'out', second: 6 })
  expect(breath(calm, 14_000)).toEqual(breath(calm, 0))
  expect(breath(square, 12_500)).toEqual({ part: 'rest', second: 1, of: 4, full: 0 })
})

test('two devices that know the same beginning are in step, also one whose clock is behind it', () => {
  expect(breath(square, 160_000 + 5_000)).toEqual(breath(square, 5_000))
  expect(breath(calm, -14_000 + 2_000)).toEqual(breath(calm, 2_000))
})

test('nothing jumps: between two drawings the circle hardly changes', () => {
  for (const beats of [calm, square])
    for (let at = 0; at < 60_000; at += 16)
      expect(Math.abs(breath(beats, at + 16).full - breath(beats, at).full)).toBeLessThan(0.01)
})
