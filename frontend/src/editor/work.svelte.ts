// The programme somebody is writing: what it says, how to go back, what is wrong in it, and whether it is kept.

import type { Answer } from '../api'
import { storage } from '../seat'
import type { Everyone, Own, Refusal, StageView } from '../wire.gen'
import { at, moved, named, put, steps, tongues, type Fields, type Path, type Step, type Value } from './draft'

export interface Copy {
  id: string
  revision: number
  saved: number
  programme: Fields
}

export interface Mistake {
  line: number
  column: number
  path?: string
  what: string
}

/** Milliseconds: of each turn, and of all. */
export interface StepTime {
  turns?: number
  each?: number
  /** Before the turns: writing, answering, finding one's room. */
  first?: number
  whole: number
}

export interface Shown {
  everyone: Everyone
  own: Own
  stage: StageView
  person: string
}

interface Checked {
  mistakes: Mistake[]
  times: Record<string, StepTime>
  shown?: Shown
}

interface Desk {
  get<T>(path: string): Promise<Answer<T>>
  post<T>(path: string, body?: unknown): Promise<Answer<T>>
}

type Standing = 'saved' | 'unsaved' | 'saving' | 'unreachable' | 'conflict'

/** Words typed into one place without a longer rest are one step back. */
const BREATH = 1_500
const SAVE_AFTER = 1_200
const CHECK_AFTER = 350
const AGAIN_AFTER = 5_000
const MOST_BACK = 200

export class Work {
  programme = $state.raw<Fields>({})
  standing = $state<Standing>('saved')
  saved = $state(0)
  mistakes = $state.raw<Mistake[]>([])
  times = $state.raw<Record<string, StepTime>>({})
  /** What the seats show at the step that is open; stays while a mistake in it leaves nothing to show. */
  shown = $state.raw<Shown | null>(null)
  /** It is of the step as it stood before a mistake. */
  stale = $state(false)
  /** The step that is open; -1 is the programme itself. */
  open = $state(-1)
  people = $state(12)
  tongue = $state('')
  refused = $state.raw<Refusal | null>(null)
  /** What somebody else, or another tab, saved meanwhile. */
  other = $state.raw<Copy | null>(null)

  #past = $state.raw<Fields[]>([])
  #future = $state.raw<Fields[]>([])
  #last = { path: '', at: 0 }
  #desk: Desk
  #revision: number
  #setAside = false
  #shownOf: string | undefined
  #saving: ReturnType<typeof setTimeout> | undefined
  #checking: ReturnType<typeof setTimeout> | undefined
  #busy = false
  #asking = false
  #askAgain = false

  constructor(
    desk: Desk,
    private copy: Copy,
  ) {
    this.#desk = desk
    this.#revision = copy.revision
    this.programme = copy.programme
    this.saved = copy.saved
    const size = copy.programme.size as { from?: number; to?: number } | undefined
    this.people = Math.round(((size?.from ?? 8) + (size?.to ?? 16)) / 2)
    this.#recover()
    this.check()
  }

  get id(): string {
    return this.copy.id
  }

  get steps(): Step[] {
    return steps(this.programme)
  }

  get minutes(): number {
    return this.steps.reduce((sum, step) => sum + (Number(step.minutes) || 0), 0)
  }

  at(path: Path): Value | undefined {
    return at(this.programme, path)
  }

  mistake(path: Path): Mistake | undefined {
    const name = named(path)
    return this.mistakes.find((mistake) => mistake.path === name)
  }

  /** How many there are at a place and below it. */
  mistakesIn(path: Path): number {
    const name = named(path)
    return this.mistakes.filter(({ path }) => path === name || path?.startsWith(`${name}.`)).length
  }

  set(path: Path, value: Value | undefined) {
    const typed = value !== undefined && typeof value !== 'object'
    this.#change(put(this.programme, path, value) as Fields, typed || value === null ? named(path) : '')
  }

  insert(path: Path, index: number, value: Value) {
    const list = (this.at(path) as Value[] | undefined) ?? []
    this.set(path, [...list.slice(0, index), value, ...list.slice(index)])
  }

  move(path: Path, from: number, to: number) {
    this.set(path, moved(this.at(path) as Value[], from, to))
  }

  /** Another whole programme in its place: a version, or what somebody else saved. */
  replace(programme: Fields, setAside = false) {
    this.#setAside ||= setAside
    this.#change(programme, '')
  }

  get canUndo(): boolean {
    return this.#past.length > 0
  }

  get canRedo(): boolean {
    return this.#future.length > 0
  }

  undo() {
    const before = this.#past.at(-1)
    if (!before) return
    this.#past = this.#past.slice(0, -1)
    this.#future = [...this.#future, this.programme]
    this.#last = { path: '', at: 0 } // what is typed next is a step of its own
    this.#stand(before)
  }

  redo() {
    const after = this.#future.at(-1)
    if (!after) return
    this.#future = this.#future.slice(0, -1)
    this.#past = [...this.#past, this.programme]
    this.#stand(after)
  }

  look(step: number) {
    this.open = step
    this.check()
  }

  count(people: number) {
    this.people = Math.min(Math.max(Math.round(people) || 1, 1), 1000)
    this.check()
  }

