// Which trainings somebody took part in, as they keep it on their own device.

import type { Page } from '../device/page'
import { language } from '../locale.svelte'
import { m } from '../paraglide/messages'
import type { Text } from '../wire.gen'

/** In every language it was written in: whoever asks for the hours may read another one. */
type Said = Text | string

export interface Attendance {
  name: string
  sessions: { id: string; day: string; what: Said; minutes: number; practised: Said[] }[]
}

export const ATTENDANCE = 'attendance'
export const blankAttendance = (): Attendance => ({ name: '', sessions: [] })

const pick = (said: Said) => (typeof said === 'string' ? said : language.pick(said))

export const same = (a: Said, b: Said) => JSON.stringify(a) === JSON.stringify(b)

/** Minutes as hours, to the quarter. */
export function hours(minutes: number): string {
  return (Math.round(minutes / 15) / 4).toLocaleString(language.current)
}

export function attendancePage({ name, sessions }: Attendance): Page {
  const all = sessions.reduce((sum, { minutes }) => sum + minutes, 0)
  return {
    parts: [
      { heading: m.attended_name(), text: name },
      ...sessions.map(({ day, what, minutes, practised }) => ({
        heading: pick(what),
        text: [
          m.attended_line({
            day: new Date(`${day}T00:00:00Z`).toLocaleDateString(language.current, {
              dateStyle: 'long',
              timeZone: 'UTC',
            }),
            hours: hours(minutes),
          }),
          ...practised.map((one) => `– ${pick(one)}`),
        ].join('\n'),
      })),
      ...(sessions.length
        ? [{ text: m.attended_all({ hours: hours(all) }) }, { text: m.attended_sign() }]
        : []),
    ],
  }
}
