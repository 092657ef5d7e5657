// Who is signed in on this browser. The access token lives in memory and for minutes; the cookie that
// renews it cannot be read from here.

import { get, post, type Answer } from '../api'
import type { Refusal } from '../wire.gen'
import { make, show, type Asked } from './passkeys'

interface SignedIn {
  access: string
  /** How many milliseconds it is good for from now: the clock of this device may be wrong. */
  lasts: number
  name: string
  /** Stands alone: the password was right, and this ticket goes with the code that is asked for. */
  second?: string
}

/** What somebody shows again before what cannot be taken back. */
export interface Proof {
  password: string
  code: string
}

/** A token that is about to end is renewed before it is used. */
const EARLY = 30_000

/** A person turned a passkey away; there is nothing to say about it. */
export const TURNED_AWAY: Refusal = { code: 'denied', reason: 'turned_away', message: '' }

export class Account {
  state = $state<'looking' | 'out' | 'second' | 'in' | 'demanded' | 'unreachable'>('looking')
  name = $state('')
  /** Somebody has to show who they are before a request goes on; answered with whether they did. */
  proving = $state.raw<((proved: boolean) => void) | null>(null)
  #second = ''
  #access = ''
  #until = 0 // by the clock of this device
  #renewing: Promise<Refusal | null> | null = null

  /** Finds out whether this browser is still signed in. */
  async resume() {
    const refusal = await this.#renew()
    if (refusal) this.state = refusal.code === 'internal' ? 'unreachable' : 'out'
  }

  signIn(name: string, password: string): Promise<Refusal | null> {
    return this.#enter(post<SignedIn>('/api/signin', { name, password }))
  }

  /** The code that the right password asked for. */
  signInSecond(code: string): Promise<Refusal | null> {
    return this.#enter(post<SignedIn>('/api/signin/second', { ticket: this.#second, code }))
  }

  async signInPasskey(): Promise<Refusal | null> {
    const shown = await showPasskey()
    return 'refusal' in shown ? shown.refusal : this.#enter(post<SignedIn>('/api/signin/passkey', shown.ok))
  }

  setUp(key: string, name: string, password: string): Promise<Refusal | null> {
    return this.#enter(post<SignedIn>('/api/setup', { key, name, password }))
  }

  async setUpPasskey(key: string, name: string, label: string): Promise<Refusal | null> {
    const asked = await post<Asked>('/api/setup/passkey', { key, name })
    if ('refusal' in asked) return asked.refusal
    const made = await make(asked.ok)
    return made ? this.#enter(post<SignedIn>('/api/setup', { key, name, label, ...made })) : TURNED_AWAY
  }

  recover(name: string, code: string, password: string): Promise<Refusal | null> {
    return this.#enter(post<SignedIn>('/api/recover', { name, code, password }))
  }

  changePassword(password: string): Promise<Refusal | null> {
    return this.#enter(this.sure(() => this.post<SignedIn>('/api/account/password', { password })))
  }

  signOutDevice(id: string): Promise<Refusal | null> {
    const path = `/api/account/devices/${encodeURIComponent(id)}/signout`
    return this.#enter(this.sure(() => this.post<SignedIn>(path)))
  }

  /** What the organisation demands is there now. */
  goOn() {
    this.state = 'in'
  }

  /** Goes back to the beginning of signing in. */
  again() {
    this.#second = ''
    this.state = 'out'
  }

  async signOut() {
    this.#leave(await post('/api/signout'))
  }

  async signOutEverywhere() {
    this.#leave(await this.post('/api/signout-everywhere'))
  }

  prove(proof: Proof): Promise<Refusal | null> {
    return this.#proved(this.post<SignedIn>('/api/prove', proof))
  }

  async provePasskey(): Promise<Refusal | null> {
    const shown = await showPasskey()
    return 'refusal' in shown ? shown.refusal : this.#proved(this.post<SignedIn>('/api/prove', shown.ok))
  }

  /** Asks, and where the server wants to know again who it is, has them show it and asks once more. */
  async sure<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
    const answer = await ask()
    if (!('refusal' in answer) || answer.refusal.reason !== 'prove_again') return answer
    const proved = await new Promise<boolean>((resolve) => (this.proving = resolve))
    this.proving = null
    return proved ? ask() : { refusal: TURNED_AWAY }
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.#signed((token) => get<T>(path, token))
  }

  post<T>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return this.#signed((token) => post<T>(path, body, token))
  }

  /** For what is not JSON both ways. */
  ask<T>(ask: (token: string) => Promise<Answer<T>>): Promise<Answer<T>> {
    return this.#signed(ask)
  }

  async #signed<T>(ask: (token: string) => Promise<Answer<T>>): Promise<Answer<T>> {
    if (Date.now() > this.#until - EARLY) {
      const refusal = await this.#renew()
      if (refusal?.code === 'denied') this.state = 'out'
      if (refusal) return { refusal }
    }
    let answer = await ask(this.#access)
    if (lapsed(answer) && !(await this.#renew())) answer = await ask(this.#access) // the clock was set meanwhile
    if (lapsed(answer)) this.state = 'out'
    if ('refusal' in answer && answer.refusal.reason === 'second_demanded') this.state = 'demanded'
    return answer
  }

  // Two requests at once must not spend the same cookie twice.
  #renew(): Promise<Refusal | null> {
    this.#renewing ??= this.#enter(post<SignedIn>('/api/refresh')).finally(() => (this.#renewing = null))
    return this.#renewing
  }

  async #proved(asked: Promise<Answer<SignedIn>>): Promise<Refusal | null> {
    const refusal = await this.#enter(asked)
    if (!refusal) this.proving?.(true)
    return refusal
  }

  async #enter(asked: Promise<Answer<SignedIn>>): Promise<Refusal | null> {
    const answer = await asked
    if ('refusal' in answer) return answer.refusal
    if (answer.ok.second) {
      this.#second = answer.ok.second
      this.state = 'second'
      return null
    }
    this.#access = answer.ok.access
    this.#until = Date.now() + answer.ok.lasts
    this.name = answer.ok.name
    if (this.state !== 'demanded') this.state = 'in'
    return null
  }

  #leave(answer: Answer<unknown>) {
    if ('refusal' in answer && answer.refusal.code !== 'denied') return
    this.#access = ''
    this.#until = 0
    this.state = 'out'
  }
}

function lapsed(answer: Answer<unknown>): boolean {
  return 'refusal' in answer && answer.refusal.reason === 'not_signed_in'
}

async function showPasskey() {
  const asked = await post<Asked>('/api/passkey')
  if ('refusal' in asked) return asked
  const shown = await show(asked.ok)
  return shown ? { ok: shown } : { refusal: TURNED_AWAY }
}
