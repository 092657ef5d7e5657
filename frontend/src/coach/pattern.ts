// The language the rules are written in: words as people say them, with a few signs. It is matched against folded
// text (see fold.ts), so capitals, accents and curly quotes never matter.
//
//   blank     any space, comma or dash        don't    an apostrophe may be missing
//   ~3        up to 3 words in between (4 when no number stands there), without a comma
//   ~~3       the same, also across commas    ~!3      the same, none of them {not}
//   (~3 )?    the same behind a blank
//   (a|b) ?   as in a regular expression      word*    any ending
//   {name}    an entry of the file's `words`  ^ $      where the sentence begins and ends

export type Words = Record<string, string>

const WORD = String.raw`[^\s,.;:?!"()]+`
const BLANK = String.raw`(?:[\s,"-]+)`
const USUAL_GAP = '4'
// How often a group of words with a * or + may follow itself: nobody says more, and without an end a long line takes its
// square. A group of letters, "(…[a-z])*", is as long as a word.
const MOST_TIMES = 6

/** The regular expression, as source, of a pattern. Throws when a sign stands where it means nothing. */
export function source(pattern: string, words: Words): string {
  const made = translate(pattern, words)
  if (made.includes('~')) throw new Error(`a gap needs a blank before it: ${pattern}`)
  return made
}

function translate(pattern: string, words: Words): string {
  const bounded = expand(pattern, words).replace(/(\]?)\)([*+])/g, (sign, letters: string, times: string) =>
    letters ? sign : `){${times === '*' ? 0 : 1},${MOST_TIMES}}`,
  )
  return bounded.replace(
    /( |\()~([~!]?)(\d*)( \)\?| ?)|( )|'|(\w)\*|\$/g,
    (sign, before?: string, kind?: string, most?: string, behind?: string, blank?: string, stem?: string) => {
      if (blank) return BLANK
      if (stem) return `${stem}[a-z]*`
      if (sign === "'") return "'?"
      if (sign === '$') return String.raw`(?=[\s"',)-]*$)`
      return gap(before === '(', kind ?? '', most || USUAL_GAP, behind !== '', words)
    },
  )
}

/** Source that matches only whole words. */
export const whole = (inside: string) => String.raw`\b(?:${inside})(?![a-z0-9]|'[a-z])`

// Between words: " ~3 ", after a word's blank: "(~3 )?", at the end: " ~3".
function gap(inner: boolean, kind: string, most: string, further: boolean, words: Words): string {
  const space = kind === '~' ? BLANK : String.raw`\s+`
  const allowed = kind === '!' ? `(?!${whole(source('{not}', words))})${WORD}` : WORD
  if (!further) return `(?:${space}${allowed}){0,${most}}`
  return `${inner ? '' : space}(?:${allowed}${space}){0,${most}}?`
}

function expand(pattern: string, words: Words): string {
  return pattern.replace(/\{([a-z]+)\}/g, (_, name: string) => {
    const meaning = words[name]
    if (meaning === undefined) throw new Error(`{${name}} is not among the words`)
    return `(?:${expand(meaning, words)})`
  })
}
