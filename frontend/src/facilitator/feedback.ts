// The file an organiser takes home, put together on their device. It holds what the page shows and no more.

import { m } from '../paraglide/messages'
import type { FeedbackResult, Outline, Text } from '../wire.gen'

export function feedbackText(results: FeedbackResult[], pick: (text: Text | undefined) => string): string {
  return results
    .flatMap(({ scales, comment, comments }) => [
      ...scales.map(({ ask, scale, outline }) => [pick(ask), ...lines(outline, scale.map(pick))].join('\n')),
      comments && [pick(comment), ...comments.map((words) => `– ${words}`)].join('\n'),
    ])
    .filter(Boolean)
    .join('\n\n')
    .concat('\n')
}

function lines(outline: Outline | undefined, labels: string[]): string[] {
  if (!outline) return [m.feedback_few()]
  const said = (outline.portions ?? []).map(({ count, as }, i) => {
    const amount = count ?? (as === 'first' ? m.outline_first() : as === 'merged' ? m.outline_merged() : '')
    return amount === '' ? undefined : `${labels[i]}: ${amount}`
  })
  const rest = outline.rest ? `${m.outline_rest()}: ${outline.rest}` : undefined
  return [m.outline_answers({ count: outline.answers }), ...said, rest].filter((line) => line !== undefined)
}
