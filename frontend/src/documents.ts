// What each seat may read, by document. The shapes come from Go.

export type Text = Record<string, string>

export interface Timer {
  started: number
  ends: number
  over?: boolean
}

export interface PersonView {
  alias: string
  n: number
  role?: string
  guest?: boolean
  gone?: boolean
  away?: boolean
  hand?: number
}

export interface StepView {
  order: number
  kind: string
  title: Text
  minutes: number
  state: 'done' | 'now' | 'ahead' | 'skipped'
}

export interface SessionView {
  programme: string
  title: Text
  room?: Text
  languages: string[]
  opened: number
  phase: 'arriving' | 'running' | 'over'
  paused?: number
  frozen?: boolean
}

export interface PresentStep {
  id: string
  kind: string
  title: Text
  text?: Text
  timer?: Timer
  next?: string
  exercise?: unknown
}

export interface Everyone {
  session: SessionView
  agenda: Record<string, StepView>
  people: Record<string, PersonView>
  lead?: string
  waiting?: boolean
  step?: PresentStep
}

export interface SupportView {
  person: string
  at: number
  note?: string
  taken?: string
}

export interface ForLeaders {
  code: string
  stageKey: string
  locked?: boolean
  words?: Text
  nextWords?: Text
  spent: Record<string, number>
  entered?: number
  support: Record<string, SupportView>
  asked?: number
  exercise?: unknown
}

export interface StageView {
  session: SessionView
  code: string
  locked?: boolean
  waiting?: boolean
  people: number
  agenda: Record<string, StepView>
  step?: PresentStep
}

export interface Own {
  person: string
  role: string
  away?: boolean
  support?: { note?: string; taken?: string }
  exercise?: unknown
  kept?: Record<string, unknown>
}

export interface Documents {
  everyone: Everyone
  facilitators: ForLeaders
  stage: StageView
  person: Own
}

// The parts of each exercise, for everyone and for oneself.

export interface WelcomeEveryone {
  cards: { title: Text; text: Text }[]
  agreements: Text[]
  in?: number
}

export interface WelcomeOwn {
  in: boolean
}

export interface Spread {
  answers: number
  bins: number[]
}

export interface CheckInEveryone {
  question: Text
  scale: Text[]
  word?: Text
  closing?: boolean
  stopped?: boolean
  spread?: Spread
  before?: Spread
}

export interface CheckInOwn {
  reading?: number
  label?: Text
  word?: string
  tell?: boolean
}

export interface ReadingEveryone {
  passages: Record<string, { text: Text; reader?: string }>
  now: number
  done?: boolean
}

export type Standing = 'waiting' | 'speaking' | 'later' | 'spoken' | 'passed'

export interface GoAroundEveryone {
  prompt: Text
  started?: boolean
  over?: boolean
  now?: string
  turns: Record<string, { order: number; standing: Standing }>
  each: number
  turn?: Timer
  minute?: Timer
}

export interface GoAroundOwn {
  standing?: Standing
}

export interface QuietView {
  prompt: Text
  seconds: number
  timer?: Timer
  done?: boolean
}

export interface ClosingView {
  words: Text
}
