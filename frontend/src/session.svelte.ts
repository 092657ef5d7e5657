// The live session as this seat sees it: its documents, the state of the line, and commands.

import { merge, type Json } from './merge'
import { Socket, type DocumentFrame, type Outcome, type Status, type Surroundings } from './socket'
import type { Commands, Documents, ICEServer, Own, Refusal, RoomView, Welcome } from './wire.gen'

/** How long a command may be on its way before the screen says "saving…". */
const NOTICEABLE = 400

export type Ending = 'removed' | 'over' | 'damaged' | 'expired'

/** What goes with a command; may be left out where it holds nothing that must be there. */
type With<Name extends keyof Commands> =
  Record<string, never> extends Commands[Name] ? [body?: Commands[Name]] : [body: Commands[Name]]

export class Session {
  /** Connecting until the first welcome; away while the line is lost. */
  status = $state<Status>('connecting')
  ending = $state<Ending | null>(null)
  /** The session's own id, once it is known. */
  id = ''
  person = $state('')
  role = $state('')
  /** True while something sent has not been stored for a noticeable time. */
  saving = $state(false)
  /** The session's record is damaged: it is shown, and nothing can be changed. */
  readonly = $state(false)
  /** The last refusal nobody has shown beside its own control. */
  refused = $state<Refusal | null>(null)

  /** What helps two browsers find each other, as the operator configured it. */
  ice: ICEServer[] = []
  /** Hears what the page of another person says to this one. */
  onsignal: ((from: string, data: unknown) => void) | null = null
  /** Hears what is written in a talk of support, which is kept in no document. */
  ontalk: ((from: string, talk: unknown) => void) | null = null
  /** How many of its lines nobody has looked at. */
  unread = $state(0)

  #documents = $state.raw<Record<string, Json>>({})
  #revisions: Record<string, number> = {}
  #token: string
  #build: string | undefined
  #client = crypto.getRandomValues(new Uint32Array(4)).join('-')
  #socket: Socket
  #ahead = 0 // the server's clock minus ours
  #unanswered = 0

  constructor(token: string, surroundings: Partial<Surroundings> = {}) {
    this.#token = token
    this.#socket = new Socket(
      {
        hello: () => ({
          token: this.#token,
          client: this.#client,
          build: this.#build,
          docs: { ...this.#revisions },
        }),
        welcome: (welcome) => this.#welcome(welcome),
        document: (frame) => this.#document(frame),
        gone: (name) => this.#forget(name),
        signal: (from, data) => {
          const talk = (data as { talk?: unknown } | null)?.talk
          if (talk) this.ontalk?.(from, talk)
          else this.onsignal?.(from, data)
        },
        status: (status) => (this.status = status),
        clock: (now) => (this.#ahead = now - Date.now()),
        readonly: () => (this.readonly = true),
        ended: (code, reason) => (this.ending = ending(code, reason)),
      },
      surroundings,
    )
  }

  get everyone(): Documents['everyone'] | undefined {
    return this.#documents.everyone as unknown as Documents['everyone'] | undefined
  }

  get facilitators(): Documents['facilitators'] | undefined {
    return this.#documents.facilitators as unknown as Documents['facilitators'] | undefined
  }

  get keepers(): Documents['keepers'] | undefined {
    return this.#documents.keepers as unknown as Documents['keepers'] | undefined
  }

  get stage(): Documents['stage'] | undefined {
    return this.#documents.stage as unknown as Documents['stage'] | undefined
  }

  /** This person's own document. */
  get own(): Own | undefined {
    return this.#documents[`person/${this.person}`] as unknown as Own | undefined
  }

  /** A practice room, while this seat may read it. */
  room(id: string): RoomView | undefined {
    return this.#documents[`room/${id}`] as unknown as RoomView | undefined
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
    return steps.sort((a, b) => a.order - b.order).map((step) => step.state as 'done' | 'now' | 'ahead')
  }

  get leads(): boolean {
    const role = this.me?.role
    return role === 'facilitator' || role === 'cofacilitator'
  }

  get keeps(): boolean {
    return this.leads || this.me?.role === 'keeper'
  }

  open() {
    this.#socket.open()
  }

  close() {
    this.#socket.close()
  }

  /** What a request in this seat's name carries. */
  get token(): string {
    return this.#token
  }

  /** The server's time in Unix milliseconds, for drawing timers and nothing else. */
  now(): number {
    return Date.now() + this.#ahead
  }

  /** Orders something; a refusal is shown to the person wherever they are. */
  async do<Name extends keyof Commands>(name: Name, ...body: With<Name>): Promise<boolean> {
    this.refused = await this.ask(name, ...body)
    return this.refused === null
  }

  /** Orders something whose refusal the caller shows beside its own control. */
  async ask<Name extends keyof Commands>(name: Name, ...[body]: With<Name>): Promise<Refusal | null> {
    this.#unanswered++
    const slow = setTimeout(() => (this.saving = true), NOTICEABLE)
    const outcome = await this.#socket.do(name, (body ?? {}) as Json)
    clearTimeout(slow)
    if (--this.#unanswered === 0) this.saving = false
    return 'refusal' in outcome ? outcome.refusal : null
  }

  /** Orders something that brings something back, without a word on the screen. */
  fetch<Name extends keyof Commands>(name: Name, body: Commands[Name]): Promise<Outcome> {
    return this.#socket.do(name, body as unknown as Json)
  }

  /** Says something to the page of another person in the same practice room. */
  signal(to: string, data: unknown) {
    this.#socket.signal(to, data)
  }

  #welcome(welcome: Welcome) {
    this.ice = welcome.ice ?? []
    this.id = welcome.session
    this.person = welcome.person
    this.role = welcome.role
    this.readonly = welcome.readonly ?? false
    this.#build = welcome.build
    // Copies that are not named here are about to be sent whole; they are shown until then.
    this.#revisions = { ...welcome.docs }
    if (welcome.role === 'participant') this.#forget('facilitators')
  }

  #document(frame: DocumentFrame): boolean {
    const whole = 'is' in frame
    if (!whole && frame.from !== this.#revisions[frame.doc]) {
      delete this.#revisions[frame.doc]
      return false
    }
    const value = whole ? frame.is : merge(this.#documents[frame.doc], frame.patch)
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

function ending(code: number, reason: string): Ending {
  if (code === 4401) return 'expired'
  if (code === 4403) return 'removed'
  return reason === 'damaged' ? 'damaged' : 'over'
}
