import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { button, choose, press, Room, seen, submit, type } from '../../test/room'
import Feedback from '../exercises/Feedback.svelte'
import Grounding from '../exercises/Grounding.svelte'
import Poll from '../exercises/Poll.svelte'
import Sort from '../exercises/Sort.svelte'
import { feedbackText } from '../facilitator/feedback'
import Help from '../help/Help.svelte'
import { m } from '../paraglide/messages'
import Outline from '../ui/Outline.svelte'
import type { PollEveryone, SortEveryone } from '../wire.gen'

let room: Room
let calm = { matches: true, addEventListener: () => {}, removeEventListener: () => {} }
beforeEach(() => void vi.stubGlobal('matchMedia', () => calm))
afterEach(async () => {
  await room.leave()
  vi.unstubAllGlobals()
})

const options = [{ en: 'Fear' }, { en: 'Shame' }, { en: 'Money' }]

describe('poll', () => {
  const radios = () => [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')]
  const boxes = () => [...document.querySelectorAll<HTMLInputElement>('input[type=checkbox]')]

  function enter(more: Partial<PollEveryone> = {}) {
    room = new Room({
      kind: 'poll',
      exercise: { question: { en: 'What?' }, form: 'single', options, ...more },
    })
    room.enter(Poll, { session: room.session })
  }

  test('says who sees it, asks for a choice, and sends it once', async () => {
    enter()
    expect(seen()).toContain(m.poll_sees())
    submit()
    expect(room.command).toBeNull()
    expect(seen()).toContain(m.poll_missing())
    choose(radios()[1]!)
    submit()
    submit()
    expect(room.server.line.commands).toHaveLength(1)
    expect(room.command).toEqual(['poll.answer', { choices: [2] }])
    await room.answer()
    room.own.exercise = { choices: [2] }
    room.show()
    expect(seen()).toContain('Shame')
    press(m.poll_withdraw())
    expect(room.command).toEqual(['poll.withdraw', {}])
  })

  test('no more than may be chosen', () => {
    enter({ form: 'several', most: 2 })
    choose(boxes()[0]!)
    choose(boxes()[2]!)
    expect(boxes()[1]!.disabled).toBe(true)
    submit()
    expect(room.command).toEqual(['poll.answer', { choices: [1, 3] }])
  })

  test('an order is made with buttons', () => {
    enter({ form: 'order' })
    button(m.poll_down({ name: 'Fear' })).click()
    submit()
    expect(room.command).toEqual(['poll.answer', { choices: [2, 1, 3] }])
    expect(button(m.poll_up({ name: 'Shame' })).disabled).toBe(true)
  })

  test('what was chosen is there after a reload', () => {
    enter()
    choose(radios()[2]!)
    room.enter(Poll, { session: room.session })
    expect(radios()[2]!.checked).toBe(true)
  })

  test('a word is sent as it is, and shown without a name', () => {
    enter({ form: 'words', options: undefined })
    type(document.querySelector('input')!, ' relief ')
    submit()
    expect(room.command).toEqual(['poll.answer', { word: 'relief' }])
    room.everyone.step!.exercise = {
      question: { en: 'What?' },
      form: 'words',
      counted: true,
      revealed: true,
      words: ['fear', 'relief'],
      talk: { en: 'What surprised you?' },
    }
    room.show()
    expect(seen()).toContain('relief')
    expect(seen()).toContain('What surprised you?')
    expect(document.querySelector('form')).toBeNull()
  })
})

describe('outline', () => {
  const labels = ['Fear', 'Shame', 'Money']
  const draw = (outline: object) => {
    room = new Room()
    room.enter(Outline, { labels, outline: outline as never })
    return seen()
  }

  test('says what the server tells, in numbers or in words', () => {
    const counted = { answers: 20, portions: [{ count: 9 }, { as: 'merged' }, { as: 'merged' }], rest: 11 }
    expect(draw(counted)).toMatch(/Fear 9.*Shame.*Money.*11/)
    expect(draw({ answers: 10, portions: [{ as: 'first' }, {}, {}] })).toContain(m.outline_first())
    expect(draw({ answers: 5 })).toBe(m.outline_small({ count: 5 }))
  })
})

describe('sort', () => {
  const cards = { 1: { text: { en: 'Sorry' } }, 2: { text: { en: 'I paid it back' } } }
  const places = [{ en: 'An apology' }, { en: 'Amends' }]
  const base: SortEveryone = { question: { en: 'Which?' }, places, cards }

  test('one card at a time, then all of them, then handed in at once', () => {
    room = new Room({ kind: 'sort', exercise: base })
    room.enter(Sort, { session: room.session })
    expect(seen()).toContain('Sorry')
    expect(seen()).not.toContain('I paid it back')
    press('An apology')
    expect(room.command).toBeNull()
    room.enter(Sort, { session: room.session }) // a reload
    expect(seen()).toContain('I paid it back')
    press('Amends')
    press(`${m.sort_change()}: Sorry`)
    press('Amends')
    press(m.sort_send())
    expect(room.command).toEqual(['sort.place', { places: [2, 2] }])
  })

  test('together: the card, where one put it oneself, what there is to talk about', () => {
    room = new Room({
      kind: 'sort',
      exercise: {
        ...base,
        cards: { 1: { text: { en: 'Sorry' }, settled: 1 }, 2: cards[2] },
        revealed: true,
        card: 1,
        prompt: { en: 'What would help?' },
      },
    })
    room.own.exercise = { places: [2, 2] }
    room.show()
    room.enter(Sort, { session: room.session })
    expect(seen()).toContain(m.sort_mine({ place: 'Amends' }))
    expect(seen()).toContain(m.sort_settled({ place: 'An apology' }))
    expect(seen()).toContain('What would help?')
  })
})

describe('grounding', () => {
  const shown = {
    words: { en: 'Choose.' },
    breathing: [{ breath: 'calm', beats: [4, 4, 6] }],
    guides: [{ name: { en: 'Feet' }, each: 10, lines: [{ en: 'Feel the floor.' }, { en: 'It holds.' }] }],
  }

  test('begins for nobody; going along is in step with the group and told to nobody', () => {
    calm = { ...calm, matches: true }
    const started = Date.now() - 5_000
    room = new Room({ kind: 'grounding', exercise: { ...shown, now: { breath: 'calm', started } } })
    room.enter(Grounding, { session: room.session })
    expect(seen()).not.toContain(m.pacer_hold())
    press(`${m.grounding_along()}: ${m.pacer_calm()}`)
    expect(seen()).toContain(m.pacer_hold()) // five seconds into it
    expect(document.querySelector('svg')).toBeNull() // without movement, words alone
    press(m.pacer_stop())
    expect(seen()).toContain('Choose.')
    expect(room.command).toBeNull()
  })

  test('a guide goes at one’s own pace', () => {
    room = new Room({ kind: 'grounding', exercise: shown })
    room.enter(Grounding, { session: room.session })
    press('Feet')
    expect(seen()).toContain('Feel the floor.')
    press(m.grounding_next())
    expect(seen()).toContain('It holds.')
  })
})

describe('feedback', () => {
  const questions = [{ ask: { en: 'Safe?' }, scale: [{ en: 'No' }, { en: 'Partly' }, { en: 'Yes' }] }]

  test('one answer is enough, and can be left out again', () => {
    room = new Room({ kind: 'feedback', exercise: { questions, comment: { en: 'What else?' } } })
    room.enter(Feedback, { session: room.session })
    submit()
    expect(seen()).toContain(m.feedback_missing())
    choose(document.querySelectorAll<HTMLInputElement>('input[type=radio]')[2]!)
    press(`${m.feedback_skip()}: Safe?`)
    type(document.querySelector('textarea')!, 'A break.')
    submit()
    expect(room.command).toEqual(['feedback.give', { places: [0], comment: 'A break.' }])
  })

  test('the file holds what the page shows', () => {
    room = new Room()
    const outline = { answers: 8, portions: [{ as: 'merged' }, { as: 'merged' }, { count: 4 }], rest: 4 }
    const result = {
      title: { en: 'T' },
      scales: [{ ...questions[0]!, outline }],
      comment: { en: 'What else?' },
      comments: ['A break.'],
    }
    const text = feedbackText([result], (words) => words?.en ?? '')
    expect(text).toContain('Yes: 4')
    expect(text).toContain(`${m.outline_rest()}: 4`)
    expect(text).toContain('What else?\n– A break.')
  })
})

describe('who can help', () => {
  const legal = {
    topic: 'legal',
    name: { en: 'Legal aid' },
    phone: '555 0100',
    web: 'https://legal.example.org',
    speaks: ['es'],
  }

  async function enter(answer: () => Promise<unknown>, topic: 'legal' | 'debt') {
    vi.stubGlobal('fetch', answer)
    room = new Room()
    room.enter(Help, { topic })
    await vi.waitFor(() => expect(seen()).toMatch(/555 0100|Nobody is listed|cannot be fetched/))
  }

  test('opens at the topic, with a number to tap and an address to read', async () => {
    await enter(async () => new Response(JSON.stringify({ languages: ['en'], helpers: [legal] })), 'legal')
    const open = document.querySelector('details[open]')!
    expect(open.textContent).toContain('Legal aid')
    expect(open.textContent).toContain('Spanish')
    expect([...open.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual(['tel:5550100'])
    expect(document.activeElement?.textContent).toBe(m.help_legal())
  })

  test('where nobody is listed, and without a line, it says what to ask for', async () => {
    await enter(async () => new Response(JSON.stringify({ languages: ['en'], helpers: [legal] })), 'debt')
    expect(document.querySelector('details[open]')?.textContent).toContain(m.help_debt_ask())
    await enter(() => Promise.reject(new Error('no line')), 'debt')
    expect(document.querySelector('details[open]')?.textContent).toContain(m.help_debt_ask())
    expect(seen()).toContain(m.help_lost())
  })
})
