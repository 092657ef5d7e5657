// What a person takes home: their own words and readings, put together on their device. Nothing of
// it is sent anywhere.

import type { Line } from './care'
import type { CheckInOwn, Everyone, Own, Text } from './wire.gen'
import { m } from './paraglide/messages'

interface Wording {
  pick(text: Text | undefined): string
  date: string
}

/** The text of the file: title, day, one's own answers by step, and whom to call. */
export function keepsake(everyone: Everyone, own: Own, lines: Line[], { pick, date }: Wording): string {
  const parts = [
    `${pick(everyone.session.title)}\n${date}`,
    ...answers(everyone, own, pick),
    ...shares(everyone),
  ]
  const numbers = lines.map((line) => `${line.name}: ${ways(line).join(' · ')}`)
  return [...parts, `${m.keep_numbers()}\n${numbers.join('\n')}`].join('\n\n') + '\n'
}

function ways(line: Line): string[] {
  return [
    line.call && m.crisis_call({ number: line.call }),
    line.text && m.crisis_text({ number: line.text, word: line.say ?? '' }),
    line.web,
  ].filter((way): way is string => Boolean(way))
}

function answers(everyone: Everyone, own: Own, pick: Wording['pick']): string[] {
  const mine: Record<string, unknown> = { ...own.kept }
  if (everyone.step && own.exercise) mine[everyone.step.id] = own.exercise
  return Object.entries(everyone.agenda)
    .sort(([, a], [, b]) => a.order - b.order)
    .filter(([id, step]) => step.kind === 'checkin' && (mine[id] as CheckInOwn | undefined)?.reading)
    .map(([id, step]) => {
      const { reading, label, word } = mine[id] as CheckInOwn
      return `${pick(step.title)}\n${[pick(label) || String(reading), word].filter(Boolean).join(' · ')}`
    })
}

/** What the group shared without names, where it agreed that everybody may keep it. */
function shares({ kept }: Everyone): string[] {
  return kept?.length ? [`${m.keep_shares()}\n\n${kept.join('\n\n* * *\n\n')}`] : []
}

/** Saves a text as a file of this device. */
export function save(text: string, name: string, type = 'text/plain') {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
