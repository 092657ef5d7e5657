// The people near here who can help, as the operator keeps them. The service worker has the last copy, for when there
// is no line.

import { get } from '../api'
import type { Text } from '../wire.gen'
import { m } from '../paraglide/messages'

export type Topic = 'sponsor' | 'counselling' | 'mediation' | 'legal' | 'debt' | 'meetings'

export interface Helper {
  topic: Topic
  name: Text
  text?: Text
  phone?: string
  hours?: Text
  address?: Text
  web?: string
  /** Language tags, where they help in others than those of the board. */
  speaks?: string[]
}

export interface Board {
  place?: Text
  helpers: Helper[]
}

/** The board, or nothing where it cannot be had now. */
export async function board(): Promise<Board | undefined> {
  const answer = await get<Board>('/api/resources')
  return 'ok' in answer && Array.isArray(answer.ok.helpers) ? answer.ok : undefined
}

/** What each topic is called, and what to ask for where nobody is listed. */
export const topics: Record<Topic, { name: () => string; ask: () => string }> = {
  sponsor: { name: m.help_sponsor, ask: m.help_sponsor_ask },
  counselling: { name: m.help_counselling, ask: m.help_counselling_ask },
  mediation: { name: m.help_mediation, ask: m.help_mediation_ask },
  legal: { name: m.help_legal, ask: m.help_legal_ask },
  debt: { name: m.help_debt, ask: m.help_debt_ask },
  meetings: { name: m.help_meetings, ask: m.help_meetings_ask },
}

export const allTopics = Object.keys(topics) as Topic[]

/** The languages somebody helps in, in words of the reader's. */
export function spoken(tags: string[], locale: string): string {
  try {
    const names = new Intl.DisplayNames(locale, { type: 'language' })
    return tags.map((tag) => names.of(tag) ?? tag).join(', ')
  } catch {
    return tags.join(', ')
  }
}
