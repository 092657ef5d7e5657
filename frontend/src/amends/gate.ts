// The safety gate: plain questions that come before any contact. What leads to what is in gate.json; this only looks
// the answers up there. Whatever that file says, direct amends are never suggested unless every single question has
// its safe answer.

import type { Text } from '../wire.gen'
import content from './gate.json'

export type Answer = 'yes' | 'no' | 'unsure'
export type Form = 'direct' | 'indirect' | 'living' | 'wait' | 'notsafe'
export type Topic = keyof typeof content.topics
export type Answers = Partial<Record<string, Answer>>

export interface Question {
  id: string
  /** The only answer that does not speak against going there. */
  safe: Answer
  ask: Text
}

export interface Rule {
  /** A question, or "*" for any. */
  when: string
  is: Answer
  form: Form
  talk: Topic[]
  reason: Text
}

export interface Gate {
  questions: Question[]
  /** The first that holds says the form; the reasons of all that hold are given. */
  rules: Rule[]
  forms: Record<Form, { title: Text; means: Text; talk: Topic[] }>
  topics: Record<Topic, Text>
}

export interface Outcome {
  /** Nothing while questions are open and none of the answers forbids contact. */
  form?: Form
  reasons: Text[]
  /** Whom to talk it over with, the first to ask first. */
  talk: Topic[]
  /** How many questions are still open. */
  open: number
}

export const gate = content as Gate

export function outcome(answers: Answers, content: Gate = gate): Outcome {
  const { questions, rules, forms } = content
  const form = formOf(answers, content)
  const holds = rules.filter((rule) => held(rule, answers, questions))
  // The general reason is for answers that have none of their own.
  const own = new Set(holds.map(({ when }) => when))
  const said = holds.filter(
    ({ when, is }) => when !== '*' || questions.some(({ id }) => answers[id] === is && !own.has(id)),
  )
  const talk = new Set([...said, ...(form ? [forms[form]] : [])].flatMap((one) => one.talk))
  const open = questions.filter(({ id }) => !answers[id]).length
  return { form, reasons: said.map(({ reason }) => reason), talk: [...talk], open }
}

/** The form alone. Nothing while questions are open, unless an answer already makes any contact unsafe. */
export function formOf(answers: Answers, { questions, rules }: Gate = gate): Form | undefined {
  const first = rules.find((rule) => held(rule, answers, questions))?.form
  if (first === 'notsafe') return first
  let clear = true
  for (const { id, safe } of questions) {
    const answer = answers[id]
    if (!answer) return undefined
    if (answer !== safe) clear = false
  }
  if (clear && !first) return 'direct'
  return first && first !== 'direct' ? first : 'wait'
}

function held({ when, is }: Rule, answers: Answers, questions: Question[]): boolean {
  return when === '*' ? questions.some(({ id }) => answers[id] === is) : answers[when] === is
}
