// Written by "go generate ./realtime" from the Go types. Do not edit.
// The frames are described in realtime/PROTOCOL.md.

/** What a person may order: the name in "do", and what goes into "with". */
export interface Commands {
  'agenda.back': PreviousStep
  'agenda.fit': FitAgenda
  'agenda.minutes': GiveMinutes
  'agenda.move': MoveStep
  'agenda.next': NextStep
  'agenda.open': OpenStep
  'agenda.skip': SkipStep
  'agenda.unfit': UnfitAgenda
  'answerno.show': ShowAnswers
  'answerno.turn': TurnAnswerCard
  'bowl.close': CloseBowl
  'bowl.open': OpenBowl
  'bowl.sign': SignBowl
  'checkin.answer': CheckIn
  'checkin.reopen': ReopenCheckIn
  'checkin.show': ShowSpread
  'checkin.withdraw': WithdrawCheckIn
  'deed.undo': Undo
  'door.admit': Admit
  'door.admitAll': AdmitAll
  'door.back': SendBack
  'door.link': MakeLink
  'door.set': SetDoor
  'door.unlink': TakeLinkBack
  'family.sit': SitWith
  'feedback.give': GiveFeedback
  'feedback.take': TakeFeedback
  'goaround.call': CallPerson
  'goaround.done': EndTurn
  'goaround.later': ComeBackToMe
  'goaround.pass': PassTurn
  'goaround.skip': SkipTurn
  'goaround.start': StartRound
  'grounding.start': StartGrounding
  'grounding.stop': StopGrounding
  'hand.lower': LowerHand
  'hand.raise': RaiseHand
  'hold.drop': DropHeld
  'hold.open': OpenHeld
  'hold.set': SetHold
  'lead.give': GiveLead
  'lead.order': SetSuccession
  'lead.take': TakeLead
  'person.alias': GiveAlias
  'person.away': StepAway
  'person.back': StepBack
  'person.door': SendToDoor
  'person.leave': Leave
  'person.quiet': QuietPerson
  'person.remove': Remove
  'person.rename': Rename
  'poll.answer': AnswerPoll
  'poll.gather': GatherWords
  'poll.hold': HoldWord
  'poll.reveal': RevealPoll
  'poll.talk': TalkPoll
  'poll.withdraw': WithdrawPoll
  'practice.aloud': HeardStepOut
  'practice.back': CallBack
  'practice.choose': ChooseAfterStop
  'practice.debrief': BeginDebrief
  'practice.enter': EnterRoom
  'practice.form': FormRooms
  'practice.ground': BeginGrounding
  'practice.handin': HandIn
  'practice.help': AskHelp
  'practice.leave': LeaveVisit
  'practice.limits': SetLimits
  'practice.mark': Mark
  'practice.more': MoreTime
  'practice.move': MoveToRoom
  'practice.open': OpenRooms
  'practice.out': StepOut
  'practice.ready': ReadyToGoOn
  'practice.row': MoveRow
  'practice.say': SayToRooms
  'practice.stop': Stop
  'practice.terms': SetTerms
  'practice.unmark': Unmark
  'practice.wish': Wish
  'practice.write': WriteToRoom
  'quiet.start': StartQuiet
  'quiet.stop': StopQuiet
  'reading.done': PassageDone
  'reading.giveBack': GiveBackPassage
  'reading.read': ReadPassage
  'reading.take': TakePassage
  'report.close': CloseReport
  'report.make': Report
  'role.give': GiveRole
  'room.freeze': Freeze
  'sayitbetter.ask': AskLearned
  'sayitbetter.pick': PickLearned
  'sayitbetter.show': ShowLearned
  'session.close': Close
  'session.keep': KeepFor
  'session.pause': Pause
  'session.resume': Resume
  'share.aloud': ReadShareAloud
  'share.answer': AnswerShare
  'share.keep': KeepShare
  'share.open': OpenShare
  'share.read': VolunteerReader
  'share.show': ShowShare
  'sort.go': GoToStop
  'sort.place': PlaceCards
  'sort.reveal': RevealSort
  'sort.settle': SettleCard
  'sort.take': TakeCards
  'support.ask': AskSupport
  'support.cancel': CancelSupport
  'support.close': CloseSupport
  'support.endTalk': EndTalk
  'support.take': TakeSupport
  'support.talk': OpenTalk
  'welcome.agree': Agree
  'welcome.keep': KeepTexts
  'writing.close': CloseWriting
  'writing.open': OpenWriting
}

