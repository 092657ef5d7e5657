// A room as the server would show it, and a component in it, for tests of what a person meets.

import { flushSync, mount, unmount, type Component } from 'svelte'
import { Session } from '../src/session.svelte'
import type { Everyone, Own, PresentStep } from '../src/wire.gen'
import { Server } from './server'

export class Room {
  server = new Server()
  session = new Session('token', this.server.surroundings)
  everyone: Everyone = {
    session: {
      programme: 'p',
      title: { en: 'A workshop' },
      room: { en: 'A room' },
      languages: ['en'],
      opened: 0,
      phase: 'running',
    },
    agenda: {},
    people: {
      me: { alias: 'Wren', n: 1 },
      ana: { alias: 'Ana', n: 2 },
      ben: { alias: 'Ben', n: 3 },
      fay: { alias: 'Fay', n: 4, role: 'facilitator' },
    },
    lead: 'fay',
  }
  own: Own = { person: 'me', role: 'participant' }
  #rev = 0
  #mounted: object[] = []

  constructor(step?: Partial<PresentStep>) {
    if (step) this.everyone.step = { id: 'now', kind: 'welcome', title: { en: 'Now' }, ...step }
    this.session.open()
    this.server.line.accept()
    this.show()
  }

  /** Sends both documents as they stand. */
  show() {
    this.#rev++
    this.server.line.say({ doc: 'everyone', rev: this.#rev, is: structuredClone(this.everyone) })
    this.server.line.say({ doc: 'person/me', rev: this.#rev, is: structuredClone(this.own) })
    flushSync()
  }

  /** Puts a component on the page. */
  enter<Props extends object>(component: Component<Props>, props: Props) {
    document.body.replaceChildren()
    this.#mounted.push(mount(component, { target: document.body, props }))
    flushSync()
  }

  async leave() {
    this.session.close()
    for (const one of this.#mounted) await unmount(one)
    document.body.replaceChildren()
    sessionStorage.clear()
    localStorage.clear()
  }

  /** The last command given. */
  get command(): unknown {
    const { do: name, with: body } = this.server.line.commands.at(-1) ?? {}
    return name ? [name, body] : null
  }

  async answer() {
    const id = this.server.line.commands.at(-1)?.id
    this.server.line.say({ ok: id })
    await new Promise((resolve) => setTimeout(resolve))
    flushSync()
  }
}

export const seen = () => (document.body.textContent ?? '').replace(/\s+/g, ' ')

export function button(name: string): HTMLButtonElement {
  const all = [...document.querySelectorAll('button')]
  const found = all.find((one) => (one.getAttribute('aria-label') ?? one.textContent ?? '').trim() === name)
  if (!found)
    throw new Error(`no button "${name}" among ${all.map((one) => one.textContent?.trim()).join(', ')}`)
  return found
}

export function press(name: string) {
  button(name).click()
  flushSync()
}

export function submit() {
  document.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true, bubbles: true }))
  flushSync()
}

export function type(field: HTMLInputElement | HTMLTextAreaElement, text: string) {
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  flushSync()
}

export function choose(input: HTMLInputElement, checked = true) {
  input.checked = checked
  input.dispatchEvent(new Event('change', { bubbles: true }))
  flushSync()
}
