// Written by "go generate ./realtime" from the Go types. Do not edit.
// The frames are described in realtime/PROTOCOL.md.

/** What a person may order: the name in "do", and what goes into "with". */
export interface Commands {
  'agenda.back': PreviousStep
  'agenda.minutes': GiveMinutes
  'agenda.move': MoveStep
  'agenda.next': NextStep
  'agenda.open': OpenStep
  'agenda.skip': SkipStep
  'bowl.close': CloseBowl
  'bowl.open': OpenBowl
  'bowl.sign': SignBowl
  'checkin.answer': CheckIn
  'checkin.reopen': ReopenCheckIn
  'checkin.show': ShowSpread
  'checkin.withdraw': WithdrawCheckIn
  'door.lock': LockDoor
  'goaround.call': CallPerson
  'goaround.done': EndTurn
  'goaround.later': ComeBackToMe
  'goaround.pass': PassTurn
  'goaround.skip': SkipTurn
  'goaround.start': StartRound
  'hand.lower': LowerHand
  'hand.raise': RaiseHand
  'lead.give': GiveLead
  'lead.take': TakeLead
  'person.away': StepAway
  'person.back': StepBack
  'person.leave': Leave
  'person.remove': Remove
  'person.rename': Rename
  'quiet.start': StartQuiet
  'quiet.stop': StopQuiet
  'reading.done': PassageDone
  'reading.giveBack': GiveBackPassage
  'reading.read': ReadPassage
  'reading.take': TakePassage
  'role.give': GiveRole
  'room.freeze': Freeze
  'session.close': Close
  'session.pause': Pause
  'session.resume': Resume
  'share.aloud': ReadShareAloud
  'share.answer': AnswerShare
  'share.keep': KeepShare
  'share.open': OpenShare
  'share.read': VolunteerReader
  'share.show': ShowShare
  'support.ask': AskSupport
  'support.cancel': CancelSupport
  'support.close': CloseSupport
  'support.take': TakeSupport
  'welcome.agree': Agree
  'welcome.keep': KeepTexts
}

/** The documents by name. */
export interface Documents {
  everyone: Everyone
  facilitators: ForLeaders
  stage: StageView
  [own: `person/${string}`]: Own
}

/** The kinds of exercise. */
export type Kind = 'bowl' | 'checkin' | 'closing' | 'goaround' | 'quiet' | 'reading' | 'welcome'

export interface Agree {
  in: boolean
}

export interface AnswerShare {
  share: ShareID
  sealed: string
}

export interface AskSupport {
  note: string
}

export interface BowlEveryone {
  bowl?: BowlID
  phase: BowlPhase
  question?: Text
  size?: number
  small?: boolean
  keep?: boolean
  keys?: BowlKeysView
  window?: Timer
  heard?: Record<string, boolean>
  spent?: Record<string, boolean>
  slot?: Millis
  shares?: Record<string, Shown>
  now?: ShareID
  pace?: Timer
  reader?: PersonID
  readers?: PersonID[]
  answers?: Record<string, string>
}

export interface BowlFacilitators {
  questions: Text[]
  here: number
  agree: number
  check?: Text
  shares: Record<string, Moderated>
  replies?: Record<string, string>
}

export type BowlID = string

export interface BowlKeysView {
  share: string
  marks: string
}

export interface BowlOwn {
  in?: boolean
  signed?: string
  reading?: boolean
}

export type BowlPhase = '' | 'preparing' | 'open' | 'closing' | 'pouring' | 'recovery' | 'poured'

export interface BowlStage {
  phase: BowlPhase
  question?: Text
  size?: number
  small?: boolean
  check?: Text
  window?: Timer
  text?: string
  marks?: number
  pace?: Timer
}

export interface Bye {
  reason: string
  message: string
}

export interface CallPerson {
  person: PersonID
}

export type CancelSupport = Record<string, never>

