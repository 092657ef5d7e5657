import { m } from './paraglide/messages'
import type { Refusal } from './wire.gen'

// One line for each reason a person may meet, as the server names it.
const words: Record<string, () => string> = {
  unreachable: m.refusal_unreachable,
}

export function wording(refusal: Refusal): string {
  return words[refusal.reason]?.() ?? (refusal.message || m.refusal_unknown())
}
