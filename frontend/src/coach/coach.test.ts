import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { coach, kinds, type Rules } from './coach'
import { every } from './languages'
import { labelled, measure, type Measured } from './labelled'
import en from './rules/en.json'
import es from './rules/es.json'

const LEAST_PRECISION = 0.9
const LEAST_RECALL = 0.8
const MOST_GOOD_MARKED = 0.02
const languages: [string, Rules][] = [
  ['en', en],
  ['es', es],
]

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const marked = (text: string) =>
  coach(text, ...every).map(({ kind, from, to }) => [kind, text.slice(from, to)])

describe.each(languages)('the rules in %s', (language, rules) => {
  const examples = kinds.flatMap((kind) => rules.kinds[kind].rules.map((rule, i) => ({ kind, i, rule })))

  it.each(examples)('$kind $i does as its examples say', ({ kind, rule }) => {
    for (const text of rule.marks)
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

  it('are measured on sentences they were not written on', () => {
    const [tuning, test] = [labelled(language, 'tuning'), labelled(language, 'test')]
    expect(tuning.length + test.length).toBeGreaterThanOrEqual(300)
    const measured = measure(test, every)
    process.stdout.write(`${table(language, measure(tuning, every), measured)}\n`)

    for (const { kind, precision, recall } of measured.scores) {
      expect(precision, `precision of ${kind}`).toBeGreaterThanOrEqual(LEAST_PRECISION)
      expect(recall, `recall of ${kind}`).toBeGreaterThanOrEqual(LEAST_RECALL)
    }
    expect(measured.marked.length / measured.good, measured.marked.join('\n')).toBeLessThanOrEqual(
      MOST_GOOD_MARKED,
    )
  })
})

function table(language: string, tuning: Measured, test: Measured): string {
  const rows = test.scores.map((score, i) => {
    const before = tuning.scores[i]!
    const figures = [before.precision, before.recall, score.precision, score.recall].map((n) => n.toFixed(2))
    return [score.kind.padEnd(12), ...figures, `${score.hit + score.missed}`].join('  ')
  })
  const good = [tuning, test].map(({ marked, good }) => `${marked.length} of ${good}`).join(', ')
  return [
    `${language}: precision and recall on the tuning half, then on the test half, of n`,
    ...rows,
    `good but marked: ${good}`,
  ].join('\n')
}

describe('the coach', () => {
  it('gives places in the text as it was typed', () => {
    expect(marked('I’m so sorry 😔 — but you left.')).toEqual([['but', 'but']])
    expect(marked('Perdo\u0301name, mamá')).toEqual([['forgive', 'Perdo\u0301name']])
    expect(marked('  İ.  PLEASE FORGIVE ME')).toEqual([['forgive', 'PLEASE FORGIVE ME']])
  })

  it('reads two languages in one draft', () => {
    expect(marked('lo siento pero you made me do it').map(([kind]) => kind)).toEqual(['but', 'blame'])
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

  it('reads a long draft without a full stop while a hand rests', () => {
    const long = 'i took it and i lied and you know how i was so tired if you had been and then but '.repeat(
      50,
    )
    const began = performance.now()
    coach(long.slice(0, 4000), ...every)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  it('is small enough to load when somebody begins to write', () => {
    expect(gzipSync(JSON.stringify(every)).length).toBeLessThan(64 * 1024)
  })
})
