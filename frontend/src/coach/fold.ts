// Text made easy to match: lower case, no accents, straight quotes, nothing invisible. Offsets stay those of the
// text as it was typed, in UTF-16 code units, so that a textarea and the CLI mean the same place.

export interface Folded {
  text: string
  /** For each unit of the folded text, and for its end, where it stands in the original. */
  at: number[]
}

const STRAIGHT = new Map([
  ...[...'’‘ʼ´`′'].map((quote) => [quote, "'"] as const),
  ...[...'“”„«»'].map((quote) => [quote, '"'] as const),
  ...[...'–—‑‐'].map((dash) => [dash, '-'] as const),
  ...[...'¿¡'].map((mark) => [mark, ' '] as const),
])

const SILENT = /[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufe0f\ufeff]/

export function fold(text: string): Folded {
  let folded = ''
  const at: number[] = []
  for (let i = 0; i < text.length; i++) {
    const unit = one(text[i] ?? '')
    if (unit === '') continue
    folded += unit
    at.push(i)
  }
  at.push(text.length)
  return { text: folded, at }
}

// Never more than one unit for one, or the offsets would slip.
function one(unit: string): string {
  if (SILENT.test(unit)) return ''
  if (/[^\S\n]/.test(unit)) return ' '
  const base = (unit.normalize('NFD')[0] ?? unit).toLowerCase()
  return STRAIGHT.get(unit) ?? (base.length === 1 ? base : unit)
}

export interface Sentence {
  from: number
  text: string
}

// The rules look at one sentence at a time, and some look from each word to its end: a text without a full stop is cut
// between two words, so that its length costs no more than its length.
const LONGEST = 500

function short({ from, text }: Sentence): Sentence[] {
  const cut: Sentence[] = []
  while (text.length > LONGEST) {
    const blank = text.lastIndexOf(' ', LONGEST)
    const to = blank > 0 ? blank : LONGEST
    cut.push({ from, text: text.slice(0, to) })
    from += to
    text = text.slice(to)
  }
  return [...cut, { from, text }]
}

/** The sentences of a folded text, without what stands in quotation marks: that is somebody else's, or an earlier self's. */
export function sentences(folded: string): Sentence[] {
  const text = unquoted(folded).replace(/\.{2,}|…/g, (dots) => ' '.repeat(dots.length))
  const found: Sentence[] = []
  let from = 0
  for (const end of text.matchAll(/[.!?]+["')]*(?=\s|$)|[;\n]|$/g)) {
    const start = from + text.slice(from).search(/\w|$/)
    if (start < end.index) found.push(...short({ from: start, text: text.slice(start, end.index) }))
    from = end.index + end[0].length
  }
  return found
}

// A single quoted word is irony rather than quotation, and a draft all in quotation marks is still a draft.
function unquoted(folded: string): string {
  return folded.replace(/"[^"\n]+"|\B'\S[^"\n]*?\S'(?![\w'])/g, (quoted) =>
    /\w\W+\w/.test(quoted) && quoted !== folded.trim() ? '\u0001'.repeat(quoted.length) : quoted,
  )
}
