// What an amends map holds: people and harms, each with its safety answers and what was made of them. Plain JSON, for
// the device alone.

import { language } from '../locale.svelte'
import { m } from '../paraglide/messages'
import type { Page, Part } from '../device/page'
import { gate, outcome, type Answers, type Form, type Outcome } from './gate'

/** How they may take it, and what I would say then. */
export interface Reply {
  theirs: string
  mine: string
}

export interface Plan {
  place: string
  when: string
  asking: string
  words: string
  replies: Reply[]
  before: string
  after: string
  craving: string
}

export interface Harm {
  id: string
  who: string
  what: string
  part: string
  did: string
  repair: string
  answers: Answers
  /** What I do where no direct amends are made, or not yet. */
  instead: string
  plan: Plan
}

export interface AmendsMap {
  harms: Harm[]
}

export const NAME = 'amendsmap'
export const FIELDS = ['who', 'what', 'part', 'did', 'repair'] as const

export function blankMap(): AmendsMap {
  return { harms: [] }
}

export function newHarm(): Harm {
  const id = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(36)).join('')
  const plan = { place: '', when: '', asking: '', words: '', before: '', after: '', craving: '' }
  const told = { who: '', what: '', part: '', did: '', repair: '', instead: '' }
  return { id, ...told, answers: {}, plan: { ...plan, replies: [{ theirs: '', mine: '' }] } }
}

/** The heading of one on the list. */
export function called(harm: Harm, n: number): string {
  return harm.who.trim() || m.amends_person({ n })
}

export function labels(): Record<(typeof FIELDS)[number], string> {
  return {
    who: m.amends_who(),
    what: m.amends_what(),
    part: m.amends_part(),
    did: m.amends_did(),
    repair: m.amends_repair(),
  }
}

/** What the field for doing something else is called, by where the questions led. */
export function insteadLabel(form: Form): string {
  return {
    direct: m.amends_instead_living(),
    indirect: m.amends_instead_indirect(),
    living: m.amends_instead_living(),
    wait: m.amends_instead_wait(),
    notsafe: m.amends_instead_notsafe(),
  }[form]
}

/** One person or harm, as it is shown to a sponsor. */
export function harmPage(harm: Harm): Page {
  const found = outcome(harm.answers)
  const names = labels()
  const told = FIELDS.map((field): Part => ({ heading: names[field], text: harm[field] }))
  return { parts: [...told, ...safetyParts(harm.answers, found), ...wayParts(harm, found.form)] }
}

export function mapPage({ harms }: AmendsMap): Page {
  const parts = harms.flatMap((harm, i): Part[] => [
    { text: `— ${i + 1}. ${called(harm, i + 1)} —` },
    ...harmPage(harm).parts.filter(({ text }) => text.trim()),
  ])
  return { parts }
}

function safetyParts(answers: Answers, { form, reasons, talk }: Outcome): Part[] {
  const given = gate.questions.filter(({ id }) => answers[id])
  if (given.length === 0) return []
  const lines = given.map(({ id, ask }) => `${language.pick(ask)} ${answerWord(answers[id]!)}`)
  const parts: Part[] = [{ heading: m.amends_safety(), text: lines.join('\n') }]
  if (form) {
    const { title, means } = gate.forms[form]
    const said = [
      language.pick(title),
      language.pick(means),
      ...reasons.map((reason) => language.pick(reason)),
    ]
    parts.push({ heading: m.amends_leads(), text: said.join('\n') })
    parts.push({
      heading: m.amends_talk(),
      text: talk.map((topic) => language.pick(gate.topics[topic])).join('; '),
    })
  }
  return parts
}

function wayParts(harm: Harm, form: Form | undefined): Part[] {
  if (!form) return []
  const instead = { heading: insteadLabel(form), text: harm.instead }
  if (form !== 'direct') return [instead]
  const { place, when, asking, words, replies, before, after, craving } = harm.plan
  const answers = replies
    .filter(({ theirs, mine }) => theirs.trim() || mine.trim())
    .map(({ theirs, mine }) => `${theirs.trim()} → ${mine.trim()}`)
  return [
    { heading: m.amends_place(), text: place },
    { heading: m.amends_when(), text: when },
    { heading: m.amends_asking(), text: asking },
    { heading: m.amends_words(), text: words },
    { heading: m.amends_replies(), text: answers.join('\n') },
    { heading: m.amends_before(), text: before },
    { heading: m.amends_after(), text: after },
    { heading: m.amends_craving(), text: craving },
    instead,
  ]
}

export function answerWord(answer: 'yes' | 'no' | 'unsure'): string {
  return { yes: m.amends_yes(), no: m.amends_no(), unsure: m.amends_unsure() }[answer]
}
