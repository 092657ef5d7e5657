import { expect, test } from 'vitest'
import { formOf, gate, outcome, type Answer, type Answers, type Form, type Gate } from './gate'

const safe = (): Answers => Object.fromEntries(gate.questions.map(({ id, safe }) => [id, safe]))
const given = [undefined, 'yes', 'no', 'unsure'] as const

test('over all combinations of answers, direct is only suggested where each one is the safe one', () => {
  const ids = gate.questions.map(({ id }) => id)
  const only = ids.map((_, i) => given.indexOf(gate.questions[i]!.safe))
  const counts: Partial<Record<Form | 'open', number>> = {}
  const answers: Answers = {}
  const at = ids.map(() => 0)
  for (;;) {
    const form = formOf(answers)
    const all = at.every((n, i) => n === only[i])
    if ((form === 'direct') !== all) throw new Error(`${JSON.stringify(answers)} gives ${form}`)
    if (answers.order === 'yes' || answers.abuse === 'yes') {
      if (form !== 'notsafe') throw new Error(`${JSON.stringify(answers)} gives ${form}`)
    }
    counts[form ?? 'open'] = (counts[form ?? 'open'] ?? 0) + 1
    let i = 0
    // The next combination, as a counter goes on.
    while (i < at.length) {
      at[i] = (at[i]! + 1) % given.length
      answers[ids[i]!] = given[at[i]!]
      if (at[i] !== 0) break
      i++
    }
    if (i === at.length) break
  }
  expect(counts.direct).toBe(1)
  expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(4 ** ids.length)
  for (const form of ['direct', 'indirect', 'living', 'wait', 'notsafe', 'open'] as const)
    expect(counts[form], form).toBeGreaterThan(0)
}, 60_000)

test.each<[string, Answer, Form]>([
  ['order', 'yes', 'notsafe'],
  ['order', 'unsure', 'wait'],
  ['abuse', 'yes', 'notsafe'],
  ['abuse', 'unsure', 'wait'],
  ['wish', 'yes', 'living'],
  ['wish', 'unsure', 'wait'],
  ['reach', 'no', 'indirect'],
  ['them', 'yes', 'indirect'],
  ['third', 'yes', 'indirect'],
  ['worn', 'yes', 'living'],
  ['me', 'yes', 'wait'],
  ['me', 'unsure', 'wait'],
  ['steady', 'no', 'wait'],
  ['calls', 'no', 'wait'],
  ['talked', 'no', 'wait'],
])(
  'all else safe, %s answered %s leads to %s, with a reason and somebody to talk to',
  (question, answer, form) => {
    const { form: found, reasons, talk, open } = outcome({ ...safe(), [question]: answer })
    expect([found, reasons.length, open]).toEqual([form, 1, 0])
    expect(talk.length).toBeGreaterThan(0)
  },
)

test('before direct, there is somebody to talk it over with', () => {
  expect(outcome(safe())).toMatchObject({ form: 'direct', reasons: [], talk: ['sponsor', 'counselling'] })
})

test('what forbids contact for good goes before what asks to wait, and all reasons are given', () => {
  const { form, reasons } = outcome({ ...safe(), reach: 'no', steady: 'no', calls: 'unsure' })
  expect(form).toBe('indirect')
  expect(reasons).toHaveLength(3)
})

test('no form is suggested while a question is open, unless contact is unsafe already', () => {
  expect(outcome({})).toMatchObject({ form: undefined, open: gate.questions.length })
  expect(outcome({ abuse: 'yes' })).toMatchObject({ form: 'notsafe', open: gate.questions.length - 1 })
})

test('a careless content file cannot make it say direct', () => {
  const careless: Gate = {
    ...gate,
    rules: gate.questions.flatMap(({ id }) =>
      (['yes', 'no', 'unsure'] as const).map((is) => ({
        ...gate.rules[0]!,
        when: id,
        is,
        form: 'direct' as const,
      })),
    ),
  }
  for (const { id, safe: good } of gate.questions)
    for (const answer of ['yes', 'no', 'unsure'] as const)
      if (answer !== good) expect(outcome({ ...safe(), [id]: answer }, careless).form).toBe('wait')
  expect(outcome({ ...safe(), order: 'yes' }, { ...gate, rules: [] }).form).toBe('wait')
})

test('every text is there in both languages, and every question that a rule names exists', () => {
  const ids = new Set(['*', ...gate.questions.map(({ id }) => id)])
  for (const rule of gate.rules) expect(ids).toContain(rule.when)
  const texts = [
    ...gate.questions.map(({ ask }) => ask),
    ...gate.rules.map(({ reason }) => reason),
    ...Object.values(gate.forms).flatMap(({ title, means }) => [title, means]),
    ...Object.values(gate.topics),
  ]
  for (const text of texts) expect(Object.keys(text).sort()).toEqual(['en', 'es'])
})
