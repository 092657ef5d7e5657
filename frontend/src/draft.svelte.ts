// What somebody is typing, kept in this tab until it is sent, so that a lost line or a reload
// takes nothing away.

import { storage } from './seat'

export class Draft {
  #key: string
  #value = $state('')

  constructor(key: string, first = '') {
    this.#key = `draft:${key}`
    this.#value = storage('sessionStorage')?.getItem(this.#key) ?? first
  }

  get value() {
    return this.#value
  }

  set value(typed: string) {
    this.#value = typed
    try {
      storage('sessionStorage')?.setItem(this.#key, typed)
    } catch {
      // Full or refused: it is still on the screen.
    }
  }

  /** Forgets the draft once it was sent. */
  sent() {
    storage('sessionStorage')?.removeItem(this.#key)
  }
}

/** Forgets every draft of this tab, on leaving. */
export function dropDrafts() {
  const store = storage('sessionStorage')
  if (!store) return
  for (const key of Object.keys(store)) if (key.startsWith('draft:')) store.removeItem(key)
}