export interface CheckIn {
  reading: number
  word?: string
  tell?: boolean
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

export interface CheckInFacilitators {
  expected: Record<string, boolean>
  told: Record<string, ToldReading>
}

export interface CheckInOwn {
  reading?: number
  label?: Text
  word?: string
  tell?: boolean
}

export interface CheckInStage {
  question: Text
  scale: Text[]
  spread?: Spread
  before?: Spread
}

export interface ClientFrame {
  hello?: Hello
  id?: number
  do?: string
  with?: unknown
  beat?: number
}

export type Close = Record<string, never>

export type CloseBowl = Record<string, never>

export interface CloseSupport {
  request: SupportID
}

export interface ClosingView {
  words: Text
}

export type Code = 'invalid' | 'denied' | 'conflict' | 'not_found' | 'closed' | 'internal'

export type ComeBackToMe = Record<string, never>

export interface DocFrame {
  doc: Document
  rev: number
  from?: number
  patch?: unknown
  is?: unknown
}

export type Document = string

export type EndTurn = Record<string, never>

export interface Everyone {
  session: SessionView
  agenda: Record<string, StepView>
  people: Record<string, PersonView>
  lead?: PersonID
  waiting?: boolean
  step?: PresentStep
  kept?: string[]
}

export interface ForLeaders {
  code: string
  stageKey: string
  locked?: boolean
  words?: Text
  nextWords?: Text
  spent: Record<string, Millis>
  entered?: Time
  support: Record<string, SupportView>
  asked?: number
  exercise?: unknown
}

export interface Freeze {
  frozen: boolean
}

export interface GiveBackPassage {
  passage: number
}

export interface GiveLead {
  person: PersonID
}

export interface GiveMinutes {
  step: StepID
  by: number
}

export interface GiveRole {
  person: PersonID
  role: Role
}

export interface GoAroundEveryone {
  prompt: Text
  started?: boolean
  over?: boolean
  now?: PersonID
  turns: Record<string, TurnView>
  each: Millis
  turn?: Timer
  minute?: Timer
}

export interface GoAroundOwn {
  standing?: Standing
}

export interface GoAroundStage {
  prompt: Text
  speaking?: boolean
  over?: boolean
  turn?: Timer
}

export interface Hello {
  token: string
  client: string
  build?: string
  docs?: Record<string, number>
}

export interface KeepShare {
  share: ShareID
}

export interface KeepTexts {
  keep: boolean
}

export type Leave = Record<string, never>

export interface LockDoor {
  locked: boolean
}

export interface LowerHand {
  person?: PersonID
}

export type Millis = number

export interface Moderated {
  text: string
  key: string
  ruling?: Ruling
  agreed?: Record<string, boolean>
  shown?: boolean
  answered?: boolean
  replied?: boolean
}

export interface MoveStep {
  step: StepID
  before: StepID
}

export type NextStep = Record<string, never>

export interface OpenBowl {
  question?: number
  words?: string
  anyway?: boolean
}

export interface OpenShare {
  share: ShareID
}

export interface OpenStep {
  step: StepID
}

export interface Own {
  person: PersonID
  role: Role
  away?: boolean
  support?: OwnSupport
  exercise?: unknown
  kept?: Record<string, unknown>
}

export interface OwnSupport {
  note?: string
  taken?: string
}

export type PassTurn = Record<string, never>

export interface PassageDone {
  passage: number
}

export interface PassageView {
  text: Text
  reader?: PersonID
}

export type Pause = Record<string, never>

export type PersonID = string

export interface PersonView {
  alias: string
  n: number
  role?: Role
  guest?: boolean
  gone?: boolean
  away?: boolean
  hand?: number
}

export interface PresentStep {
  id: StepID
  kind: string
  title: Text
  text?: Text
  timer?: Timer
  next?: string
  exercise?: unknown
}

export type PreviousStep = Record<string, never>

export interface QuietView {
  prompt: Text
  seconds: number
  timer?: Timer
  done?: boolean
}

export type RaiseHand = Record<string, never>

export interface ReadPassage {
  passage: number
}

export interface ReadShareAloud {
  share: ShareID
}

export interface ReadingEveryone {
  passages: Record<string, PassageView>
  now: number
  done?: boolean
}

export interface ReadingStage {
  text?: Text
  now: number
  of: number
}

export interface Refusal {
  code: Code
  reason: string
  message: string
}

export interface Remove {
  person: PersonID
}

export interface Rename {
  alias: string
}

export type ReopenCheckIn = Record<string, never>

export type Resume = Record<string, never>

export type Role = 'facilitator' | 'cofacilitator' | 'participant' | 'stage'

export type Ruling = '' | 'open' | 'kept' | 'aloud'

export interface ServerFrame {
  welcome?: Welcome
  ok?: number
  now?: Time
  with?: Signatures
  no?: number
  error?: Refusal
  gone?: Document
  readonly?: boolean
  beat?: Time
  bye?: Bye
}

export interface SessionView {
  programme: string
  title: Text
  room: Text
  languages: string[]
  opened: Time
  phase: string
  paused?: Time
  frozen?: boolean
}

export type ShareID = string

export type ShowShare = Record<string, never>

export type ShowSpread = Record<string, never>

export interface Shown {
  text: string
  key: string
  marks?: number
}

export interface SignBowl {
  bowl: BowlID
  share: string
  marks: string
}

export interface Signatures {
  share: string
  marks: string
}

export interface SkipStep {
  step: StepID
  skip: boolean
}

export type SkipTurn = Record<string, never>

export interface Spread {
  answers: number
  bins: number[]
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

export type Standing = string

export type StartQuiet = Record<string, never>

export type StartRound = Record<string, never>

export type StepAway = Record<string, never>

export type StepBack = Record<string, never>

export type StepID = string

export interface StepView {
  order: number
  kind: string
  title: Text
  minutes: number
  state: string
}

export type StopQuiet = Record<string, never>

export type SupportID = string

export interface SupportView {
  person: PersonID
  at: Time
  note?: string
  taken?: PersonID
}

export type TakeLead = Record<string, never>

export interface TakePassage {
  passage: number
}

export interface TakeSupport {
  request: SupportID
}

export type Text = Record<string, string>

export type Time = number

export interface Timer {
  started: Time
  ends: Time
  over?: boolean
}

export interface ToldReading {
  reading: number
  word?: string
}

export interface TurnView {
  order: number
  standing: Standing
}

export interface VolunteerReader {
  in: boolean
}

export interface Welcome {
  session: string
  person: PersonID
  role: Role
  now: Time
  build?: string
  readonly?: boolean
  docs: Record<string, number>
}

export interface WelcomeCard {
  title: Text
  text: Text
}

export interface WelcomeEveryone {
  cards: WelcomeCard[]
  agreements: Text[]
  in?: number
  keepOffer?: Text
  keep?: boolean
}

export interface WelcomeFacilitators {
  in: Record<string, boolean>
}

export interface WelcomeOwn {
  in: boolean
}

export interface WelcomeStage {
  agreements: Text[]
  in?: number
}

export type WithdrawCheckIn = Record<string, never>
