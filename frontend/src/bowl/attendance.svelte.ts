// That a phone takes part in a bowl, whatever its screen shows and whether its owner writes or not.

import { untrack } from 'svelte'
import type { BowlEveryone, BowlOwn } from '../wire.gen'
import type { Session } from '../session.svelte'
import { Place } from './place.svelte'

/** So long bodies are posted after the group went on: what somebody wants to say last still arrives. */
const AFTERWARDS = 60_000

class Attendance {
  place = $state.raw<Place | null>(null)
  #session: Session
  #afterwards: ReturnType<typeof setTimeout> | undefined
  #end: () => void

  constructor(session: Session) {
    this.#session = session
    this.#end = $effect.root(() => {
      $effect(() => this.#follow())
    })
  }

  close() {
    this.#end()
    this.#leave()
  }

  #follow() {
    const { step, own } = this.#session
    const shown =
      step?.kind === 'bowl' || step?.kind === 'sayitbetter'
        ? (step.exercise as BowlEveryone | undefined)
        : undefined
    const mine = own?.exercise as BowlOwn | undefined
    // Who leads has no place; who was made to lead since the bowl was opened keeps theirs.
    const taking = !this.#session.leads || mine?.in
    untrack(() => {
      if (!step || !shown?.bowl) this.#wait()
      else if (taking) this.#sit(step.id, shown).follow(shown, mine)
    })
  }

  #sit(step: string, shown: BowlEveryone): Place {
    clearTimeout(this.#afterwards)
    this.#afterwards = undefined
    if (this.place?.bowl !== shown.bowl) {
      this.#leave()
      this.place = new Place(this.#session, step, shown)
    }
    return this.place!
  }

  #wait() {
    if (this.place) this.#afterwards ??= setTimeout(() => this.#leave(), AFTERWARDS)
  }

  #leave() {
    clearTimeout(this.#afterwards)
    this.#afterwards = undefined
    this.place?.close()
    this.place = null
  }
}

const attending = new WeakMap<Session, Attendance>()

/** The one attendance of a session's seat, which lives until it is closed. */
export function attend(session: Session): Attendance {
  const present = attending.get(session) ?? new Attendance(session)
  attending.set(session, present)
  return present
}
