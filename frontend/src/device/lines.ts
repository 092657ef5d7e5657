// Single lines that somebody chose to bring into the room. They wait in their owner's drawer; nothing goes by itself:
// where something can be written, the owner copies one into their own field with a tap of theirs.

import { m } from '../paraglide/messages'
import type { Drawer } from './drawer.svelte'
import { device } from './device.svelte'

const NAME = 'lines'

export function lines(drawer: Drawer): string[] {
  return (drawer.sheets[NAME]?.value as { lines?: string[] } | undefined)?.lines ?? []
}

export function bring(drawer: Drawer, text: string) {
  keep(drawer, [...lines(drawer).filter((line) => line !== text), text])
}

export function leave(drawer: Drawer, text: string) {
  keep(
    drawer,
    lines(drawer).filter((line) => line !== text),
  )
}

function keep(drawer: Drawer, all: string[]) {
  if (all.length === 0) return void drawer.erase(NAME)
  void device.claim()
  const page = { parts: all.map((text) => ({ text })) }
  drawer.keep(NAME, { title: m.bring_title(), value: { lines: all }, page, at: Date.now() })
}

/** A text as the lines one may choose from: its paragraphs and sentences. */
export function pieces(texts: string[]): string[] {
  const all = texts
    .flatMap((text) => text.replace(/([.!?…])\s+/g, '$1\n').split('\n'))
    .map((line) => line.trim())
  return [...new Set(all.filter(Boolean))]
}
