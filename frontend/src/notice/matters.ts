// Tells by a notification of the system what waits, while the page is hidden and its owner asked for it. It says what
// kind of thing, in neutral words, and never a name or what somebody wrote: others see a lock screen.

import { m } from '../paraglide/messages'
import type { Session } from '../session.svelte'
import type { GoAroundEveryone } from '../wire.gen'
import { quiet, readWish } from './wish'

export type Matter = 'support' | 'door' | 'held' | 'report' | 'turn'

/** What is waiting for this seat now: a name for each thing, by which it is known again. */
export function matters(session: Session): Map<string, Matter> {
  const all = new Map<string, Matter>()
  const add = (matter: Matter, ids: string[]) => ids.forEach((id) => all.set(`${matter} ${id}`, matter))
  const keeping = session.keepers
  if (keeping) {
    add('support', untaken(keeping.support, session.person))
    add('door', waitingAt(keeping.door.knocking))
    add('held', Object.keys(keeping.hold.items))
    add('report', Object.keys(keeping.reports))
  }
  if (isNear(session)) add('turn', [session.step!.id])
  return all
}

const untaken = (support: Record<string, { person: string; taken?: string }>, mine: string) =>
  Object.keys(support).filter((id) => !support[id]!.taken && support[id]!.person !== mine)

const waitingAt = (knocking: Record<string, { back?: boolean }>) =>
  Object.keys(knocking).filter((id) => !knocking[id]!.back)

/** It is this person's turn in the go-around, or they are the next. */
function isNear(session: Session): boolean {
  if (session.step?.kind !== 'goaround') return false
  const shown = session.step.exercise as GoAroundEveryone | undefined
  if (shown?.now === session.person) return true
  const line = Object.entries(shown?.turns ?? {}).filter(([id, turn]) => {
    const person = session.everyone?.people[id]
    return turn.standing === 'waiting' && person && !person.gone && !person.away
  })
  line.sort(([, a], [, b]) => a.order - b.order)
  return line[0]?.[0] === session.person
}

export const words: Record<Matter, () => string> = {
  support: m.notice_support,
  door: m.notice_door,
  held: m.notice_held,
  report: m.notice_report,
  turn: m.notice_turn,
}

/** What to say of what is new, once for each kind; nothing while the page is seen. */
export function news(before: Map<string, Matter>, now: Map<string, Matter>, at = new Date()): Matter[] {
  const wish = readWish()
  if (!wish.on || !document.hidden) return []
  const fresh = [...now].filter(([id]) => !before.has(id)).map(([, matter]) => matter)
  const still = quiet(wish, at)
  return [...new Set(fresh)].filter((matter) => !still || (wish.support && matter === 'support'))
}
