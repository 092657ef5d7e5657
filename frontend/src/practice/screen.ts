// Which screen somebody sees, from what the documents say. Nothing here knows how it looks.

import type { PracticeEveryone, PracticeOwn, RoomView } from '../wire.gen'

export type Screen =
  | 'wishing' // before the rooms open
  | 'resting'
  | 'outside' // leads, and is in no room
  | 'waiting' // takes part, and has no place yet
  | 'entering' // has a place whose room is on its way
  | 'out' // has a role to step out of, though the rooms have gone on
  | 'paused'
  | 'consent'
  | 'round'
  | 'between' // the lines: until the row moves on
  | 'done'
  | 'debrief'
  | 'grounding'

/** The screen for a person; `leads` are asked nothing unless they take part. */
export function screen(
  { stage }: PracticeEveryone,
  own: PracticeOwn | undefined,
  room?: RoomView,
  leads = false,
): Screen {
  if (own?.inRole && !room) return 'out'
  if (stage === 'debrief' || stage === 'grounding') return stage
  if (own?.part === 'rest') return leads ? 'outside' : 'resting'
  if (stage === 'forming' || !own) return 'wishing'
  if (!own.room) return own.waiting || own.part === 'play' ? 'waiting' : 'resting'
  return room ? within(room, own) : 'entering'
}

function within(room: RoomView, own: PracticeOwn): Screen {
  if (room.stopped) return 'paused'
  if (own.outFirst) return 'out'
  if (room.phase === 'out') return 'out'
  if (own.inRole && (room.phase === 'waiting' || room.phase === 'done')) return 'out'
  if (room.phase === 'waiting') return 'between'
  if (room.phase === 'done') return 'done'
  return room.phase === 'consent' ? 'consent' : 'round'
}

/** The members in the order they sit. */
export function seated(room: RoomView) {
  return Object.entries(room.members)
    .map(([id, member]) => ({ id, ...member }))
    .sort((a, b) => a.n - b.n)
}

/** Who may be in one call: members as they sit, then who visits. */
export function callers(room: RoomView): string[] {
  return [...seated(room).map(({ id }) => id), ...Object.keys(room.visitors ?? {}).sort()]
}

/** Who a phase waits for: all but those who have said they are ready. */
export function waitedFor(room: RoomView): string[] {
  return seated(room)
    .filter(({ ready }) => !ready)
    .map(({ id }) => id)
}
