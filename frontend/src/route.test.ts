import { beforeEach, expect, test } from 'vitest'
import { route, takeKey, tidyCode } from './route'

const at = (address: string) => route(new URL(address, 'http://test'))

test.each([
  ['/', { page: 'door' }],
  ['/j/QVHWCY', { page: 'room', code: 'QVHWCY', further: false }],
  ['/j/qvh-wcy', { page: 'room', code: 'QVHWCY', further: false }],
  ['/j/QVHWCY?seat=new', { page: 'room', code: 'QVHWCY', further: true }],
  ['/j/%E0%A4', { page: 'room', code: 'E0A4', further: false }],
  ['/stage', { page: 'stage' }],
  ['/demo', { page: 'demo' }],
  ['/lead', { page: 'lead' }],
  ['/setup', { page: 'setup' }],
  ['/mine', { page: 'mine' }],
  ['/knows', { page: 'knows' }],
  ['/elsewhere', { page: 'lost' }],
])('%s', (address, expected) => {
  expect(at(address)).toEqual(expected)
})

test.each([
  ' qvh wcy ',
  'QVH-WCY.',
  'ＱＶＨＷＣＹ', // as some keyboards write
  'https://rooms.example.org/j/QVHWCY',
  ' rooms.example.org/j/qvhwcy?seat=new#key ',
])('a code may be typed or pasted as people do: %s', (typed) => {
  expect(tidyCode(typed)).toBe('QVHWCY')
})

beforeEach(() => history.replaceState(null, '', '/'))

test('a key leaves the address bar when it is taken', () => {
  history.replaceState(null, '', '/demo#secret')
  expect(takeKey()).toBe('secret')
  expect(location.href).not.toContain('secret')
  expect(location.hash).toBe('')
})
