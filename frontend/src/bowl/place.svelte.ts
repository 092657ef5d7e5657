// One person's place in one bowl. Every phone does the same whether its owner writes or not: it has its
// tokens signed, posts one body when the bowl closes, and one in every slot afterwards.

import type { BowlEveryone, BowlOwn } from '../wire.gen'
import type { Session } from '../session.svelte'
import { beside, type Arithmetic } from './arithmetic'
import * as body from './body'
import { decode, encode, random, sha256, type Bytes } from './bytes'
import { claim, type Claimed } from './claim'
import { Courier } from './courier'
import { RecordKeep, token, type Record } from './record'
import { newKey, openAnswer, sealReply } from './seal'
import { tidy, unfit } from './share'

/** Insecure: this browser has no cryptography here. Getting: it is on its way. The rest as it was claimed. */
export type Standing = 'insecure' | 'getting' | Exclude<Claimed, 'later'>

/** What became of what was written: in the bowl on this device, handed in, then placed or not, or taken back. */
export type Outcome = '' | 'waiting' | 'posted' | 'placed' | 'not placed' | 'taking back' | 'taken back'

export interface Answered {
  id: string
  text: string
  replyTo: Bytes
}

const FIRST_RETRY = 500
const LONGEST_RETRY = 4_000
/** One's own document may come a moment after the one that everybody reads. */
const PATIENCE = 800

export class Place {
  readonly bowl: string
  standing = $state<Standing>('getting')
  outcome = $state<Outcome>('')
  /** What was put into the bowl. */
  text = $state('')
  /** What this phone hands in is settled: nothing more can be put in or taken out. */
  settled = $state(false)
  marked = $state.raw<readonly string[]>([])
  answers = $state.raw<Answered[]>([])
  /** The answer that was replied to, and whether the reply is there. */
  reply = $state.raw<{ to: string; text: string; sent: boolean } | null>(null)

  #session: Session
  #arithmetic: Arithmetic | null
  #keep: RecordKeep
  #courier: Courier
  #shown: BowlEveryone
  #signed: string | undefined
  #name = '' // of the share's token
  #busy = false
  #closed = false
  #wait = FIRST_RETRY
  #tried: string[] = []
  #again: ReturnType<typeof setTimeout> | undefined
  #doubt: ReturnType<typeof setTimeout> | undefined

  constructor(session: Session, step: string, shown: BowlEveryone, arithmetic: Arithmetic | null = null) {
    this.#session = session
    this.#arithmetic = arithmetic
    this.#shown = shown
    this.bowl = shown.bowl ?? ''
    this.#keep = new RecordKeep(session.id, this.bowl, session.person)
    this.#courier = new Courier(session, step, this.#keep, () => this.#settle())
  }

