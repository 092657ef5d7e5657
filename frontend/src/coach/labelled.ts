// Reads the labelled sentences and counts; for the tests and the command that measures.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { coach, kinds, type Kind, type Rules } from './coach'

export interface Labelled {
  text: string
  kinds: Kind[]
}

/** The sentences of one half: see labelled/README.md for the form of a line. */
export function labelled(language: string, half: string): Labelled[] {
  return readFileSync(resolve('src/coach/labelled', `${language}.${half}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const [label = '', ...rest] = line.split(' | ')
      const named = label === 'good' ? [] : label.split(' ')
      for (const kind of named) if (!kinds.includes(kind as Kind)) throw new Error(`no such kind: ${line}`)
      return { text: rest.join(' | '), kinds: named as Kind[] }
    })
}

export interface Score {
  kind: Kind
  hit: number
  missed: number
  wrong: number
  precision: number
  recall: number
}

export interface Measured {
  scores: Score[]
  good: number
  /** Good sentences that were marked. */
  marked: string[]
  /** What differs from the labels, for whoever works on the rules. */
  slips: string[]
}

export function measure(sentences: Labelled[], rules: Rules[]): Measured {
  const read = sentences.map(({ text, kinds: meant }) => ({
    text,
    meant,
    found: [...new Set(coach(text, ...rules).map(({ kind }) => kind))],
  }))
  const good = read.filter(({ meant }) => meant.length === 0)
  return {
    scores: kinds.map((kind) => score(kind, read)),
    good: good.length,
    marked: good.filter(({ found }) => found.length > 0).map(({ text, found }) => `${found}: ${text}`),
    slips: read.flatMap(({ text, meant, found }) => [
      ...meant.filter((kind) => !found.includes(kind)).map((kind) => `missed ${kind}: ${text}`),
      ...found.filter((kind) => !meant.includes(kind)).map((kind) => `wrong ${kind}: ${text}`),
    ]),
  }
}

function score(kind: Kind, read: { meant: Kind[]; found: Kind[] }[]): Score {
  const count = (meant: boolean, found: boolean) =>
    read.filter((one) => one.meant.includes(kind) === meant && one.found.includes(kind) === found).length
  const [hit, missed, wrong] = [count(true, true), count(true, false), count(false, true)]
  return { kind, hit, missed, wrong, precision: hit / (hit + wrong || 1), recall: hit / (hit + missed || 1) }
}

/** The sentences no rule was written on. */
export const heldOut = (language: string) => [...labelled(language, 'test'), ...labelled(language, 'fresh')]

/** The figures as they stand in labelled/README.md. */
export function report(measured: Record<string, Measured>): string {
  const languages = Object.keys(measured)
  const rows = kinds.map((kind) => {
    const cells = languages.flatMap((language) => {
      const { precision, recall, hit, missed } = measured[language]!.scores.find((one) => one.kind === kind)!
      return [precision.toFixed(2), recall.toFixed(2), `${hit + missed}`]
    })
    return `| ${[kind, ...cells].join(' | ')} |`
  })
  const good = languages.map((language) => {
    const { marked, good } = measured[language]!
    return `${language}: ${marked.length} of ${good}`
  })
  const heads = languages.flatMap((language) => [`${language}: precision`, 'recall', 'of'])
  return [
    `| ${['kind', ...heads].join(' | ')} |`,
    `| ${['kind', ...heads].map(() => '---').join(' | ')} |`,
    ...rows,
    '',
    `Good sentences that were marked, ${good.join(', ')}.`,
  ].join('\n')
}
