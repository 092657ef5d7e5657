import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Room } from '../../test/room'
import { m } from '../paraglide/messages'
import { matters, news, type Matter } from './matters'
import { say } from './watch.svelte'
import { keepWish, quiet, readWish, type Wish } from './wish'

let room: Room
const wish: Wish = { on: true, from: '', to: '', support: true, vibrate: false }
const noon = new Date(2030, 0, 31, 12, 0)
const night = new Date(2030, 0, 31, 23, 30)
const hide = (hidden: boolean) => vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden)

beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  room = new Room()
})

afterEach(async () => {
  await room.leave()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test('quiet hours may cross midnight, and are none without both ends', () => {
  const night = { ...wish, from: '22:00', to: '07:00' }
  const hours = [21, 22, 23, 0, 6, 7].map((hour) => quiet(night, new Date(2030, 0, 31, hour)))
  expect(hours).toEqual([false, true, true, true, true, false])
  expect(quiet({ ...wish, from: '12:00', to: '13:00' }, noon)).toBe(true)
  expect(quiet({ ...wish, from: '13:00', to: '14:00' }, noon)).toBe(false)
  for (const none of [{ from: '22:00' }, { to: '07:00' }, { from: '12:00', to: '12:00' }])
    expect(quiet({ ...wish, ...none }, noon)).toBe(false)
})

test('a keeper’s matters are known again, and only the new ones are told, once for each kind', () => {
  room.server.line.say({
    doc: 'keepers',
    rev: 1,
    is: {
      code: 'ABC234',
      door: {
        mode: 'knock',
        knocking: { b: { alias: 'Ben', n: 1, at: 0 }, c: { alias: 'Cleo', n: 2, at: 0, back: true } },
        links: {},
      },
      support: { s: { person: 'ana', at: 0 }, t: { person: 'ben', at: 0, taken: 'fay' } },
      hold: { minutes: 5, agree: 1, items: { h: { at: 0 } } },
      reports: { r: { at: 0 } },
      deeds: {},
    },
  })
  const now = matters(room.session)
  expect([...now.keys()].sort()).toEqual(['door b', 'held h', 'report r', 'support s'])
  keepWish(wish)
  hide(true)
  const known = new Map<string, Matter>([['held h', 'held']])
  expect(news(known, now, noon).sort()).toEqual(['door', 'report', 'support'])
  expect(news(now, now, noon)).toEqual([])
  keepWish({ ...wish, from: '22:00', to: '07:00' })
  expect(news(known, now, night)).toEqual(['support'])
  keepWish({ ...wish, from: '22:00', to: '07:00', support: false })
  expect(news(known, now, night)).toEqual([])
  hide(false)
  expect(news(known, now, noon)).toEqual([])
  hide(true)
  keepWish({ ...wish, on: false })
  expect(news(known, now, noon)).toEqual([])
})

test('a turn is near for the next in line who is here, and for whoever speaks', () => {
  const turns = {
    ana: { order: 1, standing: 'waiting' },
    me: { order: 2, standing: 'waiting' },
  }
  const go = (now?: string) => {
    room.everyone.step = {
      id: 'round',
      kind: 'goaround',
      title: { en: 'Round' },
      exercise: { now, turns } as never,
    }
    room.show()
    return [...matters(room.session).values()]
  }
  expect(go('ben')).toEqual([])
  room.everyone.people.ana!.away = true
  expect(go('ben')).toEqual(['turn'])
  expect(go('me')).toEqual(['turn'])
})

test('a damaged wish is none, and nothing is shown without leave', async () => {
  localStorage.setItem('notices', '{')
  expect(readWish().on).toBe(false)
  const shown: unknown[] = []
  class Fake {
    static permission = 'denied'
    constructor(...said: unknown[]) {
      shown.push(said)
    }
  }
  vi.stubGlobal('Notification', Fake)
  await say('support')
  expect(shown).toEqual([])
  Fake.permission = 'granted'
  await say('support')
  expect(shown).toEqual([
    [m.notice_title(), { body: m.notice_support(), tag: 'support', icon: '/mend.svg', silent: true }],
  ])
})
