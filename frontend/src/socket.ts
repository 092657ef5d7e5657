// The transport: one WebSocket that comes back. It knows frames, not workshops.

import type { Json } from './merge'
import type { Hello, Refusal, Signal, Welcome } from './wire.gen'

/** What a document frame carries: the whole (`is`) or the difference from revision `from`. */
export type DocumentFrame = { doc: string; rev: number } & ({ is: Json } | { from: number; patch: Json })

export type Status = 'connecting' | 'here' | 'away' | 'ended'

export interface Events {
  /** Asked anew for every connection, with the revisions held at that moment. */
  hello(): Hello
  welcome(welcome: Welcome): void
  /** Returns false when the patch does not fit what is held; the socket then asks for the whole again. */
  document(frame: DocumentFrame): boolean
  gone(document: string): void
  /** Something another person's page says to this one. Never repeated, and may be lost. */
  signal?(from: string, data: unknown): void
  /** The record of the session is damaged: it can be read and nothing changed. */
  readonly(): void
  status(status: Status): void
  /** The clock of the server in Unix milliseconds, heard this instant. */
  clock(now: number): void
  /** A close that no retry can mend, with the reason the server gave. */
  ended(code: number, reason: string): void
}

export interface Surroundings {
  url: string
  open(url: string): WebSocket
  random(): number
}

/** What became of a command: it is stored, and may have brought something back; or it was refused. */
export type Outcome = { with?: Json } | { refusal: Refusal }

interface Pending {
  frame: string
  resolve(outcome: Outcome): void
}

const HELLO_TIMEOUT = 8_000
const LONGEST_HELLO = 20_000
const BEAT_EVERY = 25_000
const BEAT_TIMEOUT = 8_000
const PROBE_TIMEOUT = 3_000
const LARGEST_FRAME = 16 * 1024
const MOST_UNANSWERED = 50
const FIRST_RETRY = 250
const LONGEST_RETRY = 8_000

const FINAL = new Set([4401, 4403, 4410])
const BAD_FRAME = new Set([1003, 1007, 1009, 4422])

export class Socket {
  #events: Events
  #around: Surroundings
  #ws: WebSocket | null = null
  #status: Status = 'connecting'
  #welcomed = false
  #attempt = 0
  #helloWithin = HELLO_TIMEOUT
  #lastId = 0
  #lastSent = 0
  #pending = new Map<number, Pending>()
  #bye: string | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #patience: ReturnType<typeof setTimeout> | undefined
  #beat: ReturnType<typeof setTimeout> | undefined

  constructor(events: Events, around: Partial<Surroundings> = {}) {
    this.#events = events
    this.#around = { url: address(), open: (url) => new WebSocket(url), random: Math.random, ...around }
  }

