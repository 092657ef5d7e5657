import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { seen } from '../../test/room'
import { language } from '../locale.svelte'
import { m } from '../paraglide/messages'
import Stage from './Stage.svelte'

let stage: object | undefined

beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  localStorage.clear()
})

afterEach(async () => {
  if (stage) await unmount(stage)
  language.choose('en')
  localStorage.clear()
  vi.unstubAllGlobals()
})

function enter() {
  document.body.replaceChildren()
  stage = mount(Stage, { target: document.body })
  flushSync()
}

test('a wall without a line and without a session has the crisis line of its language', () => {
  const line = { name: 'Línea de aquí', text: '555-0100', say: 'HOLA' }
  localStorage.setItem('care:es', JSON.stringify([line, { name: 'Otra', call: '555-0111' }]))
  enter()
  expect(seen()).toContain(`${m.crisis_988()}${m.crisis_call({ number: '988' })}`.replace(/\s+/g, ' '))
  language.choose('es')
  flushSync()
  expect(seen()).toContain('Línea de aquí')
  expect(seen()).toContain(m.crisis_text({ number: '555-0100', word: 'HOLA' }))
  expect(seen()).not.toContain('555-0111')
})

test("the operator's line takes the place of the built-in one as soon as it is fetched", async () => {
  const lines = [{ name: 'A line here', web: 'help.example' }]
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ lines }))))
  enter()
  await vi.waitFor(() => expect(seen()).toContain('A line herehelp.example'))
})
