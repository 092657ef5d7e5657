// A calendar file as RFC 5545 has it, made on the device: days without a time, each once or again and again.

export interface Entry {
  /** Stays the same from file to file, so that a calendar replaces what it had. */
  id: string
  title: string
  about?: string
  /** The first day, as YYYY-MM-DD. */
  day: string
  every?: { unit: 'week' | 'month'; times: number }
}

/** The whole file. The moment is that of its making. */
export function calendar(entries: Entry[], made: Date): string {
  const stamp = made.toISOString().replace(/[-:]|\.\d+/g, '')
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Mend//Commitments//EN',
    'CALSCALE:GREGORIAN',
    ...entries.flatMap((entry) => event(entry, stamp)),
    'END:VCALENDAR',
  ]
  return lines.map(fold).join('\r\n') + '\r\n'
}

function event({ id, title, about, day, every }: Entry, stamp: string): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${id}@mend.invalid`,
    `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${day.replaceAll('-', '')}`,
    `SUMMARY:${escaped(title)}`,
    ...(about ? [`DESCRIPTION:${escaped(about)}`] : []),
    ...(every ? [rule(day, every)] : []),
    'CLASS:PRIVATE',
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ]
}

function rule(day: string, { unit, times }: NonNullable<Entry['every']>): string {
  if (unit === 'week') return `RRULE:FREQ=WEEKLY;COUNT=${times}`
  // A month without that day would be left out: its last day stands in.
  const date = Number(day.slice(8))
  const days = date <= 28 ? [] : Array.from({ length: date - 27 }, (_, i) => 28 + i)
  const last = days.length ? `;BYMONTHDAY=${days.join(',')};BYSETPOS=-1` : ''
  return `RRULE:FREQ=MONTHLY${last};COUNT=${times}`
}

/** Text as section 3.3.11 has it. */
function escaped(text: string): string {
  return text
    .replace(/\\/g, '\\\\')
    .replace(/[;,]/g, '\\$&')
    .replace(/\r\n?|\n/g, '\\n')
    .replace(/[\p{Cc}]/gu, '')
}

/** No line is longer than 75 octets (section 3.1), and no character is torn apart. */
function fold(line: string): string {
  let folded = ''
  let width = 0
  for (const character of line) {
    const octets = new TextEncoder().encode(character).length
    if (width + octets > 75) {
      folded += '\r\n '
      width = 1
    }
    folded += character
    width += octets
  }
  return folded
}