  #change(programme: Fields, path: string) {
    const now = Date.now()
    const goesOn = path !== '' && path === this.#last.path && now - this.#last.at < BREATH
    if (!goesOn) this.#past = [...this.#past.slice(1 - MOST_BACK), this.programme]
    this.#last = { path, at: now }
    this.#future = []
    // The whole is written where the author wrote it before; it is never left wrong.
    if ('minutes' in programme) {
      const minutes = steps(programme).reduce((sum, step) => sum + (Number(step.minutes) || 0), 0)
      programme = { ...programme, minutes }
    }
    this.#stand(programme)
  }

  #stand(programme: Fields) {
    const open = this.steps[this.open]?.id
    this.programme = programme
    const there = this.steps.findIndex(({ id }) => id === open)
    this.open = there < 0 ? Math.min(this.open, this.steps.length - 1) : there
    const own = tongues(programme)
    if (this.tongue && !own.includes(this.tongue)) this.tongue = own[0] ?? 'en'
    if (this.standing !== 'conflict') this.standing = 'unsaved'
    this.#keep()
    this.check()
    this.#soon(SAVE_AFTER)
  }

  #soon(after: number) {
    clearTimeout(this.#saving)
    this.#saving = setTimeout(() => void this.save(), after)
  }

  /** Saves what is not saved, one request at a time. */
  async save(): Promise<void> {
    clearTimeout(this.#saving)
    if (this.#busy || this.standing === 'saved' || this.standing === 'conflict') return
    this.#busy = true
    this.standing = 'saving'
    const programme = this.programme
    const setAside = this.#setAside
    const answer = await this.#desk.post<{ revision: number; saved: number }>(this.#address, {
      revision: this.#revision,
      programme,
      setAside,
    })
    this.#busy = false
    if ('ok' in answer) {
      this.#revision = answer.ok.revision
      this.saved = answer.ok.saved
      if (setAside) this.#setAside = false
      this.#settle(programme)
    } else if (answer.refusal.reason === 'programme_changed') {
      await this.#meet()
    } else {
      this.standing = 'unreachable'
      if (answer.refusal.code !== 'internal') this.refused = answer.refusal
      this.#soon(AGAIN_AFTER)
    }
  }

  #settle(programme: Fields) {
    if (this.programme === programme) {
      this.standing = 'saved'
      storage('localStorage')?.removeItem(this.#key)
    } else {
      this.standing = 'unsaved'
      this.#keep()
      this.#soon(SAVE_AFTER)
    }
  }

  // Somebody was faster; unless it was an answer of ours that got lost on its way.
  async #meet() {
    const answer = await this.#desk.get<Copy>(this.#address)
    if ('refusal' in answer) {
      this.standing = 'unreachable'
      this.refused = answer.refusal
      return this.#soon(AGAIN_AFTER)
    }
    if (same(answer.ok.programme, this.programme)) {
      this.#revision = answer.ok.revision
      return this.#settle(this.programme)
    }
    this.other = answer.ok
    this.standing = 'conflict'
  }

  /** Goes on with what is written here; the other stays among the versions. */
  goOn() {
    if (!this.other) return
    this.#revision = this.other.revision
    this.#setAside = true
    this.other = null
    this.standing = 'unsaved'
    this.#keep()
    void this.save()
  }

  /** Takes the other one; what is written here becomes a programme of its own. */
  async giveWay(): Promise<boolean> {
    const other = this.other
    if (!other) return false
    const answer = await this.#desk.post('/api/programmes', { programme: this.programme })
    if ('refusal' in answer) {
      this.refused = answer.refusal
      return false
    }
    storage('localStorage')?.removeItem(this.#key)
    this.#revision = other.revision
    this.saved = other.saved
    this.#past = [...this.#past, this.programme]
    this.programme = other.programme
    this.other = null
    this.standing = 'saved'
    this.open = Math.min(this.open, this.steps.length - 1)
    this.check()
    return true
  }

  /** Asks what is wrong and what the seats would show. */
  check() {
    clearTimeout(this.#checking)
    this.#checking = setTimeout(() => void this.#ask(), CHECK_AFTER)
  }

  async #ask() {
    if (this.#asking) {
      this.#askAgain = true
      return
    }
    this.#asking = true
    const step = Math.max(this.open, 0)
    const name = this.steps[step]?.id
    const answer = await this.#desk.post<Checked>('/api/programmes/check', {
      programme: this.programme,
      step,
      people: this.people,
      language: this.tongue,
    })
    this.#asking = false
    if ('ok' in answer) {
      this.mistakes = answer.ok.mistakes
      this.times = answer.ok.times
      this.stale = !answer.ok.shown
      if (answer.ok.shown) [this.shown, this.#shownOf] = [answer.ok.shown, name]
      else if (name !== this.#shownOf) this.shown = null // it would be another step's
    } else if (answer.refusal.code !== 'internal') this.refused = answer.refusal
    if (this.#askAgain) {
      this.#askAgain = false
      this.check()
    }
  }

  /** Keeps on this device what the server does not have yet. */
  #keep() {
    try {
      storage('localStorage')?.setItem(
        this.#key,
        JSON.stringify({ revision: this.#revision, programme: this.programme }),
      )
    } catch {
      // Without storage it lasts as long as the page, and the server has it in a moment.
    }
  }

  // What was written before a reload, and not saved.
  #recover() {
    const kept = storage('localStorage')?.getItem(this.#key)
    if (!kept) return
    const { revision, programme } = JSON.parse(kept) as { revision: number; programme: Fields }
    if (same(programme, this.programme)) return storage('localStorage')?.removeItem(this.#key)
    this.#past = [this.programme]
    this.programme = programme
    if (revision !== this.#revision) {
      this.other = this.copy
      this.standing = 'conflict'
      return
    }
    this.standing = 'unsaved'
    this.#soon(0)
  }

  get #key() {
    return `programme:${this.copy.id}`
  }

  get #address() {
    return `/api/programmes/${encodeURIComponent(this.copy.id)}`
  }

  close() {
    clearTimeout(this.#saving)
    clearTimeout(this.#checking)
  }
}

function same(a: Value, b: Value): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key]!)]),
  )
}
