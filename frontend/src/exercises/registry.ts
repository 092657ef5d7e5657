// The exercises there are. A new one is a Go file, a Svelte file and a line here.

import type { Component } from 'svelte'
import type { Session } from '../session.svelte'

export interface ExerciseProps {
  session: Session
  seat: 'participant' | 'facilitator' | 'stage'
}

type Exercise = Component<ExerciseProps>

const exercises: Record<string, () => Promise<{ default: Exercise }>> = {
  welcome: () => import('./Welcome.svelte'),
  checkin: () => import('./CheckIn.svelte'),
  reading: () => import('./Reading.svelte'),
  goaround: () => import('./GoAround.svelte'),
  quiet: () => import('./Quiet.svelte'),
  closing: () => import('./Closing.svelte'),
}

/** The component of an exercise, or nothing for a kind this version does not know. */
export async function component(kind: string): Promise<Exercise | undefined> {
  return (await exercises[kind]?.())?.default
}

/** Has the next exercise on the device before it opens. */
export function fetchAhead(kind: string) {
  exercises[kind]?.().catch(() => {
    // It is fetched again when it opens.
  })
}
