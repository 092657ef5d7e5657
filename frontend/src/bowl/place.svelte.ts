// One person's place in the present bowl. Every phone does the same whether its owner writes or not:
// it gets its tokens signed, posts one body when the bowl closes, and one in every slot afterwards.

import type { BowlEveryone, BowlOwn, Signatures } from '../wire.gen'
import type { Session } from '../session.svelte'
import { beside, type Arithmetic } from './arithmetic'
import * as body from './body'
import { decode, encode, join, random, sha256, type Bytes } from './bytes'
import { moment, post } from './post'
import { drawn, RecordKeep, token, type Record } from './record'
import { newKey, openAnswer, sealReply } from './seal'

/**
 * None before a bowl is open; outside for who came later; elsewhere if another device of this person has
 * the place; refused if the keys changed or a signature is not theirs; insecure without crypto.
 */
export type Standing = 'none' | 'insecure' | 'outside' | 'getting' | 'ready' | 'elsewhere' | 'refused'

/** What became of what was written. */
export type Outcome = '' | 'waiting' | 'posted' | 'placed' | 'not placed' | 'taking back' | 'taken back'

export interface Answered {
  id: string
  text: string
  replyTo: Bytes
}

const CLOSING_MARGIN = 2_000
const RECOVERY_MARGIN = 1_000
const SLOT_MARGIN = 1_000
const FIRST_RETRY = 500
const LONGEST_RETRY = 4_000
const FINGERPRINT = 16

export class Place {
  standing = $state<Standing>('none')
  outcome = $state<Outcome>('')
  text = $state('')
  marked = $state.raw<readonly string[]>([])
  answers = $state.raw<Answered[]>([])
  /** The answer that was replied to, and whether the reply is on its way or there. */
  reply = $state<{ to: string; sent: boolean } | null>(null)

  #session: Session
  #arithmetic: Arithmetic | null = null
  #step = ''
  #shown: BowlEveryone = { phase: '' }
  #keep: RecordKeep | null = null
  #record: Record | null = null
  #name = '' // of the share's token
  #busy = false
  #tried: string[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #planned = '' // what the timer is for

