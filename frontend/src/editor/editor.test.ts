import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from '../api'
import type { Refusal } from '../wire.gen'
import { at, freeName, moved, named, put, type Fields } from './draft'
import spanish from './hints.es.json'
import { blank, kinds, ofKind, type Schema } from './schema'
import { Work, type Copy } from './work.svelte'

const root = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../facilitator/programmes/programme.schema.json'), 'utf8'),
) as Schema

test('every hint of the schema is there in Spanish, and none that nobody reads', () => {
  const said = new Set<string>()
  JSON.stringify(root, (key, value: unknown) => {
    if (key === 'description' && typeof value === 'string') said.add(value)
    return value
  })
  expect(Object.keys(spanish).sort()).toEqual([...said].sort())
  expect(Object.entries(spanish).filter(([english, words]) => !words.trim() || words === english)).toEqual([])
})

describe('a draft', () => {
  const draft: Fields = { steps: [{ id: 'a', say: { en: 'Hello' } }, { id: 'b' }] }

  test('is never changed in place', () => {
    const changed = put(draft, ['steps', 0, 'say', 'es'], 'Hola') as Fields
    expect(at(changed, ['steps', 0, 'say'])).toEqual({ en: 'Hello', es: 'Hola' })
    expect(at(draft, ['steps', 0, 'say'])).toEqual({ en: 'Hello' })
    expect(at(changed, ['steps', 1])).toBe(at(draft, ['steps', 1]))
  })

  test('loses what is taken away, in lists and in fields', () => {
    expect(put(draft, ['steps', 0], undefined)).toEqual({ steps: [{ id: 'b' }] })
    expect(at(put(draft, ['steps', 0, 'say'], undefined), ['steps', 0])).toEqual({ id: 'a' })
  })

  test('names its places as the server does', () => {
    expect(named(['steps', 2, 'with', 'cards', 0, 'text', 'es'])).toBe('steps[2].with.cards[0].text.es')
  })

  test('a copy of a step gets a name of its own', () => {
    expect(freeName('quiet', ['quiet', 'quiet-2'])).toBe('quiet-3')
    expect(freeName('quiet-2', ['quiet-2'])).toBe('quiet-3')
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
  })
})

test('of every kind there is, an empty one can be made', () => {
  expect(kinds(root).length).toBeGreaterThan(5)
  for (const kind of kinds(root)) {
    const script = ofKind(root, kind)
    expect(script, kind).toBeDefined()
    const made = blank(script!, ['en', 'es']) as Fields
    for (const key of script!.required ?? []) expect(made[key], `${kind}.${key}`).toBeDefined()
  }
})

