// Reads a draft on the device. The rules are large: those of the screen's language are fetched when somebody begins to
// write, those of another when they write in it.

import { coach, type Finding, type Kind, type Rules } from './coach'
import { fold, sentences } from './fold'
import { tongueOf, type Tongue } from './tongue'

export { names } from './names'

const files: Record<Tongue, () => Promise<{ default: unknown }>> = {
  en: () => import('./rules/en.json'),
  es: () => import('./rules/es.json'),
}
const there: Partial<Record<Tongue, Rules>> = {}

async function fetched(tongue: Tongue) {
  try {
    there[tongue] ??= (await files[tongue]()).default as Rules
  } catch {
    // Without a line. It is tried again with the next words.
  }
}

/** What the rules find; `tongue` is what the screen is in. */
export async function read(text: string, tongue: Tongue): Promise<Finding[]> {
  const spoken = sentences(fold(text).text).map((sentence) => tongueOf(sentence.text) ?? tongue)
  await Promise.all([...new Set([tongue, ...spoken])].map(fetched))
  return coach(text, ...Object.values(there))
}

/** The keys of what is said about a kind. */
export function about(kind: Kind): { says: string; asks: string } {
  return Object.values(there)[0]!.kinds[kind]
}
