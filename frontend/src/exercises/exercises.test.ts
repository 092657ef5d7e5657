import { afterEach, describe, expect, test, vi } from 'vitest'
import { button, choose, press, Room, seen, submit, type } from '../../test/room'
import { m } from '../paraglide/messages'
import type { CheckInEveryone, GoAroundEveryone, ReadingEveryone } from '../wire.gen'
import CheckIn from './CheckIn.svelte'
import GoAround from './GoAround.svelte'
import Reading from './Reading.svelte'
import Welcome from './Welcome.svelte'

let room: Room
vi.stubGlobal('scrollTo', () => {}) // jsdom has none
afterEach(() => room.leave())

describe('welcome', () => {
  test('one tap, and back', async () => {
    room = new Room({ exercise: { cards: [], agreements: [{ en: 'It stays here.' }] } })
    room.enter(Welcome, { session: room.session })
    press(m.welcome_in())
    expect(room.command).toEqual(['welcome.agree', { in: true }])
    room.own.exercise = { in: true }
    room.show()
    press(m.welcome_not_in())
    expect(room.command).toEqual(['welcome.agree', { in: false }])
  })
})

describe('check-in', () => {
  const scale = [{ en: 'Hard' }, { en: 'Between' }, { en: 'Steady' }]
  const radios = () => [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')]
  const word = () => document.querySelector<HTMLInputElement>('input:not([type])')!
  const tell = () => document.querySelector<HTMLInputElement>('input[type=checkbox]')!

  function enter(more: Partial<CheckInEveryone> = {}) {
    room = new Room({ kind: 'checkin', exercise: { question: { en: 'How do you arrive?' }, scale, ...more } })
    room.enter(CheckIn, { session: room.session })
  }

  test('asks for a place on the scale before it sends anything', () => {
    enter()
    submit()
    expect(room.command).toBeNull()
    expect(document.querySelector('[role=alert]')?.textContent).toBe(m.checkin_missing())
    choose(radios()[1]!)
    expect(document.querySelector('[role=alert]')).toBeNull()
  })

  test('says who will see the answer, before it is sent', () => {
    enter()
    expect(seen()).toContain(m.sees_group())
    choose(tell())
    expect(seen()).toContain(m.sees_group_told())
    expect(seen()).not.toContain(m.sees_group())
  })

  test('sends once however often it is tapped, and keeps what is typed until it is stored', async () => {
    enter()
    choose(radios()[2]!)
    type(word(), '  hopeful ')
    submit()
    submit()
    expect(room.server.line.commands).toHaveLength(1)
    expect(room.command).toEqual(['checkin.answer', { reading: 3, word: 'hopeful', tell: false }])
    expect(sessionStorage.getItem('draft:me.now.word')).toBe('  hopeful ')
    await room.answer()
    expect(sessionStorage.getItem('draft:me.now.word')).toBeNull()
  })

  test('what was typed is there after a reload', () => {
    enter()
    type(word(), 'tired')
    room.enter(CheckIn, { session: room.session })
    expect(word().value).toBe('tired')
  })

  test('an answer can be changed and taken back until answers are closed', () => {
    enter()
    room.own.exercise = { reading: 2, word: 'so so' }
    room.show()
    expect(seen()).toContain('Between · so so')
    press(m.checkin_withdraw())
    expect(room.command).toEqual(['checkin.withdraw', {}])
    press(m.checkin_change())
    expect(radios()[1]!.checked).toBe(true)
    room.everyone.step!.exercise = { question: { en: '?' }, scale, stopped: true }
    room.own.exercise = {}
    room.show()
    expect(seen()).toContain(m.checkin_stopped())
  })

  test('both spreads stand side by side at the end', () => {
    enter({ before: { answers: 4, bins: [3, 1, 0] }, spread: { answers: 5, bins: [0, 1, 4] } })
    expect(seen()).toContain(`${m.spread_before()} ${m.spread_answers({ count: 4 })}`)
    expect(seen()).toContain(`${m.spread_after()} ${m.spread_answers({ count: 5 })}`)
  })
})

describe('reading', () => {
  const passage = (n: number, reader?: string) => ({ text: { en: `Passage ${n}.` }, reader })

  function enter(exercise: ReadingEveryone) {
    room = new Room({ kind: 'reading', exercise })
    room.enter(Reading, { session: room.session })
  }

  test('a passage can be taken and given back', () => {
    enter({ now: 0, passages: { 1: passage(1), 2: passage(2, 'me'), 3: passage(3, 'ana') } })
    press(m.reading_take_number({ number: 1 }))
    expect(room.command).toEqual(['reading.take', { passage: 1 }])
    press(m.reading_give_back())
    expect(room.command).toEqual(['reading.giveBack', { passage: 2 }])
    expect(seen()).toContain(m.reading_taken({ alias: 'Ana' }))
  })

  test('the reader sees their passage and nothing else, and ends it', () => {
    enter({ now: 1, passages: { 1: passage(1, 'me'), 2: passage(2) } })
    expect(seen()).toContain(m.reading_you())
    expect(seen()).not.toContain('Passage 2.')
    press(m.reading_read())
    expect(room.command).toEqual(['reading.done', { passage: 1 }])
  })

  test('the next reader is told, the others listen', () => {
    enter({ now: 1, passages: { 1: passage(1, 'ana'), 2: passage(2, 'me') } })
    expect(seen()).toContain(m.reading_reads({ alias: 'Ana' }))
    expect(seen()).toContain(m.reading_you_next())
  })

  test('a passage nobody took is the facilitator’s', () => {
    enter({ now: 2, passages: { 1: passage(1), 2: passage(2) } })
    expect(seen()).toContain(m.reading_facilitator())
  })
})

describe('go-around', () => {
  const turns = {
    ana: { order: 0, standing: 'speaking' },
    fay: { order: 1, standing: 'waiting' },
    ben: { order: 2, standing: 'later' },
    me: { order: 3, standing: 'waiting' },
  }
  const round: GoAroundEveryone = {
    prompt: { en: 'What stays?' },
    started: true,
    now: 'ana',
    turns,
    each: 90_000,
  }

  function enter(exercise: GoAroundEveryone, standing?: string) {
    room = new Room({ kind: 'goaround', exercise })
    room.own.exercise = { standing }
    room.show()
    room.enter(GoAround, { session: room.session })
  }

  test('says how many come before me: those put off come after', () => {
    enter(round, 'waiting')
    expect(seen()).toContain(m.goaround_speaks({ alias: 'Ana' }))
    expect(seen()).toContain(m.goaround_before({ count: 1 }))
  })

  test('somebody who is away is not waited for', () => {
    enter(round, 'waiting')
    room.everyone.people.fay!.gone = true
    room.show()
    expect(seen()).toContain(m.goaround_next())
  })

  test('passing is possible before my turn and in it', () => {
    enter(round, 'waiting')
    press(m.goaround_pass())
    expect(room.command).toEqual(['goaround.pass', {}])
    room.everyone.step!.exercise = { ...round, now: 'me' }
    room.show()
    press(m.goaround_pass())
    press(m.goaround_later())
    expect(room.command).toEqual(['goaround.later', {}])
    press(m.goaround_done())
    expect(room.command).toEqual(['goaround.done', {}])
  })

  test('cues come on the speaker’s own phone, once', () => {
    const vibrate = vi.fn()
    Object.assign(navigator, { vibrate })
    const live = () => document.querySelector('[aria-live=polite]')?.textContent
    enter({ ...round, now: 'me', turn: { started: 0, ends: 90_000 } }, 'speaking')
    expect(live()).toBe(m.goaround_you())
    room.everyone.step!.exercise = { ...round, now: 'me', minute: { started: 0, ends: 30_000, over: true } }
    room.show()
    room.show()
    expect(live()).toBe(m.goaround_minute())
    expect(vibrate).toHaveBeenCalledTimes(1)
    room.everyone.step!.exercise = { ...round, minute: { started: 0, ends: 30_000, over: true } }
    room.show()
    expect(live()).toBe('')
    expect(vibrate).toHaveBeenCalledTimes(1)
  })

  test('who has spoken is asked nothing more', () => {
    enter(round, 'spoken')
    expect(() => button(m.goaround_pass())).toThrow()
  })
})
