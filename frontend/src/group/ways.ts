// The ways of grounding a step offers, as one list: what their buttons say, and how to name them to the server.

import { language } from '../locale.svelte'
import { m } from '../paraglide/messages'
import type { GroundingShown, GroundingView, Guide } from '../wire.gen'

export interface Way {
  name: string
  more?: string
  /** One of the two. */
  beats?: number[]
  guide?: Guide
  order: { breath?: string; guide?: number }
}

const breaths: Record<string, { name: () => string; more: () => string }> = {
  calm: { name: m.pacer_calm, more: m.pacer_calm_more },
  square: { name: m.pacer_square, more: m.pacer_square_more },
}

export function ways(shown: GroundingView): Way[] {
  return [
    ...shown.breathing.map(({ breath, beats }) => ({
      name: breaths[breath]?.name() ?? breath,
      more: breaths[breath]?.more(),
      beats,
      order: { breath },
    })),
    ...(shown.guides ?? []).map((guide, i) => ({
      name: language.pick(guide.name),
      guide,
      order: { guide: i + 1 },
    })),
  ]
}

/** Which of the ways is the one that runs for the group. */
export function running(all: Way[], now: GroundingShown | undefined): number {
  if (!now) return -1
  return all.findIndex(({ order }) =>
    now.breath ? order.breath === now.breath : order.guide !== undefined && order.guide === now.guide,
  )
}