/** The documents by name. */
export interface Documents {
  everyone: Everyone
  facilitators: ForLeaders
  keepers: Keeping
  stage: StageView
  [own: `person/${string}`]: Own
  [room: `room/${string}`]: RoomView
}

/** The kinds of exercise. */
export type Kind = 'amendsmap' | 'answerno' | 'bowl' | 'checkin' | 'closing' | 'commitments' | 'feedback' | 'goaround' | 'grounding' | 'letter' | 'othershoes' | 'poll' | 'practice' | 'quiet' | 'reading' | 'sayitbetter' | 'selfamends' | 'sort' | 'welcome' | 'whocanhelp'

export interface Admit {
  person: PersonID
}

export interface AdmitAll {
  inside?: boolean
}

export interface Agree {
  in: boolean
}

export interface AmendsMapView {
  prompt: Text
  minutes: number
  timer?: Timer
  done?: boolean
  part?: string
  family?: FamilyPrompt
}

export interface Announcement {
  text: string
  at: Time
}

export interface AnswerNoCard {
  response: string
  words: Text
  answers: Text[]
  family?: SayingNo
}

export interface AnswerNoFacilitators {
  cards: AnswerNoCard[]
}

export interface AnswerNoView {
  prompt: Text
  minutes: number
  timer?: Timer
  done?: boolean
  at: number
  of: number
  card?: AnswerNoCard
  night?: boolean
  ideas?: Text[]
}

export interface AnswerPoll {
  choices?: number[]
  word?: string
}

export interface AnswerShare {
  share: ShareID
  sealed: string
}

export interface AskHelp {
  room: RoomID
  help?: Help
}

export type AskLearned = Record<string, never>

export interface AskSupport {
  note: string
}

export type Bearing = string

export type BeginDebrief = Record<string, never>

export type BeginGrounding = Record<string, never>

export type Behaviour = string

export interface BowlEveryone {
  bowl?: BowlID
  phase: BowlPhase
  question?: Text
  size?: number
  guests?: number
  small?: boolean
  few?: boolean
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
  guests?: number
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
  guests?: number
  small?: boolean
  check?: Text
  window?: Timer
  text?: string
  marks?: number
  pace?: Timer
}

export type Breath = string

export interface BreathView {
  breath: Breath
  beats: number[]
}

export interface Bye {
  reason: string
  message: string
}

export interface CallBack {
  minutes: number
}

export interface CallPerson {
  person: PersonID
}

export type CancelSupport = Record<string, never>

export interface CardView {
  text: Text
  outline?: Outline
  settled?: number
}

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

export type Choice = string

export interface ChooseAfterStop {
  room: RoomID
  choice: Choice
}

export interface ClientFrame {
  hello?: Hello
  id?: number
  do?: string
  with?: unknown
  signal?: Signal
  beat?: number
}

export type Close = Record<string, never>

export type CloseBowl = Record<string, never>

export interface CloseReport {
  report: ReportID
}

export interface CloseSupport {
  request: SupportID
}

export type CloseWriting = Record<string, never>

export interface ClosingView {
  words: Text
}

export type Code = 'invalid' | 'denied' | 'conflict' | 'not_found' | 'closed' | 'internal'

export type ComeBackToMe = Record<string, never>

export interface CommitmentsView {
  prompt: Text
  minutes: number
  timer?: Timer
  done?: boolean
  witness?: Text
  family?: FamilyPrompt
}

export type DeedID = string

export type DeedKind = 'quiet' | 'door' | 'remove'

