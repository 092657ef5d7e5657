// What tends to undo an amend, found in a draft. Pure: text and rules in, places out. It knows no person, keeps
// nothing and sends nothing; what it says is a question, and the one who writes decides.

import { fold, sentences } from './fold'
import { source, whole, type Words } from './pattern'
import { tongueOf, type Tongue } from './tongue'

export const kinds = [
  'but',
  'blame',
  'understand',
  'vague',
  'forgive',
  'minimise',
  'excuse',
  'overpromise',
  'others',
  'self-threat',
] as const
export type Kind = (typeof kinds)[number]

/** A place in the text as typed, in UTF-16 code units; `to` is just behind it. */
export interface Finding {
  kind: Kind
  from: number
  to: number
}

/** Where a pattern does not count. Every guard sees one sentence. */
export interface Guard {
  /** What stands directly before the place. */
  notAfter?: string[]
  /** What follows it directly. */
  notBefore?: string[]
  /** What stands anywhere in the sentence. */
  unless?: string[]
}

export interface Rule extends Guard {
  /** Any of these is underlined. */
  pattern: string[]
  /** What must stand before it, not underlined. */
  after?: string
  /** What must stand somewhere in the sentence. */
  needs?: string
  /** What must stand in the sentence before. */
  previous?: string
  /** Named guards of the file. Without this the rule has those called "always". */
  guards?: string[]
  /** A guess: it says nothing in a sentence in which a surer rule of another kind has found something. */
  alone?: boolean
  /** Examples the rule must mark, and must leave alone. The page does not carry them. */
  marks?: string[]
  spares?: string[]
}

/** A file of rules, one for each language. */
export interface Rules {
  tongue: Tongue
  words: Words
  guards: Record<string, Guard>
  kinds: Record<Kind, { says: string; asks: string; rules: Rule[] }>
}

interface Ready {
  kind: Kind
  alone: boolean
  find: RegExp
  needs?: RegExp
  previous?: RegExp
  unless: RegExp[]
  notAfter: RegExp[]
  notBefore: RegExp[]
}

/** What the rules of one or more languages find in a text, in the order of the text. */
export function coach(text: string, ...languages: Rules[]): Finding[] {
  const folded = fold(text)
  const parts = sentences(folded.text).map((part) => ({ ...part, tongue: tongueOf(part.text) }))
  const found = languages.flatMap((rules) =>
    parts.flatMap((part, i) => {
      if (part.tongue && part.tongue !== rules.tongue) return []
      return read(part.text, parts[i - 1]?.text ?? '', rules).map(({ kind, from, to }) => ({
        kind,
        from: folded.at[part.from + from] ?? 0,
        to: (folded.at[part.from + to - 1] ?? 0) + 1,
      }))
    }),
  )
  return settle(found)
}

// While somebody types, every sentence but one is the same as a moment ago.
const REMEMBERED = 300
const memory = new WeakMap<Rules, Map<string, Finding[]>>()

function read(sentence: string, before: string, rules: Rules): Finding[] {
  const known = memory.get(rules) ?? new Map<string, Finding[]>()
  memory.set(rules, known)
  const key = `${before}\n${sentence}`
  let found = known.get(key)
  if (!found) {
    found = heard(ready(rules).map((rule) => ({ rule, found: search(rule, sentence, before) })))
    if (known.size >= REMEMBERED) known.clear()
    known.set(key, found)
  }
  return found
}

// One good question is enough: guesses are silent beside a surer finding of another kind.
function heard(all: { rule: Ready; found: Finding[] }[]): Finding[] {
  const sure = new Set(
    all.filter(({ rule, found }) => !rule.alone && found.length).map(({ rule }) => rule.kind),
  )
  return all.flatMap(({ rule, found }) =>
    rule.alone && [...sure].some((kind) => kind !== rule.kind) ? [] : found,
  )
}

function search(rule: Ready, text: string, before: string): Finding[] {
  if (rule.needs && !rule.needs.test(text)) return []
  if (rule.previous && !rule.previous.test(before)) return []
  if (rule.unless.some((guard) => guard.test(text))) return []
  const found: Finding[] = []
  for (const match of text.matchAll(rule.find)) {
    const from = match.index + (match[1] ?? '').length
    const to = match.index + match[0].length
    if (rule.notAfter.some((guard) => guard.test(text.slice(0, from)))) continue
    if (rule.notBefore.some((guard) => guard.test(text.slice(to)))) continue
    found.push({ kind: rule.kind, from, to })
  }
  return found
}

// Two places of one kind that touch are one; places of different kinds may overlap.
function settle(found: Finding[]): Finding[] {
  const settled: Finding[] = []
  for (const next of found.sort((a, b) => a.from - b.from || b.to - a.to)) {
    const same = settled.filter((other) => other.kind === next.kind).pop()
    if (same && next.from <= same.to) same.to = Math.max(same.to, next.to)
    else settled.push({ ...next })
  }
  return settled
}

const made = new WeakMap<Rules, Ready[]>()

function ready(rules: Rules): Ready[] {
  let all = made.get(rules)
  if (!all) {
    all = kinds.flatMap((kind) => rules.kinds[kind].rules.map((rule) => prepare(kind, rule, rules)))
    made.set(rules, all)
  }
  return all
}

function prepare(kind: Kind, rule: Rule, { words, guards }: Rules): Ready {
  const regex = (pattern: string) => new RegExp(whole(source(pattern, words)))
  const all = [rule, ...(rule.guards ?? ['always']).map((name) => guards[name] ?? {})]
  const gather = (side: keyof Guard) => all.flatMap((guard) => guard[side] ?? [])
  return {
    kind,
    alone: rule.alone ?? false,
    find: finder(rule, words),
    needs: rule.needs === undefined ? undefined : regex(rule.needs),
    previous: rule.previous === undefined ? undefined : regex(rule.previous),
    unless: gather('unless').map(regex),
    notAfter: gather('notAfter').map(
      (guard) => new RegExp(String.raw`${whole(source(guard, words))}[\s,"(-]*$`),
    ),
    notBefore: gather('notBefore').map(
      (guard) => new RegExp(String.raw`^[\s,")-]*${whole(source(guard, words))}`),
    ),
  }
}

// A group in front holds what must stand before: Safari before 16.4 has no lookbehind.
function finder(rule: Rule, words: Words): RegExp {
  const lead = rule.after ? String.raw`\b${source(`(?:${rule.after}) `, words)}` : ''
  const ways = rule.pattern.map((pattern) => source(pattern, words))
  return new RegExp(`(${lead})${whole(ways.join('|'))}`, 'g')
}
