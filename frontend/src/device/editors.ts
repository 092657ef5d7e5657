// The worksheets that can be written on outside of a session, by name. Those without a line here can still be read,
// downloaded, printed and erased there.

import type { Component } from 'svelte'

type Editor = () => Promise<{ default: Component<Record<string, never>> }>

const editors: Record<string, Editor> = {
  amendsmap: () => import('../amends/Map.svelte'),
  commitments: () => import('../commitments/Page.svelte'),
  letter: () => import('../writing/Letter.svelte'),
  othershoes: () => import('../writing/Shoes.svelte'),
  selfamends: () => import('../writing/Self.svelte'),
}

/** The editor of a worksheet: "letter:2" is a further one of "letter". */
export function editorOf(name: string): Editor | undefined {
  return editors[name.split(':')[0] ?? '']
}
