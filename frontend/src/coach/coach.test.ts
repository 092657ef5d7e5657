import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { coach, kinds, type Rules } from './coach'
import { sentences } from './fold'
import { every } from './languages'
import { names } from './names'
import { tongueOf } from './tongue'
import { heldOut, labelled, measure, report } from './labelled'

const LEAST_PRECISION = 0.9
const LEAST_RECALL = 0.8
const MOST_GOOD_MARKED = 0.02
const languages = every.map((rules): [string, Rules] => [rules.tongue, rules])

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const marked = (text: string) =>
  coach(text, ...every).map(({ kind, from, to }) => [kind, text.slice(from, to)])

describe.each(languages)('the rules in %s', (language, rules) => {
  const examples = kinds.flatMap((kind) => rules.kinds[kind].rules.map((rule, i) => ({ kind, i, rule })))

  it.each(examples)('$kind $i does as its examples say', ({ kind, rule }) => {
    for (const text of rule.marks ?? [])
      expect(coach(text, rules), text).toContainEqual(expect.objectContaining({ kind }))
    for (const text of rule.spares ?? []) expect(coach(text, ...every), text).toEqual([])
  })

  it('name messages that both languages have', () => {
    for (const locale of ['en', 'es']) {
      const messages = JSON.parse(read(`../../messages/${locale}.json`))
      for (const kind of kinds) {
        expect(messages).toHaveProperty(rules.kinds[kind].says)
        expect(messages).toHaveProperty(rules.kinds[kind].asks)
      }
    }
  })

  it('have as many good sentences as bad ones beside them, and enough of both', () => {
    for (const half of ['tuning', 'test', 'fresh'] as const) {
      const sentences = labelled(language, half)
      const good = sentences.filter(({ kinds }) => kinds.length === 0).length
      expect(good / sentences.length, half).toBeGreaterThanOrEqual(0.49)
    }
    expect(heldOut(language).length).toBeGreaterThanOrEqual(300)
  })
})

describe('the sentences no rule was written on', () => {
  const measured = Object.fromEntries(
    languages.map(([language]) => [language, measure(heldOut(language), every)]),
  )

  it.each(Object.entries(measured))('are read rightly in %s', (_, { scores, marked, good }) => {
    for (const { kind, precision, recall } of scores) {
      expect(precision, `precision of ${kind}`).toBeGreaterThanOrEqual(LEAST_PRECISION)
      expect(recall, `recall of ${kind}`).toBeGreaterThanOrEqual(LEAST_RECALL)
    }
    expect(marked.length / good, marked.join('\n')).toBeLessThanOrEqual(MOST_GOOD_MARKED)
  })

  it('stand with their figures in the README: npm run coach:measure', () => {
    const plain = (table: string) => table.replace(/ *\| */g, '|').replace(/-{3,}/g, '---')
    expect(plain(read('labelled/README.md'))).toContain(plain(report(measured)))
  })
})

describe('the coach', () => {
  it('gives places in the text as it was typed', () => {
    expect(marked('I’m so sorry 😔 — but you left.')).toEqual([['but', 'but']])
    expect(marked('Perdo\u0301name, mamá')).toEqual([['forgive', 'Perdo\u0301name']])
    expect(marked('  İ.  PLEASE FORGIVE ME')).toEqual([['forgive', 'PLEASE FORGIVE ME']])
  })

  it('reads two languages in one draft', () => {
    expect(marked('lo siento pero you made me do it').map(([kind]) => kind)).toEqual(['but', 'blame'])
  })

  it('reads each sentence by the rules of its language, and by all when it is not sure', () => {
    expect(tongueOf('i took the money and i lied to you')).toBe('en')
    expect(tongueOf('te menti y me lleve el dinero de la casa')).toBe('es')
    expect(tongueOf('no, mama')).toBeUndefined()
    expect(marked('No me digas nada. If you hadn’t left me I would be fine.').map(([kind]) => kind)).toEqual([
      'blame',
    ])
  })

  it('leaves quoted words to whoever said them', () => {
    expect(marked('I used to shout “you made me do it” at you.')).toEqual([])
    expect(marked('Decía «fue tu culpa» y era mentira.')).toEqual([])
    expect(marked('"Can you forgive me?"')).toHaveLength(1)
  })

  it('joins what touches in one kind, and keeps what overlaps in two', () => {
    const found = coach("If you don't forgive me I'll kill myself.", ...every)
    expect(found.map(({ kind }) => kind).sort()).toEqual(['forgive', 'self-threat'])
    for (const { from, to } of found) expect(to).toBeGreaterThan(from)
  })

  it.each(['', ' ', '\n\n', '…', '"', '\ud800', "'".repeat(500), '('.repeat(500)])('bears %j', (text) => {
    expect(coach(text, ...every)).toEqual([])
  })

  it('lets a guess speak only where nothing surer did', () => {
    expect(marked('It was fun. It was just a tiny dent.').map(([kind]) => kind)).toEqual(['minimise'])
    expect(marked('I’m sorry, but that’s how I was raised.').map(([kind]) => kind)).toEqual(['but'])
    expect(marked('That’s how I was raised.').map(([kind]) => kind)).toEqual(['excuse'])
  })

  it('finds in a line of any length what stands at its end', () => {
    const long = 'I came home and I sat down at the table '.repeat(300)
    const at = coach(`${long}and please forgive me`, ...every)
    expect(at).toEqual([{ kind: 'forgive', from: long.length + 4, to: long.length + 21 }])
  })

  it('looks at no more than a short piece at a time, so that a long line costs no more than its length', () => {
    for (const word of ['me ', 'i lied because i was so tired and ', 'a', '- , ']) {
      const line = word.repeat(10_000 / word.length)
      const pieces = sentences(line)
      expect(Math.max(0, ...pieces.map(({ text }) => text.length))).toBeLessThanOrEqual(500)
      for (const { from, text } of pieces) expect(line.slice(from, from + text.length)).toBe(text)
    }
  })

  it('reads a long draft without a full stop while a hand rests', () => {
    const long = 'i took it and i lied and you know how i was so tired if you had been and then but '.repeat(
      50,
    )
    const began = performance.now()
    coach(long.slice(0, 4000), ...every)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  it('is small enough to load when somebody begins to write', () => {
    for (const rules of every) {
      const carried = JSON.stringify(rules, (key, value) =>
        key === 'marks' || key === 'spares' ? undefined : value,
      )
      expect(gzipSync(carried).length, rules.tongue).toBeLessThan(60 * 1024)
    }
  })
})

describe('what may be a name', () => {
  it.each([
    ['I lied to Luis and to my brother Tom about it.', ['Luis', 'Tom']],
    ['I took it from Mom on Sunday, in March. God knows.', []],
    ['Le mentí a Mariana, no a mi hermano. Fue el lunes.', ['Mariana']],
    ['Rosa, I took your ring. María knows.', []],
    ['We lived in Chicago. I met Ann-Marie there, and Ann-Marie lent me money.', ['Ann-Marie']],
    ['I’m an addict. I went to AA. “You are Nobody.”', ['Nobody']],
    ['', []],
  ])('%s', (text, found) => {
    expect(names(text)).toEqual(found)
  })
})
