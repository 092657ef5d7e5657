import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Draft, dropDrafts } from './draft.svelte'
import { SeatKeep } from './seat'

const seat = { token: 't', session: 's', person: 'p' }

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})

afterEach(() => vi.restoreAllMocks())

test('a seat stays with the device, one to a code', () => {
  new SeatKeep('ABC234').keep(seat)
  expect(new SeatKeep('ABC234').read()).toEqual(seat)
  expect(new SeatKeep('XYZ789').read()).toBeNull()
})

test('a further seat stays with its tab and leaves the first alone', () => {
  new SeatKeep('ABC234').keep(seat)
  const further = new SeatKeep('ABC234', true)
  expect(further.read()).toBeNull()
  further.keep({ ...seat, token: 'other' })
  expect(new SeatKeep('ABC234').read()?.token).toBe('t')
  further.drop()
  expect(new SeatKeep('ABC234').read()?.token).toBe('t')
})

test('a device that is full keeps the seat in the tab, beside a further one', () => {
  new SeatKeep('ABC234', true).keep({ ...seat, token: 'other' })
  const put = Storage.prototype.setItem
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(function (this: Storage, key, value) {
    if (this === localStorage) throw new DOMException('full', 'QuotaExceededError')
    put.call(this, key, value)
  })
  new SeatKeep('ABC234').keep(seat)
  expect(new SeatKeep('ABC234').read()).toEqual(seat)
  new SeatKeep('ABC234').drop()
  expect(new SeatKeep('ABC234').read()).toBeNull()
  expect(new SeatKeep('ABC234', true).read()?.token).toBe('other')
})

test('what cannot be read is no seat', () => {
  localStorage.setItem('seat:ABC234', '{')
  expect(new SeatKeep('ABC234').read()).toBeNull()
  localStorage.setItem('seat:ABC234', '{"token":7}')
  expect(new SeatKeep('ABC234').read()).toBeNull()
})

test('a draft outlives a reload until it is sent or its person leaves', () => {
  new Draft('word').value = 'tired'
  expect(new Draft('word').value).toBe('tired')
  new Draft('word').sent()
  expect(new Draft('word').value).toBe('')
  new Draft('note').value = 'come over'
  dropDrafts()
  expect(new Draft('note').value).toBe('')
})
