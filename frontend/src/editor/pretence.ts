// The line of a session that does not exist.

import type { Surroundings } from '../socket'
import type { Shown } from './work.svelte'

export class Pretence {
  #line: Partial<WebSocket> = {}
  #revision = 0
  #stage: boolean
  #welcomed = ''

  constructor(stage: boolean) {
    this.#stage = stage
  }

  surroundings: Surroundings = {
    url: '',
    random: () => 1,
    open: () => {
      this.#line = {
        send: (text) => this.#hear(String(text)),
        close: () => {},
      }
      return this.#line as WebSocket
    },
  }

  show({ everyone, own, stage, person }: Shown) {
    if (this.#welcomed !== person) {
      this.#welcomed = person
      this.#line.onopen?.call(this.#line as WebSocket, new Event('open'))
      const role = this.#stage ? 'stage' : 'participant'
      this.#say({ welcome: { session: 'pretend', person, role, now: Date.now(), docs: {} } })
    }
    const rev = ++this.#revision
    if (this.#stage) return this.#say({ doc: 'stage', rev, is: stage })
    this.#say({ doc: 'everyone', rev, is: everyone })
    this.#say({ doc: `person/${person}`, rev, is: own })
  }

  // Nothing is stored: every order is refused, and a beat is answered so that the line stays.
  #hear(text: string) {
    const frame = JSON.parse(text) as { id?: number; beat?: number }
    if (frame.beat !== undefined) this.#say({ beat: Date.now() })
    if (frame.id) this.#say({ no: frame.id, error: { code: 'closed', reason: 'pretence', message: '' } })
  }

  #say(frame: unknown) {
    this.#line.onmessage?.call(
      this.#line as WebSocket,
      new MessageEvent('message', { data: JSON.stringify(frame) }),
    )
  }
}

/** Gives this page a device of its own: no request leaves it, and what this browser keeps is not found. */
export function withhold() {
  const apart = (name: string) => `preview:${name}`
  const open = indexedDB.open.bind(indexedDB)
  Object.assign(indexedDB, { open: (name: string, version?: number) => open(apart(name), version) })
  for (const method of ['getItem', 'setItem', 'removeItem'] as const) {
    const real = Storage.prototype[method] as (key: string, value?: string) => string | null | void
    Object.assign(Storage.prototype, {
      [method](this: Storage, key: string, value?: string) {
        return value === undefined ? real.call(this, apart(key)) : real.call(this, apart(key), value)
      },
    })
  }
  Object.assign(globalThis, { fetch: () => Promise.reject(new TypeError('a preview asks nobody')) })
}
