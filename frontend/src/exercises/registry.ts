// The exercises there are. A new one is a Go file, a Svelte file and a line here. What a facilitator and the
// stage see of it stands beside it in files of their own; seats.ts finds them.

import type { Component } from 'svelte'
import type { Session } from '../session.svelte'

export interface ExerciseProps {
  session: Session
}

type Exercise = Component<ExerciseProps>

export const exercises: Record<string, string> = {
  welcome: 'Welcome',
  checkin: 'CheckIn',
  reading: 'Reading',
  goaround: 'GoAround',
  quiet: 'Quiet',
  bowl: 'Bowl',
  practice: 'Practice',
  poll: 'Poll',
  sort: 'Sort',
  grounding: 'Grounding',
  whocanhelp: 'WhoCanHelp',
  amendsmap: 'AmendsMap',
  commitments: 'Commitments',
  letter: 'Letter',
  othershoes: 'OtherShoes',
  selfamends: 'SelfAmends',
  answerno: 'AnswerNo',
  sayitbetter: 'SayItBetter',
  closing: 'Closing',
  feedback: 'Feedback',
}

const files = import.meta.glob<{ default: Exercise }>(['./*.svelte', '!./*Lead.svelte', '!./*Stage.svelte'])

function file(kind: string) {
  return files[`./${exercises[kind]}.svelte`]
}

/** The participant's component of an exercise, or nothing for a kind this version does not know. */
export async function component(kind: string): Promise<Exercise | undefined> {
  return (await file(kind)?.())?.default
}

/** Has the next exercise on the device before it opens. */
export function fetchAhead(kind: string) {
  file(kind)?.().catch(() => {
    // It is fetched again when it opens.
  })
}
