// What this device keeps of one person's place in one bowl, so that a reload loses nothing: the tokens
// and what unblinds them, what was written and its secrets, and what is still to be said.

import { decode, encode, type Bytes } from './bytes'
import { storage } from '../seat'

/** A token on its way: drawn, then signed. Bytes are kept in base64url. */
export interface Drawn {
  prepared: string
  blinded: string
  inverse: string
  signature?: string
}

export interface Written {
  text: string
  key: string
  privateKey: string
  lock: string
  reply: string
  /** The whole body, ready to go when a page is hidden. */
  body: string
}

export interface Record {
  keys: { share: string; marks: string }
  share: Drawn
  marks: Drawn
  written?: Written
  posted?: boolean
  /** What waits for a slot, and what was said in one. */
  toMark: string[]
  marked: string[]
  takeBack?: 'wanted' | 'done'
  reply?: { to: string; text: string; sealed: string; sent?: boolean }
}

const PREFIX = 'bowl:'

export class RecordKeep {
  #key: string
  #refused = false

  constructor(session: string, bowl: string, person: string) {
    this.#key = `${PREFIX}${session}:${bowl}:${person}`
  }

  /** What is kept, perhaps by another tab of the same person; nothing if this browser keeps nothing. */
  read(): Record | null {
    if (this.#refused) return null
    try {
      return JSON.parse(storage('localStorage')?.getItem(this.#key) ?? 'null') as Record | null
    } catch {
      return null
    }
  }

  keep(record: Record) {
    try {
      storage('localStorage')?.setItem(this.#key, JSON.stringify(record))
    } catch {
      this.#refused = true // a private window perhaps; the place then lasts as long as the page
    }
  }
}

/** Forgets every bowl of a session: it is over, or its person leaves. */
export function forgetBowls(session: string) {
  const store = storage('localStorage')
  if (!store) return
  for (const key of Object.keys(store)) if (key.startsWith(`${PREFIX}${session}:`)) store.removeItem(key)
}

/** A token as bodies need it, once it is signed. */
export function token(drawn: Drawn): { message: Bytes; signature: Bytes } | null {
  if (!drawn.signature) return null
  return { message: decode(drawn.prepared), signature: decode(drawn.signature) }
}

export function drawn(prepared: Bytes, { blinded, inverse }: { blinded: Bytes; inverse: Bytes }): Drawn {
  return { prepared: encode(prepared), blinded: encode(blinded), inverse: encode(inverse) }
}
