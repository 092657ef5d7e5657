import { describe, expect, test } from 'vitest'
import { example } from '../test/server'
import { merge, type Json } from './merge'

// The table of RFC 7396, appendix A: target, patch, result.
const cases: [Json, Json, Json][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
]

describe('merge', () => {
  test.each(cases)('%j with %j is %j', (target, patch, result) => {
    expect(merge(target, patch)).toEqual(result)
  })

  test('the example of the protocol', () => {
    const { is, patches, becomes } = example('merge') as { is: Json; patches: Json[]; becomes: Json }
    expect(patches.reduce(merge, is)).toEqual(becomes)
  })

  test('leaves its arguments alone, and what did not change as it was', () => {
    const people = { a: { alias: 'Wren' } }
    const target = { people, step: { id: 'one' } }
    const merged = merge(target, { step: { id: 'two' } }) as typeof target
    expect(target.step.id).toBe('one')
    expect(merged.people).toBe(people)
  })

  test('a member named __proto__ is only a member', () => {
    const merged = merge({}, JSON.parse('{"__proto__":{"role":"facilitator"}}') as Json) as { role?: string }
    expect(merged.role).toBeUndefined()
    expect(Object.prototype).not.toHaveProperty('role')
  })
})
