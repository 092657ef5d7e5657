import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { attend } from '../bowl/attendance.svelte'
import { button, press, Room, seen, submit, type } from '../../test/room'
import { m } from '../paraglide/messages'
import type { BowlEveryone, BowlFacilitators, BowlStage } from '../wire.gen'
import Bowl from './Bowl.svelte'
import BowlLead from './BowlLead.svelte'
import BowlStageView from './BowlStage.svelte'

let room: Room

beforeEach(() => void vi.stubGlobal('scrollTo', () => {}))
afterEach(() => {
  attend(room.session).close()
  vi.unstubAllGlobals()
  return room.leave()
})

const keys = { share: 'AAAA', marks: 'BBBB' }
const open: BowlEveryone = { phase: 'open', bowl: 'b', question: { en: 'Why?' }, size: 6, keys }
const shares = {
  one: { text: 'The first share.', key: 'k' },
  two: { text: 'The second share.', key: 'k', marks: 4 },
}
const poured: BowlEveryone = { ...open, phase: 'poured', spent: {}, slot: 15_000, shares, now: 'two' }

describe('a participant', () => {
  function enter(exercise: BowlEveryone, own: object = {}) {
    room = new Room({ kind: 'bowl', exercise })
    room.own.exercise = own
    room.show()
    room.enter(Bowl, { session: room.session })
  }

  const told = (text: string) => vi.waitFor(() => (flushSync(), expect(seen()).toContain(text)), 3_000)

  test('is asked nothing before a bowl is opened', () => {
    enter({ phase: '' })
    expect(seen()).toContain(m.bowl_soon())
    expect(document.querySelector('textarea')).toBeNull()
  })

  test('who came later is told why, and reads what is opened all the same', async () => {
    enter(open)
    await told(m.bowl_outside_more())
    expect(document.querySelector('textarea')).toBeNull()
    room.everyone.step!.exercise = poured
    room.show()
    expect(seen()).toContain('The second share.')
    expect(() => button(m.bowl_me_too())).toThrow()
  })

  test('without a protected connection paper is offered', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
    enter(open, { in: true })
    await told(m.bowl_insecure_more())
  })

  test('one share stands before the group; who reads it is told; a number only where there is one', () => {
    enter({ ...poured, reader: 'me' })
    expect(seen()).toContain(m.bowl_you_read())
    expect(document.querySelector('.present')?.textContent).toBe('The second share.')
    expect(seen()).toContain(m.bowl_marks({ count: 4 }))
    room.everyone.step!.exercise = { ...poured, now: 'one', reader: 'ana' }
    room.show()
    expect(seen()).toContain(m.bowl_reads({ alias: 'Ana' }))
    press(m.bowl_volunteer())
    expect(room.command).toEqual(['share.read', { in: true }])
  })
})

describe('a facilitator', () => {
  let theirs: BowlFacilitators

  function enter(exercise: BowlEveryone, more: Partial<BowlFacilitators> = {}) {
    theirs = { questions: [{ en: 'Why?' }, { en: 'What for?' }], here: 6, agree: 1, shares: {}, ...more }
    room = new Room({ kind: 'bowl', exercise })
    room.server.line.say({ doc: 'facilitators', rev: 1, is: { support: {}, spent: {}, exercise: theirs } })
    room.enter(BowlLead, { session: room.session })
  }

  async function refuse(reason: string) {
    const id = room.server.line.commands.at(-1)?.id
    room.server.line.say({ no: id, error: { code: 'conflict', reason, message: '' } })
    await new Promise((done) => setTimeout(done))
    flushSync()
  }

  test('chooses a question or writes one, and is asked again when people are few', async () => {
    enter({ phase: '' }, { here: 3 })
    submit()
    expect(room.command).toEqual(['bowl.open', { question: 1 }])
    await refuse('bowl_small')
    expect(seen()).toContain(m.bowl_lead_small_more())
    press(m.bowl_lead_anyway())
    expect(room.command).toEqual(['bowl.open', { question: 1, anyway: true }])
  })

  test('closing is asked twice', () => {
    enter(open, { check: { en: 'river lamp seven north' } })
    expect(seen()).toContain('river lamp seven north')
    press(m.bowl_lead_close())
    expect(room.command).toBeNull()
    expect(seen()).toContain(m.bowl_lead_close_does())
    press(m.bowl_lead_close_sure())
    expect(room.command).toEqual(['bowl.close', {}])
  })

  test('a refusal stands beside what was refused', async () => {
    enter(poured, { shares: { one: shares.one } })
    press(m.bowl_lead_keep())
    expect(room.command).toEqual(['share.keep', { share: 'one' }])
    await refuse('no_share')
    expect(document.querySelector('li [role=alert]')?.textContent).toBe(m.refusal_no_share())
  })

  test('agrees where another has asked, and waits where it is the other’s turn', () => {
    enter(
      { ...poured, now: '' },
      {
        agree: 2,
        shares: {
          one: { ...shares.one, agreed: { fay: true } },
          two: { ...shares.two, agreed: { me: true } },
        },
      },
    )
    expect(seen()).toContain(m.bowl_lead_asked())
    expect(seen()).toContain(m.bowl_lead_agreed())
    press(m.bowl_lead_agree())
    expect(room.command).toEqual(['share.open', { share: 'one' }])
  })

  test('an answer too long to be sealed is said so, and nothing is sent', async () => {
    enter(poured, { shares: { one: shares.one } })
    press(m.bowl_lead_answer())
    type(document.querySelector('li textarea')!, '語'.repeat(1_000))
    document.querySelector('li form')!.dispatchEvent(new Event('submit', { cancelable: true }))
    await vi.waitFor(() => {
      flushSync()
      expect(document.querySelector('li [role=alert]')?.textContent).toBe(m.refusal_too_long())
    })
    expect(room.command).toBeNull()
  })

  test('shows the next only while one is open', () => {
    enter(poured, { shares: { one: { ...shares.one, ruling: 'kept' } } })
    expect(button(m.bowl_lead_next()).disabled).toBe(true)
    expect(seen()).toContain(m.bowl_lead_is_kept())
  })
})

describe('the stage', () => {
  function enter(exercise: BowlStage) {
    vi.stubGlobal('ResizeObserver', function (this: object) {
      Object.assign(this, { observe() {}, disconnect() {} })
    })
    room = new Room()
    const step = { id: 'now', kind: 'bowl', title: { en: 'Now' }, exercise }
    room.server.line.say({ doc: 'stage', rev: 1, is: { session: room.everyone.session, agenda: {}, step } })
    room.server.line.say({ gone: 'everyone' })
    room.enter(BowlStageView, { session: room.session })
  }

  test('asks to compare, and promises nothing where people are few', () => {
    enter({ phase: 'open', question: { en: 'Why?' }, size: 3, small: true, check: { en: 'a b c d' } })
    expect(seen()).toContain('a b c d')
    expect(seen()).toContain(m.bowl_stage_small())
    expect(seen()).not.toContain(m.bowl_stage_size({ count: 3 }))
  })

  test('one share large, and a number only where there is one', () => {
    enter({ phase: 'poured', text: 'A share.' })
    expect(seen()).toContain('A share.')
    expect(document.querySelector('.marks')?.textContent).toBe('')
  })
})
