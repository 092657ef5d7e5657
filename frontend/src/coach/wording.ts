import { m } from '../paraglide/messages'

// The rules name what is said by message key; the words themselves are with all others, in messages/.
const words: Record<string, () => string> = {
  coach_but: m.coach_but,
  coach_but_asks: m.coach_but_asks,
  coach_blame: m.coach_blame,
  coach_blame_asks: m.coach_blame_asks,
  coach_understand: m.coach_understand,
  coach_understand_asks: m.coach_understand_asks,
  coach_vague: m.coach_vague,
  coach_vague_asks: m.coach_vague_asks,
  coach_forgive: m.coach_forgive,
  coach_forgive_asks: m.coach_forgive_asks,
  coach_minimise: m.coach_minimise,
  coach_minimise_asks: m.coach_minimise_asks,
  coach_excuse: m.coach_excuse,
  coach_excuse_asks: m.coach_excuse_asks,
  coach_overpromise: m.coach_overpromise,
  coach_overpromise_asks: m.coach_overpromise_asks,
  coach_others: m.coach_others,
  coach_others_asks: m.coach_others_asks,
  coach_self_threat: m.coach_self_threat,
  coach_self_threat_asks: m.coach_self_threat_asks,
}

export const wording = (key: string) => words[key]?.() ?? ''
