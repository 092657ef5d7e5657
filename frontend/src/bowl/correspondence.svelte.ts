// The facilitator's end of an answer: what was said to which share, and the private half that opens what
// its author answers back. Both stay on this device.

import type { Session } from '../session.svelte'
import type { Refusal } from '../wire.gen'
import { storage } from '../seat'
import { decode, encode } from './bytes'
import { bowlKey } from './forget'
import { newKey, openReply, sealAnswer } from './seal'

interface Letter {
  text: string
  /** Opens the reply. */
  key: string
  reply?: string
}

interface Kept {
  at: number
  letters: Record<string, Letter>
}

export class Correspondence {
  /** What was answered from this device, by share. */
  letters = $state.raw<Record<string, Letter>>({})
  /** Replies that do not open here: they are to another facilitator's device. */
  foreign = $state(0)
  #session: Session
  #bowl: string
  #tried: string[] = []

  constructor(session: Session, bowl: string) {
    this.#session = session
    this.#bowl = bowl
    this.letters = this.#read()
  }

  /** Seals an answer to a share's own key and gives it; returns the refusal, if it is one. It throws if it is too long. */
  async answer(share: string, to: string, text: string): Promise<Refusal | null> {
    const key = await newKey()
    const sealed = encode(await sealAnswer(decode(to), this.#where(), text, key.public))
    const before = this.letters
    // First kept, then sent: a reply must find its key.
    this.#keep({ ...before, [share]: { text, key: encode(key.private) } })
    const refusal = await this.#session.ask('share.answer', { share, sealed })
    if (refusal) this.#keep(before)
    return refusal
  }

  /** Tries the replies that came. */
  async hear(replies: Record<string, string>) {
    for (const [id, sealed] of Object.entries(replies)) {
      if (this.#tried.includes(id)) continue
      this.#tried.push(id)
      if (!(await this.#open(decode(sealed)))) this.foreign++
    }
  }

  async #open(sealed: ReturnType<typeof decode>): Promise<boolean> {
    for (const [share, letter] of Object.entries(this.letters)) {
      const opened = await openReply(decode(letter.key), this.#where(), sealed)
      if (!opened) continue
      this.#keep({ ...this.letters, [share]: { ...letter, reply: opened.text } })
      return true
    }
    return false
  }

  #where() {
    return { session: this.#session.id, bowl: this.#bowl }
  }

  get #name() {
    return bowlKey(this.#session.id, this.#bowl, 'letters')
  }

  #read(): Record<string, Letter> {
    try {
      const kept = JSON.parse(storage('localStorage')?.getItem(this.#name) ?? 'null') as Kept | null
      return kept?.letters ?? {}
    } catch {
      return {}
    }
  }

  #keep(letters: Record<string, Letter>) {
    this.letters = letters
    try {
      storage('localStorage')?.setItem(this.#name, JSON.stringify({ at: Date.now(), letters }))
    } catch {
      // Then a reply opens as long as this page lives.
    }
  }
}
