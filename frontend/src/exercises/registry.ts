// The exercises there are. A new one is a Go file, a Svelte file and a line here. What a facilitator and the
// stage see of it stands beside it in files of their own, so that a phone carries neither.

import type { Component } from 'svelte'
import type { Session } from '../session.svelte'

export interface ExerciseProps {
  session: Session
}

type Exercise = Component<ExerciseProps>
type Seat = 'participant' | 'facilitator' | 'stage'

const exercises: Record<string, string> = {
  welcome: 'Welcome',
  checkin: 'CheckIn',
  reading: 'Reading',
  goaround: 'GoAround',
  quiet: 'Quiet',
  bowl: 'Bowl',
  practice: 'Practice',
  closing: 'Closing',
}

const endings: Record<Seat, string> = { participant: '', facilitator: 'Lead', stage: 'Stage' }
const files = import.meta.glob<{ default: Exercise }>('./*.svelte')

function file(kind: string, seat: Seat) {
  return files[`./${exercises[kind]}${endings[seat]}.svelte`]
}

/** The component of an exercise for a seat, or nothing for a kind this version does not know. */
export async function component(kind: string, seat: Seat = 'participant'): Promise<Exercise | undefined> {
  return (await file(kind, seat)?.())?.default
}

/** Has the next exercise on the device before it opens. */
export function fetchAhead(kind: string, seat: Seat = 'participant') {
  file(kind, seat)?.().catch(() => {
    // It is fetched again when it opens.
  })
}
