// What this device keeps of one person's place in one bowl, so that a reload loses nothing: the tokens
// and what unblinds them, what was written and its secrets, and what is still to be said.

import { decode, encode, type Bytes } from './bytes'
import { bowlKey } from './forget'
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

export interface Keys {
  share: string
  marks: string
}

export interface Record {
  /** When it was drawn, by this device's clock. Stands first, for forgetOld. */
  at: number
  keys: Keys
  share: Drawn
  marks: Drawn
  written?: Written
  /** What the first body holds, from the first try to post it on: then it is this and no other. */
  sent?: 'share' | 'blank'
  /** The first body is there. */
  posted?: boolean
  /** What waits for a slot, and what was said in one. */
  toMark: string[]
  marked: string[]
  takeBack?: 'wanted' | 'done'
  reply?: { to: string; text: string; sealed: string; sent?: boolean }
}

/** The one place where the record of a bowl is read and written; another tab of its person may do so too. */
export class RecordKeep {
  readonly name: string
  #memory: Record | null = null
  #refused = false

  constructor(session: string, bowl: string, person: string) {
    this.name = bowlKey(session, bowl, person)
  }

  read(): Record | null {
    if (this.#refused) return this.#memory
    try {
      return JSON.parse(storage('localStorage')?.getItem(this.name) ?? 'null') as Record | null
    } catch {
      return null
    }
  }

  write(record: Record) {
    this.#memory = record
    try {
      const store = storage('localStorage')
      store?.setItem(this.name, JSON.stringify(record))
      this.#refused = !store
    } catch {
      this.#refused = true // a private window perhaps; the place then lasts as long as the page
    }
  }

  /** Changes the record as it is by now. */
  change(act: (record: Record) => void) {
    const record = this.read()
    if (!record) return
    act(record)
    this.write(record)
  }
}

/** A token as bodies need it, once it is signed. */
export function token(drawn: Drawn): { message: Bytes; signature: Bytes } | null {
  if (!drawn.signature) return null
  return { message: decode(drawn.prepared), signature: decode(drawn.signature) }
}

export function drawn(prepared: Bytes, { blinded, inverse }: { blinded: Bytes; inverse: Bytes }): Drawn {
  return { prepared: encode(prepared), blinded: encode(blinded), inverse: encode(inverse) }
}