describe('the work on a programme', () => {
  const programme: Fields = {
    title: { en: 'One' },
    languages: ['en'],
    minutes: 5,
    size: { from: 4, to: 20 },
    steps: [{ id: 'a', kind: 'quiet', minutes: 5 }],
  }
  const posts: { path: string; body: Record<string, unknown> }[] = []
  let refusal: Refusal | null
  let stored: Copy

  const desk = {
    get: async <T>(): Promise<Answer<T>> => ({ ok: stored as T }),
    post: async <T>(path: string, body?: unknown): Promise<Answer<T>> => {
      posts.push({ path, body: body as Record<string, unknown> })
      if (path.endsWith('/check')) return { ok: { mistakes: [], times: {} } as T }
      if (refusal) return { refusal }
      return { ok: { id: 'copy', revision: 2, saved: 9 } as T }
    },
  }
  const begin = () => new Work(desk, { id: 'x', revision: 1, saved: 1, programme })
  const saves = () => posts.filter(({ path }) => path === '/api/programmes/x')

  beforeEach(() => {
    vi.useFakeTimers()
    posts.length = 0
    refusal = null
    stored = { id: 'x', revision: 7, saved: 7, programme }
  })
  afterEach(() => {
    vi.useRealTimers()
    localStorage.clear()
  })

  test('is saved once one rests, and words typed together are one step back', async () => {
    const work = begin()
    for (const title of ['T', 'Tw', 'Two']) work.set(['title', 'en'], title)
    expect(work.standing).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(saves().map(({ body }) => body.revision)).toEqual([1])
    expect(work.standing).toBe('saved')
    expect(localStorage.getItem('programme:x')).toBeNull()
    work.undo()
    expect(work.at(['title', 'en'])).toBe('One')
    work.redo()
    expect(work.at(['title', 'en'])).toBe('Two')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(saves().map(({ body }) => body.revision)).toEqual([1, 2])
  })

  test('what is put, moved or taken away at once is a step back each, and so is what is typed after one', () => {
    const work = begin()
    const ids = () => work.steps.map(({ id }) => id)
    work.insert(['steps'], 1, { id: 'b', kind: 'quiet', minutes: 1 })
    work.move(['steps'], 1, 0)
    work.set(['steps', 0], undefined)
    work.undo()
    expect(ids()).toEqual(['b', 'a'])
    work.undo()
    expect(ids()).toEqual(['a', 'b'])
    work.set(['title', 'en'], 'Two')
    work.undo()
    work.set(['title', 'en'], 'Three')
    work.undo()
    expect(work.at(['title', 'en'])).toBe('One')
    expect(ids()).toEqual(['a', 'b'])
  })

  test('the step that is open stays so wherever it goes, and there is always one that can be', () => {
    const work = begin()
    work.insert(['steps'], 1, { id: 'b', kind: 'quiet', minutes: 1 })
    work.look(1)
    work.move(['steps'], 1, 0)
    expect(work.open).toBe(0)
    work.undo()
    expect(work.open).toBe(1)
    work.undo()
    expect(work.open).toBe(0)
  })

  test('keeps the written total right', () => {
    const work = begin()
    work.set(['steps', 0, 'minutes'], 12)
    expect([work.at(['minutes']), work.minutes]).toEqual([12, 12])
  })

  test('what was not saved is there after a reload, and is saved then', async () => {
    refusal = { code: 'internal', reason: 'unreachable', message: '' }
    begin().set(['title', 'en'], 'Kept')
    await vi.advanceTimersByTimeAsync(2_000)
    refusal = null
    const again = begin()
    expect(again.at(['title', 'en'])).toBe('Kept')
    await vi.advanceTimersByTimeAsync(10)
    expect(again.standing).toBe('saved')
    again.undo()
    expect(again.at(['title', 'en'])).toBe('One')
  })

  test('changed elsewhere: nothing is overwritten until somebody chooses', async () => {
    refusal = { code: 'conflict', reason: 'programme_changed', message: '' }
    stored = { ...stored, programme: { ...programme, title: { en: 'Theirs' } } }
    const work = begin()
    work.set(['title', 'en'], 'Mine')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(work.standing).toBe('conflict')
    work.set(['title', 'en'], 'Mine still')
    await vi.advanceTimersByTimeAsync(9_000)
    expect(saves()).toHaveLength(1)
    refusal = null
    work.goOn()
    await vi.advanceTimersByTimeAsync(10)
    expect(saves().at(-1)!.body).toMatchObject({ revision: 7, setAside: true })
    expect(work.standing).toBe('saved')
  })

  test('giving way keeps one’s own as a copy', async () => {
    refusal = { code: 'conflict', reason: 'programme_changed', message: '' }
    stored = { ...stored, programme: { ...programme, title: { en: 'Theirs' } } }
    const work = begin()
    work.set(['title', 'en'], 'Mine')
    await vi.advanceTimersByTimeAsync(2_000)
    refusal = null
    await work.giveWay()
    expect(posts.find(({ path }) => path === '/api/programmes')!.body.programme).toMatchObject({
      title: { en: 'Mine' },
    })
    expect([work.at(['title', 'en']), work.standing]).toEqual(['Theirs', 'saved'])
  })

  test('an answer that got lost is no conflict', async () => {
    refusal = { code: 'conflict', reason: 'programme_changed', message: '' }
    stored = { ...stored, programme: { ...programme, title: { en: 'Mine' } } }
    const work = begin()
    work.set(['title', 'en'], 'Mine')
    await vi.advanceTimersByTimeAsync(2_000)
    expect([work.standing, work.other]).toEqual(['saved', null])
  })
})
