import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'svelte/compiler'
import { expect, test } from 'vitest'
import { labels } from '../editor/labels'
import { kinds, ofStep, type Schema } from '../editor/schema'
import { exercises } from './registry'

// What somebody who adds an exercise has to think of, besides its Go file, its Svelte file and a line in each registry.

const root = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../facilitator/programmes/programme.schema.json'), 'utf8'),
) as Schema
const source = join(import.meta.dirname, '..')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(?<!\.test)\.svelte$/.test(file),
)

test('every kind of step has a line in the registry, and a file for each seat', () => {
  expect(Object.keys(exercises).sort()).toEqual(kinds(root).sort())
  for (const name of Object.values(exercises))
    for (const seat of ['', 'Lead', 'Stage'])
      expect(files).toContain(join('exercises', `${name}${seat}.svelte`))
})

test('the editor has words for every kind, field and choice', () => {
  const said = { kinds: new Set(kinds(root)), fields: new Set<string>(), values: new Set<string>() }
  JSON.stringify([root.properties, root.$defs], (key, value: Schema) => {
    if (key === 'properties') for (const field of Object.keys(value)) said.fields.add(field)
    for (const one of value?.enum ?? []) said.values.add(one)
    return value
  })
  // What no form shows: the editor sees to it by itself, or it has a form of its own.
  for (const field of ['id', 'with', 'steps']) said.fields.delete(field)
  for (const kind of ofStep(root).kind?.enum ?? []) said.values.delete(kind)
  for (const [which, names] of Object.entries(said))
    expect.soft([...names].filter((name) => !(name in labels[which as keyof typeof labels]))).toEqual([])
})

test('what a screen says stands in the messages, in each language', () => {
  const spoken = ['aria-label', 'alt', 'title', 'placeholder', 'label', 'hint']
  const found: string[] = []
  for (const file of files) {
    const look = (node: unknown): void => {
      if (Array.isArray(node)) return node.forEach(look)
      if (typeof node !== 'object' || node === null) return
      const { type, data, name, value } = node as Record<string, unknown>
      if (type === 'StyleDirective') return
      if (type === 'Attribute') return spoken.includes(name as string) ? look(value) : undefined
      const words = type === 'Text' ? (data as string).trim() : ''
      if (/\p{L}{2}/u.test(words) && words !== 'Mend') found.push(`${file}: ${words}`)
      for (const inside of Object.values(node)) look(inside)
    }
    look(parse(readFileSync(join(source, file), 'utf8'), { modern: true }).fragment)
  }
  expect(found).toEqual([])
})