  constructor(session: Session, arithmetic?: Arithmetic) {
    this.#session = session
    this.#arithmetic = arithmetic ?? null
    document.addEventListener('visibilitychange', this.#hidden)
    addEventListener('pagehide', this.#hidden)
  }

  close() {
    clearTimeout(this.#timer)
    this.#arithmetic?.close()
    document.removeEventListener('visibilitychange', this.#hidden)
    removeEventListener('pagehide', this.#hidden)
  }

  /** Takes notice of how the bowl stands now. */
  follow(step: string, shown: BowlEveryone, own: BowlOwn | undefined) {
    if (shown.bowl !== this.#shown.bowl || step !== this.#step) this.#begin(step, shown)
    this.#shown = shown
    if (!shown.bowl) return
    if (!globalThis.crypto?.subtle) this.standing = 'insecure'
    else if (!own?.in) this.standing = 'outside'
    else if (shown.keys) void this.#work(shown.keys, own.signed)
  }

  /** Writes a share, in place of what was written before. It leaves this device when the bowl closes. */
  async place(text: string) {
    const record = this.#fresh()
    const right = record && token(record.share)
    if (!record || !right || record.posted) return
    const [key, lock, back] = [await newKey(), random(32), random(32)]
    const words = { text, key: key.public, lock: await sha256(lock), replyLock: await sha256(back) }
    record.written = {
      text,
      key: encode(key.public),
      privateKey: encode(key.private),
      lock: encode(lock),
      reply: encode(back),
      body: encode(body.share(right, words)),
    }
    this.#save()
  }

  /** Takes it out again, before it was handed in. */
  unplace() {
    const record = this.#fresh()
    if (!record || record.posted) return
    delete record.written
    this.#save()
  }

  /** Takes a share back that was handed in, in the next slot. */
  takeBack() {
    const record = this.#fresh()
    if (!record?.written || record.takeBack) return
    record.takeBack = 'wanted'
    this.#save()
  }

  /** "Me too", in the next slot. */
  mark(share: string) {
    const record = this.#fresh()
    if (!record || record.toMark.includes(share) || record.marked.includes(share)) return
    record.toMark.push(share)
    this.#save()
  }

  /** Answers an answer, once, in the next slot. */
  async answerBack(answer: Answered, text: string) {
    const record = this.#fresh()
    if (!record || record.reply) return
    const sealed = await sealReply(answer.replyTo, this.#where(), text)
    record.reply = { to: answer.id, text, sealed: encode(sealed) }
    this.#save()
  }

  #where() {
    return { session: this.#session.id, bowl: this.#shown.bowl ?? '' }
  }

  #begin(step: string, shown: BowlEveryone) {
    clearTimeout(this.#timer)
    this.#step = step
    this.#planned = this.#name = ''
    this.#tried = []
    this.#record = null
    this.#keep = shown.bowl ? new RecordKeep(this.#session.id, shown.bowl, this.#session.person) : null
    this.standing = shown.bowl ? 'getting' : 'none'
    this.outcome = ''
    this.text = ''
    this.answers = []
    this.marked = []
    this.reply = null
  }

  /** Goes on from wherever this device is; what is under way is not begun twice. */
  async #work(keys: { share: string; marks: string }, signed: string | undefined) {
    if (this.#busy || this.standing === 'refused') return
    this.#busy = true
    const bowl = this.#shown.bowl
    try {
      if (await this.#ready(keys, signed)) this.standing = 'ready'
    } catch {
      if (bowl === this.#shown.bowl) this.standing = 'refused'
    }
    this.#busy = false
    if (bowl !== this.#shown.bowl || this.standing !== 'ready') return
    this.#settle()
    this.#plan()
    void this.#tryAnswers()
  }

  /** Has both tokens signed. It throws where somebody is not who they should be. */
  async #ready(keys: { share: string; marks: string }, signed: string | undefined): Promise<boolean> {
    this.#record ??= this.#keep?.read() ?? null
    if (!this.#record && signed) return this.#isElsewhere()
    const record = (this.#record ??= await this.#draw(keys))
    if (record.keys.share !== keys.share || record.keys.marks !== keys.marks)
      throw new Error('the keys changed')
    if (signed && signed !== (await fingerprint(record))) {
      // Another tab of this device may have been quicker.
      const theirs = this.#keep?.read()
      if (!theirs || signed !== (await fingerprint(theirs))) return this.#isElsewhere()
      this.#record = theirs
      return this.#ready(keys, signed)
    }
    if (!record.share.signature || !record.marks.signature) {
      if (!(await this.#sign(record))) return false
    }
    this.#name ||= await body.tokenName(decode(record.share.prepared))
    return true
  }

  #isElsewhere(): false {
    this.standing = 'elsewhere'
    return false
  }

  async #draw(keys: { share: string; marks: string }): Promise<Record> {
    const [session, bowl] = [this.#session.id, this.#shown.bowl ?? '']
    const one = async (purpose: body.Purpose) => {
      const prepared = body.tokenMessage(purpose, session, bowl)
      return drawn(prepared, await this.#beside.blind(keys[purpose], prepared))
    }
    const record: Record = {
      keys,
      share: await one('share'),
      marks: await one('marks'),
      toMark: [],
      marked: [],
    }
    this.#keep?.keep(record)
    return record
  }

  get #beside(): Arithmetic {
    return (this.#arithmetic ??= beside())
  }

  /** Asks for the signatures; false if there was no answer, and it is asked again later. */
  async #sign(record: Record): Promise<boolean> {
    const [share, marks] = [record.share.blinded, record.marks.blinded]
    const answer = await this.#session.fetch('bowl.sign', { bowl: this.#shown.bowl ?? '', share, marks })
    if ('refusal' in answer || !answer.with) {
      if ('refusal' in answer && answer.refusal.reason === 'bowl_signed_already') return this.#isElsewhere()
      this.#later('sign', this.#session.now() + FIRST_RETRY, () => this.#again())
      return false
    }
    const signatures = answer.with as unknown as Signatures
    for (const purpose of ['share', 'marks'] as const) {
      const one = record[purpose]
      const blind = decode(signatures[purpose])
      const made = await this.#beside.unblind(
        record.keys[purpose],
        decode(one.prepared),
        blind,
        decode(one.inverse),
      )
      one.signature = encode(made)
    }
    this.#keep?.keep(record)
    return true
  }

  #again() {
    this.#planned = ''
    if (this.#shown.keys) void this.#work(this.#shown.keys, undefined)
  }

  /** Shows what became of this person's words. */
  #settle() {
    const record = this.#record
    if (!record) return
    const { phase, spent, heard } = this.#shown
    if (spent?.[this.#name] || heard?.[this.#name]) record.posted = true
    else if (phase === 'recovery') record.posted = false
    this.text = record.written?.text ?? ''
    this.marked = [...record.toMark, ...record.marked]
    this.reply = record.reply ? { to: record.reply.to, sent: record.reply.sent ?? false } : null
    this.outcome = this.#outcome(record)
  }

  #outcome(record: Record): Outcome {
    if (!record.written) return ''
    if (record.takeBack) return record.takeBack === 'done' ? 'taken back' : 'taking back'
    if (this.#shown.phase === 'poured') return this.#shown.spent?.[this.#name] ? 'placed' : 'not placed'
    return record.posted ? 'posted' : 'waiting'
  }

  /** The record as it is by now: another tab of the same person may have written a share. */
  #fresh(): Record | null {
    const kept = this.#keep?.read()
    if (kept?.share.signature) this.#record = kept
    return this.#record
  }

  #save() {
    if (this.#record) this.#keep?.keep(this.#record)
    this.#settle()
  }

  /** Sets the one timer for what comes next in this phase. */
  #plan() {
    const { phase, window } = this.#shown
    const now = this.#session.now()
    const posted = this.#record?.posted
    if (phase === 'closing' && window && !posted) {
      this.#later('closing', moment(now, window.ends - CLOSING_MARGIN), () => void this.#first())
    } else if (phase === 'recovery' && window && !posted) {
      this.#later('recovery', moment(now, window.ends - RECOVERY_MARGIN), () => void this.#first())
    } else if (phase === 'poured' && this.#shown.slot) {
      const next = (Math.floor(now / this.#shown.slot) + 1) * this.#shown.slot
      this.#later('slot', moment(next, next + this.#shown.slot - SLOT_MARGIN), () => void this.#slot())
    }
  }

  #later(what: string, at: number, then: () => void) {
    if (this.#planned === what) return
    clearTimeout(this.#timer)
    this.#planned = what
    this.#timer = setTimeout(then, Math.max(0, at - this.#session.now()))
  }

  /** Posts the one first body, share or blank, and again until it is there or the window is over. */
  async #first(wait = FIRST_RETRY) {
    const record = this.#fresh()
    const right = record && token(record.share)
    if (!record || !right || record.posted) return
    const bytes = record.written ? decode(record.written.body) : body.blank(right)
    const done = await post(this.#session.id, this.#step, bytes)
    if (record !== this.#record) return
    if (done === 'there') {
      record.posted = true
      this.#save()
      this.#plan()
      return
    }
    if (done !== 'again' || !this.#taking()) return
    clearTimeout(this.#timer)
    const pause = moment(wait / 2, wait)
    this.#timer = setTimeout(() => void this.#first(Math.min(wait * 2, LONGEST_RETRY)), pause)
  }

  #taking(): boolean {
    return ['open', 'closing', 'recovery'].includes(this.#shown.phase)
  }

  /** A page about to be hidden may never wake again: what is to be handed in goes now. */
  #hidden = () => {
    const record = this.#fresh()
    if (document.visibilityState !== 'hidden' || !record || record.posted) return
    const written = record.written !== undefined
    if (this.#shown.phase === 'closing' || (this.#shown.phase === 'open' && written)) void this.#first()
  }

  /** Posts the body of one slot: what waits to be said, or a blank. */
  async #slot() {
    const record = this.#fresh()
    const right = record && token(record.marks)
    this.#planned = ''
    if (!record || !right || this.#shown.phase !== 'poured') return
    const said = this.#next(record, right)
    if ((await post(this.#session.id, this.#step, said.bytes)) === 'there') {
      said.done?.()
      if (said.done && record === this.#record) this.#save()
    }
    if (record === this.#record) this.#plan()
  }

  #next(record: Record, right: body.Token): { bytes: Bytes; done?: () => void } {
    const { written, reply, toMark } = record
    if (record.takeBack === 'wanted' && written) {
      return { bytes: body.takeBack(right, decode(written.lock)), done: () => (record.takeBack = 'done') }
    }
    if (reply && !reply.sent && written) {
      const bytes = body.reply(right, decode(written.reply), decode(reply.sealed))
      return { bytes, done: () => (reply.sent = true) }
    }
    if (toMark.length === 0) return { bytes: body.later(right) }
    const some = toMark.slice(0, 100)
    const done = () => {
      record.marked.push(...some)
      record.toMark = record.toMark.filter((id) => !some.includes(id))
    }
    return { bytes: body.marks(right, some), done }
  }

  /** Tries every answer that everybody reads; only those to this person's share open. */
  async #tryAnswers() {
    const written = this.#record?.written
    if (!written) return
    const key = decode(written.privateKey)
    for (const [id, sealed] of Object.entries(this.#shown.answers ?? {})) {
      if (this.#tried.includes(id)) continue
      this.#tried.push(id)
      const answer = await openAnswer(key, this.#where(), decode(sealed))
      if (answer) this.answers = [...this.answers, { id, ...answer }]
    }
  }
}

/** Which blinded messages were signed, as one's own document says it. */
async function fingerprint(record: Record): Promise<string> {
  const both = join(decode(record.share.blinded), decode(record.marks.blinded))
  return encode((await sha256(both)).subarray(0, FINGERPRINT))
}
