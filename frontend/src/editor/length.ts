import { m } from '../paraglide/messages'

/** A length of time as one says it: 3 min, 1 min 40 s. */
export function length(millis: number): string {
  const seconds = Math.round(millis / 1000)
  const parts = [
    seconds >= 60 && m.editor_min({ count: Math.floor(seconds / 60) }),
    (seconds % 60 > 0 || seconds < 60) && m.editor_sec({ count: seconds % 60 }),
  ]
  return parts.filter(Boolean).join(' ')
}
