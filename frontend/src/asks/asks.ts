// What the exercises of private writing ask when no programme does: on one's own, before and after a session, and in a
// family seat whose programme has no words of its own for it. Which exercises ask a family seat something else, and why
// the others do not, stands in facilitator/family.go.

import type { Session } from '../session.svelte'
import type { FamilyPrompts, FamilySelf, SayingNo, Text } from '../wire.gen'
import content from './asks.json'

export type Side = 'recovery' | 'family'

interface Prompts extends FamilyPrompts {
  share?: Text
}

export interface SheetAsks {
  title: Text
  /** Several of the same, one after the other; else there is one of each question. */
  one?: Text
  begin?: Text
  /** Comes before the questions. */
  safe?: Text
  fields: { id: string; lines: number; ask: Text; hint?: Text }[]
}

export interface Asks {
  recovery: { letter: Prompts; othershoes: Prompts; selfamends: FamilySelf }
  family: {
    letter: Prompts
    othershoes: Prompts
    selfamends: FamilySelf
    amendsmap: { prompt: Text }
    commitments: { prompt: Text; witness: Text }
  }
  /** When the answer is no, from the side of who says it, by the response. */
  answerno: Record<string, SayingNo>
  sheets: Record<'touched' | 'boundaries' | 'support', SheetAsks>
}

export const asks: Asks = content

/** Whether somebody sits in a family seat, which only their own phone knows. */
export function familySeat(session: Session | undefined): boolean {
  return session?.own?.side === 'family'
}
