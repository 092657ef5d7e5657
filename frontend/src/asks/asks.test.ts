// What a family seat is asked, and that everything that is asked is there in both languages.

import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Room, seen } from '../../test/room'
import { device } from '../device/device.svelte'
import AmendsMap from '../exercises/AmendsMap.svelte'
import AnswerNo from '../exercises/AnswerNo.svelte'
import Commitments from '../exercises/Commitments.svelte'
import Letter from '../exercises/Letter.svelte'
import OtherShoes from '../exercises/OtherShoes.svelte'
import SelfAmends from '../exercises/SelfAmends.svelte'
import { m } from '../paraglide/messages'
import content from './asks.json'

let room: Room | undefined
const both = { en: 'what everybody is asked' }
const own = { en: 'what this family seat is asked' }
const writing = {
  prompt: both,
  prompts: [both],
  minutes: 5,
  neglect: both,
  kind: both,
  practical: both,
  witness: both,
}

beforeEach(() => device.again())
afterEach(async () => {
  await room?.leave()
  room = undefined
})

async function sit(side: string, exercise: object, Exercise: typeof Letter) {
  room = new Room({ exercise })
  room.own.side = side
  room.show()
  room.enter(Exercise, { session: room.session })
  await vi.waitFor(() => {
    flushSync()
    expect(seen()).toContain(m.mine_only())
  })
}

describe.each([
  ['amendsmap', AmendsMap, content.family.amendsmap.prompt.en],
  ['commitments', Commitments, content.family.commitments.prompt.en],
  ['letter', Letter, content.family.letter.prompts[3]!.en],
  ['othershoes', OtherShoes, content.family.othershoes.prompts[2]!.en],
  ['selfamends', SelfAmends, content.family.selfamends.neglect.en],
])('%s', (_, Exercise, asked) => {
  test('asks a family seat its own questions', async () => {
    await sit('family', writing, Exercise)
    expect(seen()).toContain(asked)
    expect(seen()).not.toContain(both.en)
  })

  test('in the words of the programme, if it has some', async () => {
    const family = { prompt: own, prompts: [own], neglect: own, kind: own, practical: own }
    await sit('family', { ...writing, family }, Exercise)
    expect(seen()).toContain(own.en)
    expect(seen()).not.toContain(both.en)
  })

  test('asks those in recovery what it always did', async () => {
    await sit('recovery', { ...writing, family: { prompt: own, prompts: [own] } }, Exercise)
    expect(seen()).toContain(both.en)
    expect(seen()).not.toContain(own.en)
    expect(seen()).not.toContain(asked)
  })
})

describe('when the answer is no', () => {
  const card = { response: 'refusal', words: both, answers: [] as object[] }
  const step = { prompt: both, minutes: 2, at: 1, of: 1, card }
  const { words, answers } = content.answerno.refusal

  test('a family seat is who is asked, and sees ways to say no once they are shown', async () => {
    await sit('family', step, AnswerNo)
    expect(seen()).toContain(words.en)
    expect(seen()).not.toContain(both.en)
    expect(seen()).not.toContain(answers[0]!.en)
    room!.everyone.step!.exercise = { ...step, card: { ...card, answers: [both] } }
    room!.show()
    expect(seen()).toContain(answers[0]!.en)
    expect(seen()).not.toContain(both.en)
  })
})

test('all of it is there in both languages, and no response is without its card', () => {
  const short: string[] = []
  const look = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) return
    if ('en' in value || 'es' in value) {
      const { en, es } = value as Record<string, string>
      if (!en?.trim() || !es?.trim()) short.push(path)
    } else for (const [key, inside] of Object.entries(value)) look(inside, `${path}.${key}`)
  }
  look(content, '')
  expect(short).toEqual([])
  expect(Object.keys(content.answerno).sort()).toEqual(['anger', 'owe', 'refusal', 'silence', 'tears'])
})
