// What the overlay draws: a text cut at the edges of its findings, and findings that keep their place while the text
// around them is typed.

import type { Finding, Kind } from './coach'

export interface Piece {
  text: string
  /** None for plain text; several where findings overlap. */
  kinds: Kind[]
}

export function pieces(text: string, found: Finding[]): Piece[] {
  const edges = [...new Set([0, text.length, ...found.flatMap(({ from, to }) => [from, to])])].sort(
    (a, b) => a - b,
  )
  return edges.slice(0, -1).map((from, i) => {
    const to = edges[i + 1] ?? text.length
    return {
      text: text.slice(from, to),
      kinds: found.filter((one) => one.from <= from && one.to >= to).map(({ kind }) => kind),
    }
  })
}

/** The findings of `before` that an edit left whole, where they are in `after`. */
export function moved(found: Finding[], before: string, after: string): Finding[] {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  let tail = 0
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  const shift = after.length - before.length
  return found.flatMap((one) => {
    if (one.to <= head) return [one]
    if (one.from >= before.length - tail) return [{ ...one, from: one.from + shift, to: one.to + shift }]
    return []
  })
}