  close() {
    this.#closed = true
    clearTimeout(this.#again)
    clearTimeout(this.#doubt)
    this.#courier.close()
    this.#arithmetic?.close()
  }

  /** Takes notice of how the bowl stands now. */
  follow(shown: BowlEveryone, own: BowlOwn | undefined) {
    this.#shown = shown
    this.#signed = own?.signed
    if (!globalThis.crypto?.subtle) this.standing = 'insecure'
    else if (own && !own.in) this.#suppose('outside')
    else if (own) void this.#work()
  }

  /** Puts words into the bowl, in place of those before; says what is wrong with them, if something is. */
  async place(raw: string): Promise<string> {
    const text = tidy(raw)
    const wrong = unfit(text)
    const right = token(this.#keep.read()?.share ?? { prepared: '', blinded: '', inverse: '' })
    if (wrong || !right) return wrong || 'bowl_preparing'
    const [key, lock, back] = [await newKey(), random(32), random(32)]
    const words = { text, key: key.public, lock: await sha256(lock), replyLock: await sha256(back) }
    const written = {
      text,
      key: encode(key.public),
      privateKey: encode(key.private),
      lock: encode(lock),
      reply: encode(back),
      body: encode(body.share(right, words)),
    }
    this.#change((record) => record.sent || (record.written = written))
    return this.#keep.read()?.written?.text === text ? '' : 'bowl_window_over'
  }

  /** Takes it out again, before it was handed in. */
  unplace() {
    this.#change((record) => record.sent || delete record.written)
  }

  /** Takes a share back that was handed in, in the next slot. */
  takeBack() {
    this.#change((record) => record.written && (record.takeBack ??= 'wanted'))
  }

  /** "Me too", in the next slot. */
  mark(share: string) {
    this.#change(({ toMark, marked }) => {
      if (!toMark.includes(share) && !marked.includes(share)) toMark.push(share)
    })
  }

  /** Answers an answer, once, in the next slot. It throws if the words are too long. */
  async answerBack(answer: Answered, text: string) {
    const sealed = encode(await sealReply(answer.replyTo, this.#where(), text))
    this.#change((record) => (record.reply ??= { to: answer.id, text, sealed }))
  }

  #where() {
    return { session: this.#session.id, bowl: this.bowl }
  }

  #change(act: (record: Record) => void) {
    this.#keep.change(act)
    this.#settle()
  }

  async #work() {
    const keys = this.#shown.keys
    if (this.#busy || this.#closed || !keys || this.standing === 'refused') return
    const arithmetic = this.#hands()
    if (!arithmetic) return this.#later()
    this.#busy = true
    const [session, bowl, keep, signed] = [this.#session, this.bowl, this.#keep, this.#signed]
    const claimed = await claim({ session, bowl, keys, keep, arithmetic, signed })
    this.#busy = false
    if (this.#closed) return
    if (claimed === 'later') return this.#later()
    this.#suppose(claimed)
    if (claimed === 'ready') await this.#serve()
    else if (signed !== this.#signed) void this.#work() // one's own document came in between
  }

  #hands(): Arithmetic | null {
    try {
      return (this.#arithmetic ??= beside())
    } catch {
      return null // a browser that makes no worker
    }
  }

  #later() {
    this.#arithmetic?.close()
    this.#arithmetic = null
    clearTimeout(this.#again)
    this.#again = setTimeout(() => void this.#work(), this.#wait)
    this.#wait = Math.min(this.#wait * 2, LONGEST_RETRY)
  }

  /** What one's own document may yet correct is said only after a moment. */
  #suppose(standing: Standing) {
    clearTimeout(this.#doubt)
    if (standing !== 'outside' && standing !== 'elsewhere') this.standing = standing
    else this.#doubt = setTimeout(() => (this.standing = standing), PATIENCE)
  }

  async #serve() {
    this.#name ||= await body.tokenName(decode(this.#keep.read()?.share.prepared ?? ''))
    this.#hear()
    this.#settle()
    this.#courier.follow(this.#shown)
    await this.#tryAnswers()
  }

  /** What is there by now, as the bowl says it. */
  #hear() {
    const { phase, spent, heard } = this.#shown
    const there = spent?.[this.#name] ?? heard?.[this.#name]
    const posted = this.#keep.read()?.posted ?? false
    const now = there ?? (phase === 'recovery' ? false : posted)
    if (now !== posted) this.#keep.change((record) => (record.posted = now))
  }

  /** Shows what became of this person's words. */
  #settle() {
    const record = this.#keep.read()
    if (!record || this.#closed) return
    this.text = record.written?.text ?? ''
    this.settled = record.sent !== undefined
    this.marked = [...record.toMark, ...record.marked]
    const { to, text, sent } = record.reply ?? { to: '', text: '' }
    this.reply = to ? { to, text, sent: sent ?? false } : null
    this.outcome = this.#outcome(record)
  }

  #outcome(record: Record): Outcome {
    if (!record.written) return ''
    if (record.takeBack) return record.takeBack === 'done' ? 'taken back' : 'taking back'
    if (this.#shown.phase !== 'poured') return record.posted ? 'posted' : 'waiting'
    return record.sent === 'share' && this.#shown.spent?.[this.#name] ? 'placed' : 'not placed'
  }

  /** Tries every answer that everybody reads; only those to this person's share open. */
  async #tryAnswers() {
    const written = this.#keep.read()?.written
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
