// What two people write to each other after one of them asked for support. It passes between their two pages as signals,
// is kept in this page's memory only, and is gone when the talk ends or the page does.

import type { Session } from '../session.svelte'

export interface Line {
  id: string
  mine: boolean
  text: string
  /** One's own: on its way, seen by the other's page, or not arrived. */
  state: 'sent' | 'heard' | 'lost'
}

/** How long the other page has to say that it got a line. */
const PATIENCE = 5_000

export class Talk {
  /** By the other person. */
  lines = $state<Record<string, Line[]>>({})
  #session: Session

  constructor(session: Session) {
    this.#session = session
    session.ontalk = (from, talk) => this.#hear(from, talk as { id?: string; text?: string; heard?: string })
  }

  say(to: string, text: string) {
    const id = crypto.getRandomValues(new Uint32Array(2)).join('-')
    this.lines[to] = [...(this.lines[to] ?? []), { id, mine: true, text, state: 'sent' }]
    this.#send(to, id, text)
  }

  /** Sends a line again that did not arrive. */
  again(to: string, line: Line) {
    this.#mark(to, line.id, 'sent')
    this.#send(to, line.id, line.text)
  }

  /** Forgets what was written with everybody else. */
  keepOnly(people: string[]) {
    for (const person of Object.keys(this.lines)) if (!people.includes(person)) delete this.lines[person]
    if (people.length === 0) this.#session.unread = 0
  }

  #send(to: string, id: string, text: string) {
    this.#session.signal(to, { talk: { id, text } })
    setTimeout(() => {
      if (this.lines[to]?.find((line) => line.id === id)?.state === 'sent') this.#mark(to, id, 'lost')
    }, PATIENCE)
  }

  #hear(from: string, { id, text, heard }: { id?: string; text?: string; heard?: string }) {
    if (typeof heard === 'string') return this.#mark(from, heard, 'heard')
    if (typeof id !== 'string' || typeof text !== 'string') return
    this.#session.signal(from, { talk: { heard: id } })
    const before = this.lines[from] ?? []
    if (before.some((line) => line.id === id)) return
    this.lines[from] = [...before, { id, mine: false, text, state: 'heard' }]
    this.#session.unread++
  }

  #mark(person: string, id: string, state: Line['state']) {
    this.lines[person] = (this.lines[person] ?? []).map((line) =>
      line.id === id ? { ...line, state } : line,
    )
  }
}

/** Whom one has a talk with: whoever took one's own request, and as a keeper those whose requests one took. */
export function talking(session: Session): string[] {
  const own = session.own?.support
  const others = Object.values(session.keepers?.support ?? {})
    .filter((request) => request.talk && request.taken === session.person)
    .map((request) => request.person)
  return own?.talk && own.by ? [...others, own.by] : others
}

const talks = new WeakMap<Session, Talk>()

/** The talks of a session; from the first asking on they are heard. */
export function talkOf(session: Session): Talk {
  const known = talks.get(session)
  if (known) return known
  const fresh = new Talk(session)
  talks.set(session, fresh)
  return fresh
}
