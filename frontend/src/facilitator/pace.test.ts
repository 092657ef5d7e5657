import { describe, expect, it } from 'vitest'
import type { Everyone, ForLeaders, StepView } from '../wire.gen'
import { pace, stitches } from './pace'

const MINUTE = 60_000
const step = (order: number, state: StepView['state'], minutes = 10): StepView => ({
  order,
  state,
  minutes,
  kind: 'quiet',
  title: { en: `Step ${order}` },
})

function standing(agenda: Everyone['agenda'], spent: Record<string, number>, entered = 0, paused?: number) {
  const everyone = { session: { paused }, agenda } as unknown as Everyone
  return { everyone, leaders: { spent, entered } as unknown as ForLeaders }
}

describe('the pace of a session', () => {
  it('is behind by what the steps that are done took too long', () => {
    const { everyone, leaders } = standing(
      { b: step(1, 'now'), a: step(0, 'done'), c: step(2, 'ahead', 5) },
      { a: 14 * MINUTE },
      100 * MINUTE,
    )
    const steps = stitches(everyone, leaders, 103 * MINUTE)
    expect(steps.map((s) => s.id)).toEqual(['a', 'b', 'c'])
    expect(pace(steps, 103 * MINUTE)).toEqual({ planned: 25, left: 12, behind: 4, ends: 115 * MINUTE })
  })

  it('counts an overrun of the present step at once, and time saved only once the step is done', () => {
    const early = standing({ a: step(0, 'now') }, {}, 1 * MINUTE)
    expect(pace(stitches(early.everyone, early.leaders, 2 * MINUTE), 0).behind).toBe(0)
    expect(pace(stitches(early.everyone, early.leaders, 14 * MINUTE), 0)).toMatchObject({
      behind: 3,
      left: 0,
    })
    const done = standing({ a: step(0, 'done'), b: step(1, 'now') }, { a: 6 * MINUTE }, 1)
    expect(pace(stitches(done.everyone, done.leaders, 1), 0).behind).toBe(-4)
  })

  it('stands still while the session is paused, and leaves out what is left out', () => {
    const { everyone, leaders } = standing(
      { a: step(0, 'now'), b: step(1, 'skipped') },
      {},
      MINUTE,
      3 * MINUTE,
    )
    expect(pace(stitches(everyone, leaders, 50 * MINUTE), 50 * MINUTE)).toMatchObject({
      planned: 10,
      left: 8,
      behind: 0,
    })
  })
})
