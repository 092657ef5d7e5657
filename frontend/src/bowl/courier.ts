// When a phone posts: one first body around the closing of the bowl, then one in every slot. All phones
// keep to the same times, whether their owner wrote or not.

import type { BowlEveryone } from '../wire.gen'
import type { Session } from '../session.svelte'
import * as body from './body'
import { decode, type Bytes } from './bytes'
import { moment, post } from './post'
import { token, type Record, type RecordKeep } from './record'

const CLOSING_MARGIN = 2_000
const RECOVERY_MARGIN = 1_000
const SLOT_MARGIN = 1_000
const FIRST_RETRY = 500
const LONGEST_RETRY = 4_000
/** Nobody hands in during this part of the window, so that a sentence can be finished. */
const TO_FINISH = 1 / 3
const MOST_MARKS = 100

export class Courier {
  #session: Session
  #step: string
  #keep: RecordKeep
  #told: () => void
  #shown: BowlEveryone = { phase: '' }
  #timer: ReturnType<typeof setTimeout> | undefined
  #planned = '' // what the timer is for
  #closed = false

  /** Told is called when something was handed in. */
  constructor(session: Session, step: string, keep: RecordKeep, told: () => void) {
    this.#session = session
    this.#step = step
    this.#keep = keep
    this.#told = told
    document.addEventListener('visibilitychange', this.#hidden)
    addEventListener('pagehide', this.#hidden)
  }

  close() {
    this.#closed = true
    clearTimeout(this.#timer)
    document.removeEventListener('visibilitychange', this.#hidden)
    removeEventListener('pagehide', this.#hidden)
  }

  /** Sets the one timer for what comes next in this phase. */
  follow(shown: BowlEveryone) {
    this.#shown = shown
    if (this.#closed) return
    const { phase, window, slot } = shown
    const now = this.#session.now()
    const posted = this.#keep.read()?.posted
    if (phase === 'closing' && window && !posted) {
      if (document.visibilityState === 'hidden') return void this.#first()
      const finished = window.started + (window.ends - window.started) * TO_FINISH
      this.#at('closing', moment(Math.max(now, finished), window.ends - CLOSING_MARGIN), this.#first)
    } else if (phase === 'recovery' && window && !posted) {
      this.#at('recovery', moment(now, window.ends - RECOVERY_MARGIN), this.#first)
    } else if (phase === 'poured' && slot) {
      const next = (Math.floor(now / slot) + 1) * slot
      this.#at('slot', moment(next, next + slot - SLOT_MARGIN), this.#slot)
    } else if (phase === 'open' && this.#planned) {
      clearTimeout(this.#timer) // opened again before all had handed in
      this.#planned = ''
    }
  }

  #at(what: string, at: number, then: () => Promise<void>) {
    if (this.#planned === what) return
    clearTimeout(this.#timer)
    this.#planned = what
    this.#timer = setTimeout(() => void then(), Math.max(0, at - this.#session.now()))
  }

  /** A page about to be hidden may never wake again: what is to be handed in goes now. */
  #hidden = () => {
    if (document.visibilityState !== 'hidden') return
    const written = this.#keep.read()?.written !== undefined
    if (this.#shown.phase === 'closing' || (this.#shown.phase === 'open' && written)) void this.#first()
  }

  /** Posts the one first body, share or blank, and again until it is there or the window is over. */
  #first = async (wait = FIRST_RETRY): Promise<void> => {
    const bytes = this.#firstBody()
    if (!bytes) return
    const done = await post(this.#session.id, this.#step, bytes)
    if (done === 'there') this.#keep.change((record) => (record.posted = true))
    this.#told()
    if (done !== 'again' || !this.#taking()) return
    clearTimeout(this.#timer)
    const next = () => void this.#first(Math.min(wait * 2, LONGEST_RETRY))
    this.#timer = setTimeout(next, moment(wait / 2, wait))
  }

  /** What is handed in is settled at the first try: a second try must not say something else. */
  #firstBody(): Bytes | null {
    const kept = this.#keep.read()
    const right = kept && token(kept.share)
    if (this.#closed || !right || kept.posted || !this.#taking()) return null
    const sent = (kept.sent ??= kept.written ? 'share' : 'blank')
    this.#keep.write(kept)
    this.#told()
    return sent === 'share' && kept.written ? decode(kept.written.body) : body.blank(right)
  }

  #taking(): boolean {
    return !this.#closed && ['open', 'closing', 'recovery'].includes(this.#shown.phase)
  }

  /** Posts the body of one slot: what waits to be said, or a blank. */
  #slot = async (): Promise<void> => {
    const record = this.#keep.read()
    const right = record && token(record.marks)
    this.#planned = ''
    if (!right || this.#shown.phase !== 'poured') return
    const said = next(record, right)
    if ((await post(this.#session.id, this.#step, said.bytes)) === 'there') this.#keep.change(said.done)
    this.#told()
    this.follow(this.#shown)
  }
}

/** What is most urgent of what waits to be said, and what is then noted. */
function next(record: Record, right: body.Token): { bytes: Bytes; done: (now: Record) => void } {
  const { written, reply, toMark } = record
  if (record.takeBack === 'wanted' && written) {
    return { bytes: body.takeBack(right, decode(written.lock)), done: (now) => (now.takeBack = 'done') }
  }
  if (reply && !reply.sent && written) {
    const bytes = body.reply(right, decode(written.reply), decode(reply.sealed))
    return { bytes, done: (now) => now.reply && (now.reply.sent = true) }
  }
  if (toMark.length === 0) return { bytes: body.later(right), done: () => {} }
  const some = toMark.slice(0, MOST_MARKS)
  const done = (now: Record) => {
    now.marked.push(...some)
    now.toMark = now.toMark.filter((id) => !some.includes(id))
  }
  return { bytes: body.marks(right, some), done }
}
