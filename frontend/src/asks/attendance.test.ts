import { expect, test } from 'vitest'
import { pageText } from '../device/page'
import { attendancePage, hours } from './attendance'

test('hours go by quarters', () => {
  expect([0, 7, 8, 75, 120].map(hours)).toEqual(['0', '0', '0.25', '1.25', '2'])
})

test('the page names what there was, together, and leaves room to sign', () => {
  const one = {
    id: 'a',
    day: '2031-05-05',
    what: 'Peer specialists',
    minutes: 120,
    practised: ['Leave a door open.'],
  }
  const text = pageText(
    'Hours',
    attendancePage({ name: 'R. Vega', sessions: [one, { ...one, id: 'b', minutes: 75 }] }),
    '',
  )
  for (const said of [
    'R. Vega',
    'May 5, 2031, 2 hours',
    '– Leave a door open.',
    'Together: 3.25 hours',
    '____',
  ])
    expect(text).toContain(said)
})