export interface DeedView {
  kind: DeedKind
  person: PersonID
  alias?: string
  by: PersonID
  at: Time
}

export interface DocFrame {
  doc: Document
  rev: number
  from?: number
  patch?: unknown
  is?: unknown
}

export type Document = string

export type DoorMode = 'open' | 'knock' | 'closed'

export interface DoorView {
  mode: DoorMode
  wide?: boolean
  wave?: Time
  knocking: Record<string, KnockView>
  links: Record<string, Time>
}

export interface DropHeld {
  item: HeldID
}

export interface EndTalk {
  request: SupportID
}

export type EndTurn = Record<string, never>

export interface EnterRoom {
  room: RoomID
}

export interface Everyone {
  session: SessionView
  agenda: Record<string, StepView>
  people: Record<string, PersonView>
  lead?: PersonID
  waiting?: boolean
  step?: PresentStep
  kept?: string[]
}

export type Experience = number

export interface FamilyPrompt {
  prompt: Text
}

export interface FamilyPrompts {
  prompt: Text
  prompts: Text[]
}

export interface FamilySelf {
  prompt: Text
  neglect: Text
  kind: Text
  practical: Text
  forgiveness?: Text
}

export interface FamilyWords {
  phone: Text
  cards?: Text[]
}

export interface FeedbackEveryone {
  questions: FeedbackQuestion[]
  comment?: Text
}

export interface FeedbackFacilitators {
  answers?: number
}

export interface FeedbackOwn {
  places?: number[]
  comment?: string
}

export interface FeedbackQuestion {
  ask: Text
  scale: Text[]
}

export interface FeedbackResult {
  title: Text
  scales: ScaleOutline[]
  comment?: Text
  comments?: string[]
}

export type FitAgenda = Record<string, never>

export interface ForLeaders {
  code: string
  stageKey: string
  heirs?: PersonID[]
  words?: Text
  nextWords?: Text
  spent: Record<string, Millis>
  entered?: Time
  until?: Time
  fitted?: boolean
  feedback?: Record<string, FeedbackResult>
  exercise?: unknown
}

export type FormRooms = Record<string, never>

export interface Freeze {
  frozen: boolean
  without?: boolean
}

export type GatherWords = Record<string, never>

export interface GiveAlias {
  person: PersonID
  alias: string
}

export interface GiveBackPassage {
  passage: number
}

