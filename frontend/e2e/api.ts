// The few requests a script would make, as openapi.json has them.

import { randomBytes } from 'node:crypto'
import type { Links } from './mend'
import { Wire } from './wire'

export interface Pass {
  token: string
  session: string
  person: string
}

export interface Answer {
  status: number
  body: Record<string, unknown>
}

export async function post(origin: string, path: string, body: unknown, headers = {}): Promise<Answer> {
  const response = await fetch(origin + path, {
    method: 'POST',
    // A connection of its own: a kept one may lead to a node that has died.
    headers: { 'Content-Type': 'application/json', Connection: 'close', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function pass(origin: string, path: string, body: unknown, headers = {}): Promise<Pass> {
  const answer = await post(origin, path, body, headers)
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body as unknown as Pass
}

/** Takes a seat with the code; headers may say what a proxy would. */
export function join(links: Links, alias: string, headers = {}): Promise<Pass> {
  return pass(new URL(links.join).origin, '/api/join', { code: links.code, alias }, headers)
}

/** Takes the facilitator's seat of a demo. */
export function lead(links: Links): Promise<Pass> {
  const { origin, hash } = new URL(links.facilitator)
  return pass(origin, '/api/demo/seat', { key: hash.slice(1) })
}

/** The same links, by way of another address. */
export function via(links: Links, origin: string): Links {
  const moved = (link: string) => link.replace(new URL(link).origin, origin)
  return {
    code: links.code,
    facilitator: moved(links.facilitator),
    join: moved(links.join),
    stage: moved(links.stage),
  }
}

/** How long a client tries, which is no measure: machines are slow, and nodes die in these tests. */
const PATIENCE = 60_000

/** A client as PROTOCOL.md describes it: it comes back when the line breaks and says again what was not answered. */
export class Client {
  #origin: string
  #token: string
  #name = randomBytes(6).toString('hex')
  #wire: Wire | undefined
  #opening: Promise<Wire> | undefined
  #last = 0
  #left = false

  constructor(origin: string, token: string) {
    this.#origin = origin
    this.#token = token
  }

  /** The line, opened if there is none. It is opened again by itself, so that its person stays in the room. */
  line(): Promise<Wire> {
    if (this.#wire && this.#wire.closed === undefined) return Promise.resolve(this.#wire)
    this.#opening ??= this.#hello(this.#name)
      .then((wire) => {
        wire.onclose = (code) => {
          // 44xx are for good.
          if (!this.#left && code < 4400) this.line().catch(() => {})
        }
        return (this.#wire = wire)
      })
      .finally(() => (this.#opening = undefined))
    return this.#opening
  }

  /** Gives a command until it is answered, always under the same id. */
  async do(name: string, body: unknown = {}): Promise<Record<string, unknown>> {
    const id = ++this.#last
    const end = Date.now() + PATIENCE
    for (;;) {
      const wire = await this.line()
      try {
        return await wire.ask(id, name, body)
      } catch (error) {
        if (Date.now() > end) throw error
      }
    }
  }

  /**
   * The newest whole of a document that the node behind a fresh line has, so that no patch has to be merged. Another node
   * may be a moment ahead.
   */
  async read(name: string, patience = PATIENCE): Promise<Record<string, unknown>> {
    const end = Date.now() + patience
    for (;;) {
      const wire = await this.#hello()
      try {
        const whole = () => wire.frames.find((frame) => frame.doc === name && 'is' in frame)
        const frame = await wire.until(name, whole, patience)
        return frame.is as Record<string, unknown>
      } catch (error) {
        if (Date.now() > end) throw error
      } finally {
        wire.close()
      }
    }
  }

  async #hello(name?: string): Promise<Wire> {
    const end = Date.now() + PATIENCE
    for (;;) {
      try {
        return await Wire.hello(this.#origin, this.#token, name)
      } catch (error) {
        if (Date.now() > end || this.#left) throw error
        await new Promise((done) => setTimeout(done, 100))
      }
    }
  }

  close() {
    this.#left = true
    this.#wire?.close()
  }
}

/** Many people at once, each with a line of their own: "Person 0", "Person 1" and so on. */
export async function gather(links: Links, count: number): Promise<Client[]> {
  const { origin } = new URL(links.join)
  const all: Client[] = []
  for (let first = 0; first < count; first += 20) {
    const some = Array.from({ length: Math.min(20, count - first) }, async (_, i) => {
      const client = new Client(origin, (await join(links, `Person ${first + i}`)).token)
      await client.line()
      return client
    })
    all.push(...(await Promise.all(some)))
  }
  return all
}

/** What the facilitator means to do, in order, with the titles in a language. */
export async function agenda(links: Links, language: 'en' | 'es' = 'en') {
  const client = new Client(new URL(links.join).origin, (await lead(links)).token)
  const { agenda } = (await client.read('everyone')) as {
    agenda: Record<string, { order: number; kind: string; title: Record<string, string> }>
  }
  client.close()
  return Object.values(agenda)
    .sort((a, b) => a.order - b.order)
    .map(({ kind, title }) => ({ kind, title: title[language] ?? '' }))
}
