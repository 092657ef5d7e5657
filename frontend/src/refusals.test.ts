import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { wording, words } from './refusals'
import { language } from './locale.svelte'

// Refusals that only programs and operators meet: what is posted to a bowl is made by the page, which
// says in its own words what became of it.
const NOT_FOR_PEOPLE = new Set([
  ...['empty_programme', 'frame', 'not_yours', 'no_bowl', 'bowl_identified', 'bowl_other_session'],
  ...['bowl_body_form', 'bowl_body_long', 'bowl_body_short', 'bowl_not_text', 'bowl_share_key'],
  ...['bowl_not_poured', 'bowl_signature', 'bowl_signature_form', 'bowl_slot_taken', 'bowl_token_spent'],
])

const root = join(import.meta.dirname, '..', '..')

function reasons(folder: string): string[] {
  const files = readdirSync(join(root, folder)).filter((name) => /(?<!_test)\.go$/.test(name))
  return files.flatMap((name) => {
    const source = readFileSync(join(root, folder, name), 'utf8')
    return [...source.matchAll(/\brefuse\([\w.]+, "(\w+)"/g)].map((match) => match[1]!)
  })
}

test('every refusal a person may meet has words in their language', () => {
  const all = ['facilitator', 'realtime', 'server'].flatMap(reasons)
  expect(all.length).toBeGreaterThan(40)
  expect(all.filter((reason) => !(reason in words) && !NOT_FOR_PEOPLE.has(reason))).toEqual([])
})

test('the words follow the language; an unknown reason keeps the server’s', () => {
  language.choose('es')
  const refusal = { code: 'conflict', reason: 'passage_taken', message: 'Somebody was quicker.' } as const
  expect(wording(refusal)).toContain('Elige otro')
  expect(wording({ ...refusal, reason: 'brand_new' })).toBe('Somebody was quicker.')
  language.choose('en')
})
