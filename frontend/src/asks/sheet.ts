// A private sheet whose questions are content: the same few for each thing on it.

import type { Page } from '../device/page'
import { language } from '../locale.svelte'
import type { SheetAsks } from './asks'

export interface Entry {
  id: string
  words: Record<string, string>
}

export interface Sheet {
  entries: Entry[]
}

export function newEntry(): Entry {
  const id = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(36)).join('')
  return { id, words: {} }
}

/** One of a kind is there from the start. */
export const blankSheet = ({ one }: SheetAsks): Sheet => ({
  entries: one ? [] : [{ id: 'all', words: {} }],
})

/** The heading of one on the list: its first line, if that is short, else its number. */
export function called({ fields, one }: SheetAsks, entry: Entry, n: number): string {
  const first = (fields[0] && entry.words[fields[0].id]?.trim()) || ''
  return first && first.length <= 60 && !first.includes('\n')
    ? first
    : language.pick(one).replace('{n}', String(n))
}

export function sheetPage(asked: SheetAsks, { entries }: Sheet): Page {
  return {
    parts: entries.flatMap((entry, i) => [
      { text: asked.one ? `— ${i + 1}. ${called(asked, entry, i + 1)} —` : '' },
      ...asked.fields.map(({ id, ask }) => ({ heading: language.pick(ask), text: entry.words[id] ?? '' })),
    ]),
  }
}
