import { expect, test } from 'vitest'
import { pageText } from '../device/page'
import { language } from '../locale.svelte'
import { attendancePage, hours, same } from './attendance'

test('hours go by quarters', () => {
  expect([0, 7, 8, 75, 120].map(hours)).toEqual(['0', '0', '0.25', '1.25', '2'])
})

test('the page is in the language it is read in, whichever it was put there in', () => {
  const what = { en: 'Peer specialists', es: 'Especialistas de pares' }
  const session = { id: 'a', day: '2031-05-05', what, minutes: 60, practised: [{ ...what }, 'As it was'] }
  expect(same(what, session.practised[0]!)).toBe(true)
  language.current = 'es'
  const text = pageText('Horas', attendancePage({ name: '', sessions: [session] }), '')
  language.current = 'en'
  for (const said of ['Especialistas de pares\n', '– Especialistas de pares', '– As it was', 'Horas: 1'])
    expect(text).toContain(said)
})

test('the page names what there was, together, and leaves room to sign', () => {
  const one = {
    id: 'a',
    day: '2031-05-05',
    what: { en: 'Peer specialists', es: 'Especialistas de pares' },
    minutes: 120,
    practised: [{ en: 'Leave a door open.', es: 'Dejar una puerta abierta.' }],
  }
  const text = pageText(
    'Hours',
    attendancePage({ name: 'R. Vega', sessions: [one, { ...one, id: 'b', minutes: 75 }] }),
    '',
  )
  for (const said of [
    'R. Vega',
    'May 5, 2031. Hours: 2',
    '– Leave a door open.',
    'Hours in all: 3.25',
    '____',
  ])
    expect(text).toContain(said)
})