export interface GiveFeedback {
  places: number[]
  comment?: string
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

export interface GoToStop {
  to: number
}

export interface GroundingShown {
  breath?: Breath
  guide?: number
  started: Time
}

export interface GroundingView {
  words: Text
  breathing: BreathView[]
  guides?: Guide[]
  now?: GroundingShown
}

export interface Guide {
  name: Text
  each: number
  lines: Text[]
}

export interface HandIn {
  in: boolean
}

export interface HeardStepOut {
  person: PersonID
}

export type HeldID = string

export interface HeldView {
  person: PersonID
  text: string
  at: Time
  agreed?: Record<string, boolean>
}

export interface Hello {
  token: string
  client: string
  build?: string
  docs?: Record<string, number>
}

export type Help = string

export interface HoldView {
  minutes: number
  agree: number
  items: Record<string, HeldView>
}

export interface HoldWord {
  word: string
  held: boolean
}

export interface ICEServer {
  urls: string[]
  username?: string
  credential?: string
}

export interface KeepFor {
  days: number
}

export interface KeepShare {
  share: ShareID
}

export interface KeepTexts {
  keep: boolean
}

export interface Keeping {
  code: string
  door: DoorView
  newest?: number
  support: Record<string, SupportView>
  asked?: number
  hold: HoldView
  reports: Record<string, ReportView>
  deeds: Record<string, DeedView>
  quiet?: Record<string, boolean>
}

export interface KnockView {
  alias: string
  n: number
  at: Time
  inside?: boolean
  back?: boolean
  gone?: boolean
}

export interface Learned {
  options: Text[]
  shown?: boolean
  outline?: Outline
}

export type Leave = Record<string, never>

export type LeaveVisit = Record<string, never>

export interface LetterView {
  prompt: Text
  minutes: number
  timer?: Timer
  done?: boolean
  prompts: Text[]
  family?: FamilyPrompts
}

export type LinkID = string

export interface ListenerCard {
  like: Text
  help: Text
  hurt: Text
  boundary: Text
}

export interface LowerHand {
  person?: PersonID
}

export type MakeLink = Record<string, never>

export interface Mark {
  room: RoomID
  behaviour: Behaviour
  heard?: string
}

export interface MarkView {
  n: number
  by: PersonID
  behaviour: Behaviour
  heard?: string
}

export interface MemberView {
  n: number
  role?: string
  watches?: boolean
  ready?: boolean
  inRole?: boolean
  choice?: Choice
  limits?: string
}

export interface MessageView {
  n: number
  by: PersonID
  at: Time
  text: string
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

export interface MoreTime {
  room?: RoomID
  minutes: number
}

export type MoveRow = Record<string, never>

export interface MoveStep {
  step: StepID
  before: StepID
}

export interface MoveToRoom {
  person: PersonID
  room?: RoomID
  new?: boolean
}

export type NextStep = Record<string, never>

export interface OpenBowl {
  question?: number
  words?: string
  anyway?: boolean
}

export interface OpenHeld {
  item: HeldID
}

export type OpenRooms = Record<string, never>

export interface OpenShare {
  share: ShareID
}

export interface OpenStep {
  step: StepID
}

export type OpenTalk = Record<string, never>

export type OpenWriting = Record<string, never>

export interface OtherShoesView {
  prompt: Text
  minutes: number
  timer?: Timer
  done?: boolean
  prompts: Text[]
  share?: Text
  family?: FamilyPrompts
}

export interface Outline {
  answers: number
  portions?: Portion[]
  rest?: number
}

export interface Own {
  person: PersonID
  role: Role
  away?: boolean
  door?: OwnDoor
  quiet?: boolean
  support?: OwnSupport
  held?: Record<string, string>
  reported?: Record<string, boolean>
  side?: Side
  across?: boolean
  words?: FamilyWords
  played?: RolePlayed
  exercise?: unknown
  kept?: Record<string, unknown>
}

export interface OwnDoor {
  alias: string
  inside?: boolean
  back?: boolean
  title: Text
  room: Text
}

export interface OwnSupport {
  request: SupportID
  note?: string
  taken?: string
  by?: PersonID
  talk?: boolean
}

export type Part = string

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

export type Phase = string

export interface PickLearned {
  choices?: number[]
}

export interface PlaceCards {
  places: number[]
}

export interface PollEveryone {
  question: Text
  form: string
  options?: Text[]
  most?: number
  counted?: boolean
  revealed?: boolean
  outline?: Outline
  order?: number[]
  words?: string[]
  talk?: Text
}

export interface PollFacilitators {
  answers?: number
  all?: boolean
  words?: PollWord[]
  talk?: Text[]
  at?: number
}

export interface PollOwn {
  choices?: number[]
  word?: string
}

export interface PollWord {
  word: string
  held?: boolean
}

export interface Portion {
  count?: number
  as?: Bearing
}

export interface PracticeEveryone {
  form: string
  stage: PracticeStage
  minutes: PracticeMinutes
  rounds?: number
  round?: number
  mixing?: boolean
  competencies?: boolean
  scenarios?: Record<string, ScenarioChoice>
  rest: Text
  debrief?: Text[]
  grounding: Text
  said?: Announcement
  back?: Timer
}

export interface PracticeFacilitators {
  rooms: Record<string, RoomGlance>
  waiting: Record<string, boolean>
  watching?: Record<string, boolean>
  resting?: Record<string, boolean>
  tight?: boolean
  handedIn?: Record<string, Record<string, number>>
}

export interface PracticeMinutes {
  consent: number
  prepare: number
  rehearse: number
  speaker: number
  listener: number
  observer: number
  again: number
  out: number
}

export interface PracticeOwn {
  part: Part
  experience?: Experience
  notWith?: Record<string, boolean>
  room?: RoomID
  waiting?: boolean
  tight?: boolean
  role?: string
  inRole?: boolean
  outFirst?: boolean
  card?: RoleCard
  marks?: Record<string, MarkView>
  totals?: Record<string, number>
  handedIn?: boolean
}

export type PracticeStage = string

export interface PracticeStageView {
  form: string
  stage: PracticeStage
  rooms?: number
  said?: Announcement
  back?: Timer
  debrief?: Text[]
  words?: Text
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

export interface QuietPerson {
  person: PersonID
  quiet: boolean
}

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

export interface ReadyToGoOn {
  room: RoomID
  phase: Phase
  turn: number
}

export interface Refusal {
  code: Code
  reason: string
  message: string
  steps?: StepID[]
}

export interface Remove {
  person: PersonID
}

export interface Rename {
  alias: string
}

export type ReopenCheckIn = Record<string, never>

export interface Report {
  person?: PersonID
  share?: ShareID
  room?: RoomID
  message?: number
  note?: string
}

export type ReportID = string

export interface ReportView {
  person?: PersonID
  share?: ShareID
  room?: RoomID
  text?: string
  note?: string
  at: Time
}

export type Resume = Record<string, never>

export type RevealPoll = Record<string, never>

export type RevealSort = Record<string, never>

export type Role = 'facilitator' | 'cofacilitator' | 'keeper' | 'participant' | 'stage'

export interface RoleCard {
  speaker?: Text
  listener?: ListenerCard
  opening?: Text
  turn?: Text
  stance?: Text
  watch?: Text[]
}

export interface RolePlayed {
  step: StepID
  role: string
  who?: Text
}

export interface RoomGlance {
  number: number
  members: Record<string, boolean>
  phase?: Phase
  turn?: number
  turns?: number
  timer?: Timer
  last?: boolean
  paused?: boolean
  help?: Help
  visitors?: Record<string, boolean>
}

export type RoomID = string

export interface RoomScenario {
  title: Text
  form: string
  notes: Text
  situation: Text
  debrief: Text[]
}

export interface RoomView {
  room: RoomID
  number: number
  members: Record<string, MemberView>
  visitors?: Record<string, boolean>
  phase: Phase
  turn: number
  turns: number
  extra?: boolean
  cut?: boolean
  timer?: Timer
  last?: boolean
  terms: Terms
  scenario?: RoomScenario
  stopped?: boolean
  help?: Help
  messages: Record<string, MessageView>
  marks?: Record<string, MarkView>
}

export type Ruling = '' | 'open' | 'kept' | 'aloud'

export interface SayItBetterEveryone {
  bowl?: BowlID
  phase: BowlPhase
  question?: Text
  size?: number
  guests?: number
  small?: boolean
  few?: boolean
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
  learned?: Learned
}

export interface SayItBetterFacilitators {
  questions: Text[]
  here: number
  guests?: number
  agree: number
  check?: Text
  shares: Record<string, Moderated>
  replies?: Record<string, string>
  picked?: number
}

export interface SayItBetterOwn {
  in?: boolean
  signed?: string
  reading?: boolean
  picked?: number[]
}

export interface SayItBetterStage {
  phase: BowlPhase
  question?: Text
  size?: number
  guests?: number
  small?: boolean
  check?: Text
  window?: Timer
  text?: string
  marks?: number
  pace?: Timer
  learned?: Learned
}

export interface SayToRooms {
  text: string
}

export interface SayingNo {
  words: Text
  answers: Text[]
}

export interface ScaleOutline {
  ask: Text
  scale: Text[]
  outline?: Outline
}

export interface ScenarioChoice {
  title: Text
  notes: Text
  relation: string
  harm: string
  form: string
}

export interface SelfAmendsView {
  prompt: Text
  minutes: number
  timer?: Timer
  done?: boolean
  neglect: Text
  kind: Text
  practical: Text
  forgiveness?: Text
  family?: FamilySelf
}

export interface SendBack {
  person: PersonID
}

export interface SendToDoor {
  person: PersonID
}

export interface ServerFrame {
  welcome?: Welcome
  ok?: number
  now?: Time
  with?: Signatures
  no?: number
  error?: Refusal
  gone?: Document
  signal?: Signal
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
  families?: boolean
  phase: string
  paused?: Time
  frozen?: boolean
  keep?: number
  forgets?: Time
  teaches?: Text[]
}

export interface SetDoor {
  mode: DoorMode
  wide?: boolean
}

export interface SetHold {
  minutes: number
  agree?: number
}

export interface SetLimits {
  room: RoomID
  text: string
}

export interface SetSuccession {
  people: PersonID[]
}

export interface SetTerms {
  room: RoomID
  scenario?: string
  stance?: Stance
  difficulty?: number
  stopWord?: string
}

export interface SettleCard {
  card: number
  place: number
}

export type ShareID = string

export type ShowAnswers = Record<string, never>

export type ShowLearned = Record<string, never>

export type ShowShare = Record<string, never>

export type ShowSpread = Record<string, never>

export interface Shown {
  text: string
  key: string
  marks?: number
}

export type Side = string

export interface SignBowl {
  bowl: BowlID
  share: string
  marks: string
}

export interface Signal {
  to?: PersonID
  from?: PersonID
  data: unknown
}

export interface Signatures {
  share: string
  marks: string
}

export interface SitWith {
  side: Side
  across?: boolean
}

export interface SkipStep {
  step: StepID
  skip: boolean
}

export type SkipTurn = Record<string, never>

export interface SortEveryone {
  question: Text
  places: Text[]
  cards: Record<string, CardView>
  revealed?: boolean
  card?: number
  prompt?: Text
}

export interface SortFacilitators {
  answers?: number
  all?: boolean
  stops: SortStop[]
  at: number
  note?: Text
}

export interface SortOwn {
  places?: number[]
}

export interface SortStop {
  card?: number
  prompt?: Text
}

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

export type Stance = string

export type Standing = string

export interface StartGrounding {
  breath?: Breath
  guide?: number
}

export type StartQuiet = Record<string, never>

export type StartRound = Record<string, never>

export type StepAway = Record<string, never>

export type StepBack = Record<string, never>

export type StepID = string

export type StepOut = Record<string, never>

export interface StepView {
  order: number
  kind: string
  title: Text
  minutes: number
  state: string
}

export type Stop = Record<string, never>

export type StopGrounding = Record<string, never>

export type StopQuiet = Record<string, never>

export type SupportID = string

export interface SupportView {
  person: PersonID
  at: Time
  note?: string
  taken?: PersonID
  talk?: boolean
}

export type TakeCards = Record<string, never>

export type TakeFeedback = Record<string, never>

export type TakeLead = Record<string, never>

export interface TakeLinkBack {
  link: LinkID
}

export interface TakePassage {
  passage: number
}

export interface TakeSupport {
  request: SupportID
}

export interface TalkPoll {
  to: number
}

export interface Terms {
  scenario?: string
  stance?: Stance
  difficulty?: number
  stopWord?: string
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

export type Topic = string

export interface TurnAnswerCard {
  to: number
}

export interface TurnView {
  order: number
  standing: Standing
}

export interface Undo {
  deed: DeedID
}

export type UnfitAgenda = Record<string, never>

export interface Unmark {
  room: RoomID
  n: number
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
  ice?: ICEServer[]
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

export interface WhoCanHelpView {
  words: Text
  topics: Topic[]
}

export interface Wish {
  part: Part
  experience?: Experience
  notWith?: PersonID[]
}

export type WithdrawCheckIn = Record<string, never>

export type WithdrawPoll = Record<string, never>

export interface WriteToRoom {
  room: RoomID
  text: string
}

export interface WritingView {
  prompt: Text
  minutes: number
  timer?: Timer
  done?: boolean
}
