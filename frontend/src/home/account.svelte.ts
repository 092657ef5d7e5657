// Who is signed in on this browser. The access token lives in memory and for minutes; the cookie that
// renews it cannot be read from here.

import { get, post, type Answer } from '../api'
import type { Refusal } from '../wire.gen'

interface SignedIn {
  access: string
  expires: number
  name: string
}

/** A token that is about to end is renewed before it is used. */
const EARLY = 30_000

export class Account {
  state = $state<'looking' | 'out' | 'in' | 'unreachable'>('looking')
  name = $state('')
  #access = ''
  #expires = 0
  #renewing: Promise<Refusal | null> | null = null

  /** Finds out whether this browser is still signed in. */
  async resume() {
    const refusal = await this.#renew()
    if (refusal) this.state = refusal.code === 'internal' ? 'unreachable' : 'out'
  }

  signIn(name: string, password: string): Promise<Refusal | null> {
    return this.#enter(post<SignedIn>('/api/signin', { name, password }))
  }

  setUp(key: string, name: string, password: string): Promise<Refusal | null> {
    return this.#enter(post<SignedIn>('/api/setup', { key, name, password }))
  }

  async signOut() {
    this.#leave(await post('/api/signout'))
  }

  async signOutEverywhere() {
    this.#leave(await this.post('/api/signout-everywhere'))
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.#signed((token) => get<T>(path, token))
  }

  post<T>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.#signed((token) => post<T>(path, body, token))
  }

  async #signed<T>(ask: (token: string) => Promise<Answer<T>>): Promise<Answer<T>> {
    if (Date.now() > this.#expires - EARLY) {
      const refusal = await this.#renew()
      if (refusal?.code === 'denied') this.state = 'out'
      if (refusal) return { refusal }
    }
    const answer = await ask(this.#access)
    if ('refusal' in answer && answer.refusal.reason === 'not_signed_in') this.state = 'out'
    return answer
  }

  // Two requests at once must not spend the same cookie twice.
  #renew(): Promise<Refusal | null> {
    this.#renewing ??= this.#enter(post<SignedIn>('/api/refresh')).finally(() => (this.#renewing = null))
    return this.#renewing
  }

  async #enter(asked: Promise<Answer<SignedIn>>): Promise<Refusal | null> {
    const answer = await asked
    if ('refusal' in answer) return answer.refusal
    this.#access = answer.ok.access
    this.#expires = answer.ok.expires
    this.name = answer.ok.name
    this.state = 'in'
    return null
  }

  #leave(answer: Answer<unknown>) {
    if ('refusal' in answer && answer.refusal.code !== 'denied') return
    this.#access = ''
    this.#expires = 0
    this.state = 'out'
  }
}
