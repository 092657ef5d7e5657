// What a facilitator's home shows, as the server answers it.

import type { Spread, Text } from '../wire.gen'

export interface ProgrammeView {
  id: string
  title: Text
  summary: Text
  audience?: Text
  settings: ('center' | 'training' | 'remote')[]
  /** Whose words it is read with unless another pack is chosen; empty for those that fit any room. */
  pack: string
  bring?: Text
  teaches: Text[]
  minutes: number
  steps: number
  languages: string[]
  size: { from: number; to: number }
}

/** A kind of room, whose words a programme can be read with. */
export interface PackView {
  id: string
  title: Text
  summary: Text
  languages: string[]
  words: Record<string, Text>
}

/** A programme of one's own; one with mistakes cannot be started. */
export interface OwnProgramme extends ProgrammeView {
  saved: number
  mistakes: number
}

export interface RunningSession {
  session: string
  code: string
  title: Text
  opened: number
  people: number
}

export interface OverSession {
  session: string
  code: string
  title: Text
  summary: {
    opened: number
    closed: number
    people: number
    steps: number
    support: number
    /** When what was said is gone; until then it can be read. */
    forgets: number
    spreads?: Record<string, Spread>
  }
}

export interface Shelf {
  name: string
  role: Standing
  /** From this date on a passkey or a code app is needed, and this account has neither. */
  demanded?: string
  programmes: ProgrammeView[]
  packs: PackView[]
  own: OwnProgramme[]
  /** Those that can still be taken back. */
  removed: OwnProgramme[]
  running: RunningSession[]
  over: OverSession[]
}

export type Standing = 'administrator' | 'facilitator'

/** One's own account. Dates are such as 2030-01-31. */
export interface Self {
  name: string
  role: Standing
  password: boolean
  passkeys: { id: string; label: string; added: string; used: string }[]
  codes: boolean
  recovery: number
  devices: { id: string; device: string; begun: string; seen: string; this?: boolean }[]
}

export interface Member {
  id: string
  name: string
  role: Standing
  since: string
  sessions: number
  /** A password alone opens this account. */
  lacks?: boolean
  self?: boolean
}

export interface Organisation {
  members: Member[]
  invitations: { id: string; role: Standing; ends: string }[]
  /** From this date on everybody needs a passkey or a code app. */
  demanded?: string
}
