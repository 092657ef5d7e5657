// How the time of the programme stands. It decides nothing: it only adds up what the documents say.

import type { Everyone, ForLeaders, StepView } from '../wire.gen'

export interface Stitch extends StepView {
  id: string
  /** How long the group has been at it, in milliseconds. */
  spent: number
}

export interface Pace {
  /** Minutes of all steps that are not left out. */
  planned: number
  /** Minutes still to come, by the plan. */
  left: number
  /** Whole minutes behind the plan; ahead of it when negative. */
  behind: number
  /** When the session would end, in Unix milliseconds. */
  ends: number
}

const MINUTE = 60_000

/** The steps in their order, each with the time it has taken so far. */
export function stitches(everyone: Everyone, leaders: ForLeaders | undefined, now: number): Stitch[] {
  const running = everyone.session.paused ?? now
  return Object.entries(everyone.agenda)
    .sort(([, a], [, b]) => a.order - b.order)
    .map(([id, step]) => {
      const visit = step.state === 'now' && leaders?.entered ? Math.max(0, running - leaders.entered) : 0
      return { ...step, id, spent: (leaders?.spent[id] ?? 0) + visit }
    })
}

export function pace(steps: Stitch[], now: number): Pace {
  let planned = 0
  let left = 0
  let over = 0
  for (const step of steps) {
    if (step.state === 'skipped') continue
    const whole = step.minutes * MINUTE
    planned += step.minutes
    if (step.state === 'done') over += step.spent - whole
    else left += Math.max(0, whole - step.spent)
    if (step.state === 'now') over += Math.max(0, step.spent - whole)
  }
  return { planned, left: Math.round(left / MINUTE), behind: Math.round(over / MINUTE), ends: now + left }
}
