import { expect, test } from 'vitest'
import { keepsake } from './keepsake'
import type { Everyone, Own } from './wire.gen'

const everyone = {
  session: { title: { en: 'A workshop' } },
  agenda: {
    out: { order: 2, kind: 'checkin', title: { en: 'Check-out' } },
    in: { order: 1, kind: 'checkin', title: { en: 'Check-in' } },
    hello: { order: 0, kind: 'welcome', title: { en: 'Welcome' } },
    skipped: { order: 3, kind: 'checkin', title: { en: 'Another' } },
  },
  people: { me: { alias: 'Wren' }, ana: { alias: 'Ana' } },
  step: { id: 'out', kind: 'checkin' },
} as unknown as Everyone

const own = {
  exercise: { reading: 4, label: { en: 'Mostly steady' } },
  kept: { in: { reading: 2, label: { en: 'Hard' }, word: 'tired' }, hello: { in: true }, skipped: {} },
} as unknown as Own

test('holds one’s own answers in their order, whom to call, and nobody else', () => {
  const lines = [{ name: 'Line', call: '988', text: '988', say: 'HELLO', web: 'https://example.org' }]
  const text = keepsake(everyone, own, lines, { pick: (words) => words?.en ?? '', date: '21 November' })
  expect(text).toBe(
    'A workshop\n21 November\n\nCheck-in\nHard · tired\n\nCheck-out\nMostly steady\n\n' +
      'If you need somebody\nLine: Call 988 · Text HELLO to 988 · https://example.org\n',
  )
})

test('holds what was shared without names only where the group agreed to it', () => {
  const pick = (words?: Record<string, string>) => words?.en ?? ''
  const kept = { ...everyone, kept: ['One share.', 'Another,\nof two lines.'] }
  expect(keepsake(kept, own, [], { pick, date: '' })).toContain(
    'What was shared without names\n\nOne share.\n\n* * *\n\nAnother,\nof two lines.',
  )
  expect(keepsake(everyone, own, [], { pick, date: '' })).not.toContain('without names')
})
