// The rooms as a facilitator reads them from outside: who needs somebody first, and how far each is.

import { m } from '../../paraglide/messages'
import type { Session } from '../../session.svelte'
import type { PracticeEveryone, PracticeFacilitators, RoomGlance } from '../../wire.gen'

export interface Glance extends RoomGlance {
  id: string
}

const phases: Record<string, () => string> = {
  consent: m.lead_practice_phase_consent,
  prepare: m.lead_practice_phase_prepare,
  rehearse: m.lead_practice_phase_rehearse,
  speaker: m.lead_practice_phase_speaker,
  listener: m.lead_practice_phase_listener,
  observer: m.lead_practice_phase_observer,
  again: m.lead_practice_phase_again,
  out: m.lead_practice_phase_out,
  waiting: m.lead_practice_phase_waiting,
  done: m.lead_practice_phase_done,
}

export function phase(room: RoomGlance): string {
  return phases[room.phase ?? '']?.() ?? ''
}

/** Whether nobody in a room has anything to do in a role. */
export function finished(room: RoomGlance): boolean {
  return room.phase === 'out' || room.phase === 'waiting' || room.phase === 'done'
}

/** Whether to leave this step now would end rooms that are still at it. */
export function atIt({ step, facilitators }: Pick<Session, 'step' | 'facilitators'>): boolean {
  if (step?.kind !== 'practice') return false
  const { stage } = (step.exercise ?? {}) as Partial<PracticeEveryone>
  const { rooms = {} } = (facilitators?.exercise ?? {}) as Partial<PracticeFacilitators>
  return (stage === 'open' || stage === 'back') && Object.values(rooms).some((room) => !finished(room))
}

/** By their numbers, which never jump. */
export function byNumber(rooms: Record<string, RoomGlance>): Glance[] {
  return Object.entries(rooms)
    .map(([id, room]) => ({ id, ...room }))
    .sort((a, b) => a.number - b.number)
}

/** Who asks for help, who asks somebody in, who paused, and then by number. */
export function byNeed(rooms: Record<string, RoomGlance>): Glance[] {
  return byNumber(rooms).sort((a, b) => need(a) - need(b))
}

function need(room: RoomGlance): number {
  if (room.help) return room.help === 'help' ? 0 : 1
  return room.paused ? 2 : 3
}
