// The live session as this seat sees it: its documents, the state of the line, and commands.

import { merge, type Json } from './merge'
import type { Documents } from './documents'
import {
  Socket,
  type DocumentFrame,
  type Refusal,
  type Status,
  type Surroundings,
  type Welcome,
} from './socket'

/** How long a command may be on its way before the screen says "saving…". */
const NOTICEABLE = 400

export type Ending = 'removed' | 'over' | 'expired'

const ENDINGS: Record<number, Ending> = { 4401: 'expired', 4403: 'removed', 4410: 'over' }

export class Session {
  /** Connecting until the first welcome; away while the line is lost. */
  status = $state<Status>('connecting')
  ending = $state<Ending | null>(null)
  person = $state('')
  role = $state('')
  /** True while something sent has not been stored for a noticeable time. */
  saving = $state(false)
  /** The last refusal nobody has shown beside its own control. */
  refused = $state<Refusal | null>(null)

  #documents = $state.raw<Record<string, Json>>({})
  #revisions: Record<string, number> = {}
  #token: string
  #client = crypto.getRandomValues(new Uint32Array(4)).join('-')
  #socket: Socket
  #ahead = 0 // the server's clock minus ours
  #unanswered = 0

  constructor(token: string, surroundings: Partial<Surroundings> = {}) {
    this.#token = token
    this.#socket = new Socket(
      {
        hello: () => ({ token: this.#token, client: this.#client, docs: { ...this.#revisions } }),
        welcome: (welcome) => this.#welcome(welcome),
        document: (frame) => this.#document(frame),
        gone: (name) => this.#forget(name),
        status: (status) => (this.status = status),
        clock: (now) => (this.#ahead = now - Date.now()),
        ended: (code) => (this.ending = ENDINGS[code] ?? 'over'),
      },
      surroundings,
    )
  }

  get everyone(): Documents['everyone'] | undefined {
    return this.#documents.everyone as Documents['everyone'] | undefined
  }

  get facilitators(): Documents['facilitators'] | undefined {
    return this.#documents.facilitators as Documents['facilitators'] | undefined
  }

  get stage(): Documents['stage'] | undefined {
    return this.#documents.stage as Documents['stage'] | undefined
  }

  /** This person's own document. */
  get own(): Documents['person'] | undefined {
    return this.#documents[`person/${this.person}`] as Documents['person'] | undefined
  }

  /** How the room sees this person. */
  get me() {
    return this.everyone?.people[this.person]
  }

  /** The step the group is at. */
  get step() {
    return (this.everyone ?? this.stage)?.step
  }

  /** The agenda in its order, as stitches. */
  get stitches(): ('done' | 'now' | 'ahead')[] {
    const agenda = (this.everyone ?? this.stage)?.agenda ?? {}
    const steps = Object.values(agenda).filter((step) => step.state !== 'skipped')
    return steps
      .sort((a, b) => a.order - b.order)
      .map((step) => (step.state === 'skipped' ? 'ahead' : step.state))
  }

  get leads(): boolean {
    const role = this.me?.role
    return role === 'facilitator' || role === 'cofacilitator'
  }

  open() {
    this.#socket.open()
  }

  close() {
    this.#socket.close()
  }

  /** The server's time in Unix milliseconds, for drawing timers and nothing else. */
  now(): number {
    return Date.now() + this.#ahead
  }

  /** Orders something; a refusal is shown to the person wherever they are. */
  async do(name: string, body: Json = {}): Promise<boolean> {
    const refusal = await this.ask(name, body)
    this.refused = refusal
    return refusal === null
  }

  /** Orders something whose refusal the caller shows beside its own control. */
  async ask(name: string, body: Json = {}): Promise<Refusal | null> {
    this.#unanswered++
    const slow = setTimeout(() => (this.saving = true), NOTICEABLE)
    const refusal = await this.#socket.do(name, body)
    clearTimeout(slow)
    if (--this.#unanswered === 0) this.saving = false
    return refusal
  }

  #welcome(welcome: Welcome) {
    this.person = welcome.person ?? ''
    this.role = welcome.role
    for (const name of Object.keys(this.#documents)) {
      const mine = name === `person/${this.person}` || name in welcome.docs
      if (!mine) this.#forget(name)
    }
  }

  #document(frame: DocumentFrame): boolean {
    const held = this.#revisions[frame.doc]
    if (held !== undefined && frame.rev <= held) return true // already seen
    if ('patch' in frame && frame.from !== held) {
      this.#revisions = Object.fromEntries(
        Object.entries(this.#revisions).filter(([doc]) => doc !== frame.doc),
      )
      return false
    }
    const value = 'patch' in frame ? merge(this.#documents[frame.doc], frame.patch) : frame.is
    this.#revisions[frame.doc] = frame.rev
    this.#documents = { ...this.#documents, [frame.doc]: value }
    return true
  }

  #forget(name: string) {
    const { [name]: _gone, ...kept } = this.#documents
    this.#documents = kept
    delete this.#revisions[name]
  }
}
