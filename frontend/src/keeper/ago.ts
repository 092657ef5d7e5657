// How long ago something was, as one says it.

import { m } from '../paraglide/messages'

export function ago(at: number, time: number): string {
  const minutes = Math.max(0, Math.floor((at - time) / 60_000))
  return minutes === 0 ? m.lead_just_now() : m.lead_ago({ count: minutes })
}