  open() {
    addEventListener('online', this.#wake)
    addEventListener('offline', this.#wake)
    document.addEventListener('visibilitychange', this.#wake)
    this.#connect()
  }

  /** Leaves for good. What was not answered stays unanswered. */
  close() {
    this.#stop()
    this.#drop()
  }

  /**
   * Sends a command and resolves once it is stored or refused. While the
   * connection is lost it waits; after a reconnect it is sent again under the same id, which
   * the server applies once.
   */
  do(name: string, body: Json = {}): Promise<Outcome> {
    if (this.#status === 'ended') return Promise.resolve(refused('closed', 'session_over'))
    if (this.#pending.size >= MOST_UNANSWERED) return Promise.resolve(refused('conflict', 'too_fast'))
    const id = ++this.#lastId
    const frame = JSON.stringify({ id, do: name, with: body })
    if (new TextEncoder().encode(frame).length > LARGEST_FRAME) {
      return Promise.resolve(refused('invalid', 'too_long'))
    }
    return new Promise((resolve) => {
      this.#pending.set(id, { frame, resolve })
      if (this.#welcomed) this.#send(id, frame)
    })
  }

  /** Says something to another person's page. While the line is lost it is lost, too. */
  signal(to: string, data: unknown) {
    if (this.#welcomed) this.#ws?.send(JSON.stringify({ signal: { to, data } }))
  }

  #connect() {
    clearTimeout(this.#retry)
    this.#drop()
    const ws = this.#around.open(this.#around.url)
    this.#ws = ws
    this.#welcomed = false
    this.#bye = null
    this.#expect(this.#helloWithin, () => (this.#helloWithin = LONGEST_HELLO)) // a line so slow needs longer
    ws.onopen = () => ws.send(JSON.stringify({ hello: this.#events.hello() }))
    ws.onmessage = (message) => this.#receive(String(message.data))
    ws.onclose = (event) => this.#closed(event.code, event.reason)
  }

  #receive(text: string) {
    const frame = JSON.parse(text) as Record<string, unknown>
    if (this.#welcomed) this.#rest()
    if ('welcome' in frame) this.#welcome(frame.welcome as Welcome)
    else if ('doc' in frame) this.#document(frame as unknown as DocumentFrame)
    else if ('ok' in frame)
      this.#answer(frame.ok as number, { with: frame.with as Json | undefined }, frame.now)
    else if ('no' in frame) this.#answer(frame.no as number, { refusal: frame.error as Refusal }, frame.now)
    else if ('gone' in frame) this.#events.gone(frame.gone as string)
    else if ('signal' in frame) this.#signal(frame.signal as Signal)
    else if ('beat' in frame) this.#events.clock(frame.beat as number)
    else if ('readonly' in frame) this.#events.readonly()
    else if ('bye' in frame) this.#bye = (frame.bye as { reason: string }).reason
    // Anything else is newer than this client and passes.
  }

  #welcome(welcome: Welcome) {
    this.#welcomed = true
    this.#attempt = 0
    this.#helloWithin = HELLO_TIMEOUT
    this.#rest()
    this.#events.clock(welcome.now)
    this.#events.welcome(welcome)
    this.#become('here')
    for (const [id, { frame }] of this.#pending) this.#send(id, frame)
  }

  #document(frame: DocumentFrame) {
    if (!this.#events.document(frame)) this.#connect()
  }

  #signal({ from, data }: Signal) {
    if (from) this.#events.signal?.(from, data)
  }

  #answer(id: number, outcome: Outcome, now: unknown) {
    if (typeof now === 'number') this.#events.clock(now)
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    pending?.resolve(outcome)
  }

  #send(id: number, frame: string) {
    this.#lastSent = id
    this.#ws?.send(frame)
  }

  #closed(code: number, reason: string) {
    this.#drop()
    if (FINAL.has(code)) return this.#end(code, this.#bye ?? reason)
    if (BAD_FRAME.has(code)) this.#answer(this.#lastSent, refused('invalid', 'too_long'), undefined)
    this.#become(this.#status === 'connecting' ? 'connecting' : 'away')
    const wait = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.#attempt++)
    this.#retry = setTimeout(() => this.#connect(), wait * (0.5 + this.#around.random() / 2))
  }

  #end(code: number, reason: string) {
    this.#stop()
    this.#become('ended')
    for (const { resolve } of this.#pending.values()) resolve(refused('closed', 'session_over'))
    this.#pending.clear()
    this.#events.ended(code, reason)
  }

  // After every frame heard: be content, and ask again only after a silence.
  #rest() {
    clearTimeout(this.#patience)
    clearTimeout(this.#beat)
    this.#beat = setTimeout(() => this.#probe(BEAT_TIMEOUT), BEAT_EVERY)
  }

  #probe(timeout: number) {
    this.#ws?.send('{"beat":1}')
    this.#expect(timeout)
  }

  #expect(timeout: number, missed = () => {}) {
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => {
      missed()
      this.#closed(1006, '')
    }, timeout)
  }

  // The network changed or the phone was woken: find out now whether the line still holds.
  #wake = () => {
    if (document.visibilityState === 'hidden') return
    if (this.#welcomed) return this.#probe(PROBE_TIMEOUT)
    if (this.#ws === null) this.#connect()
  }

  #become(status: Status) {
    if (status === this.#status) return
    this.#status = status
    this.#events.status(status)
  }

  // Lets go of the present connection; nothing it says later is heard.
  #drop() {
    clearTimeout(this.#patience)
    clearTimeout(this.#beat)
    const ws = this.#ws
    this.#ws = null
    this.#welcomed = false
    if (!ws) return
    ws.onopen = ws.onmessage = ws.onclose = null
    ws.close(1000)
  }

  #stop() {
    removeEventListener('online', this.#wake)
    removeEventListener('offline', this.#wake)
    document.removeEventListener('visibilitychange', this.#wake)
    clearTimeout(this.#retry)
    clearTimeout(this.#patience)
    clearTimeout(this.#beat)
  }
}

function address(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`
}

function refused(code: Refusal['code'], reason: string): Outcome {
  return { refusal: { code, reason, message: reason } }
}
