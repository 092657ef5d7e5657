// What a facilitator and the stage see of an exercise: files beside the participant's own, listed apart
// so that a phone does not even carry their names.

import type { Component } from 'svelte'
import { exercises, type ExerciseProps } from './registry'

type Seat = 'facilitator' | 'stage'

const endings: Record<Seat, string> = { facilitator: 'Lead', stage: 'Stage' }
const files = import.meta.glob<{ default: Component<ExerciseProps> }>(['./*Lead.svelte', './*Stage.svelte'])

function file(kind: string, seat: Seat) {
  return files[`./${exercises[kind]}${endings[seat]}.svelte`]
}

/** The component of an exercise for a seat, or nothing for a kind this version does not know. */
export async function component(kind: string, seat: Seat): Promise<Component<ExerciseProps> | undefined> {
  return (await file(kind, seat)?.())?.default
}

/** Has the next exercise on the device before it opens. */
export function fetchAhead(kind: string, seat: Seat) {
  file(kind, seat)?.().catch(() => {
    // It is fetched again when it opens.
  })
}
