// The worksheets that can be written on outside of a session, by name. Those without a line here can still be read,
// downloaded, printed and erased there.

import type { Component } from 'svelte'
import type { Side } from '../asks/asks'
import { asks } from '../asks/asks'
import { language } from '../locale.svelte'
import { m } from '../paraglide/messages'

export type { Side }

interface Written {
  side?: Side
}

type Editor = Component<Written>

const editors: Record<string, () => Promise<{ default: unknown }>> = {
  amendsmap: () => import('../amends/Map.svelte'),
  answerno: () => import('../writing/No.svelte'),
  boundaries: () => import('../asks/Boundaries.svelte'),
  commitments: () => import('../commitments/Page.svelte'),
  letter: () => import('../writing/Letter.svelte'),
  othershoes: () => import('../writing/Shoes.svelte'),
  selfamends: () => import('../writing/Self.svelte'),
  support: () => import('../asks/Support.svelte'),
  touched: () => import('../asks/Touched.svelte'),
  witness: () => import('../writing/Witness.svelte'),
}

/** The editor of a worksheet. */
export function editorOf(name: string): (() => Promise<Editor>) | undefined {
  const editor = editors[name]
  return editor && (() => editor().then((file) => file.default as Editor)) // all that it takes may be left out
}

/** What somebody may begin on their own, by the side they write from. */
export const beginnings: Record<Side, { name: string; title: () => string; about: () => string }[]> = {
  recovery: [
    { name: 'amendsmap', title: m.amends_title, about: m.begin_amendsmap },
    { name: 'commitments', title: m.commitments_title, about: m.begin_commitments },
    { name: 'letter', title: m.letter_title, about: m.begin_letter },
    { name: 'othershoes', title: m.shoes_title, about: m.begin_othershoes },
    { name: 'selfamends', title: m.self_title, about: m.begin_selfamends },
  ],
  family: [
    { name: 'touched', title: sheet('touched'), about: m.begin_touched },
    { name: 'boundaries', title: sheet('boundaries'), about: m.begin_boundaries },
    { name: 'letter', title: m.letter_title, about: m.begin_letter_family },
    { name: 'witness', title: m.witness_title, about: m.begin_witness },
    { name: 'support', title: sheet('support'), about: m.begin_support },
  ],
}

function sheet(name: keyof typeof asks.sheets) {
  return () => language.pick(asks.sheets[name].title)
}
