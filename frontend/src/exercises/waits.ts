// What the present exercise waits for from each person, in a word beside their name on the desk. A kind that
// waits for nobody has no line here.

import { m } from '../paraglide/messages'
import type { Session } from '../session.svelte'
import type { CheckInFacilitators, GoAroundEveryone, ReadingEveryone, WelcomeFacilitators } from '../wire.gen'

type Waits = Record<string, string>

const kinds: Record<string, (session: Session) => Waits> = {
  welcome(session) {
    const agreed = (session.facilitators?.exercise as WelcomeFacilitators | undefined)?.in ?? {}
    const people = Object.entries(session.everyone?.people ?? {})
    return each(
      people.filter(([id, person]) => !person.role && !agreed[id]).map(([id]) => id),
      m.lead_waits_in(),
    )
  },

  checkin(session) {
    const theirs = session.facilitators?.exercise as CheckInFacilitators | undefined
    return each(Object.keys(theirs?.expected ?? {}), m.lead_waits_answer())
  },

  reading(session) {
    const shown = session.step?.exercise as ReadingEveryone | undefined
    const ahead = Object.entries(shown?.passages ?? {}).filter(([n]) => Number(n) >= (shown?.now ?? 0))
    const waits: Waits = {}
    for (const [n, { reader }] of ahead) if (reader) waits[reader] ??= m.lead_waits_reads({ number: n })
    return waits
  },

  goaround(session) {
    const shown = session.step?.exercise as GoAroundEveryone | undefined
    return shown?.now ? { [shown.now]: m.standing_speaking() } : {}
  },
}

function each(people: string[], words: string): Waits {
  return Object.fromEntries(people.map((id) => [id, words]))
}

export function waits(session: Session): Waits {
  return kinds[session.step?.kind ?? '']?.(session) ?? {}
}
