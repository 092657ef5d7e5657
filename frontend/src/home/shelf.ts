// What a facilitator's home shows, as the server answers it.

import type { Spread, Text } from '../wire.gen'

export interface ProgrammeView {
  id: string
  title: Text
  summary: Text
  minutes: number
  steps: number
  languages: string[]
  size: { from: number; to: number }
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
  title: Text
  summary: {
    opened: number
    closed: number
    people: number
    steps: number
    support: number
    spreads?: Record<string, Spread>
  }
}

export interface Shelf {
  name: string
  programmes: ProgrammeView[]
  running: RunningSession[]
  over: OverSession[]
}
