import { describe, expect, test } from 'vitest'
import { calendar, type Entry } from './calendar'
import { blankCommitments, commitmentsPage, entries, type Commitments } from './commitments'
import { amount, isDay, monthsOn, repayment, weekdayFrom } from './repay'

describe('a repayment plan', () => {
  test.each([
    ['400', 40_000],
    ['$ 1,200.50', 120_050],
    ['1.200,50 €', 120_050],
    ['1,200', 120_000],
    ['1.200', 120_000],
    ['12,5', 1_250],
    ['1.234.567', 123_456_700],
    ['1,234,567.8', 123_456_780],
    ['', null],
    ['nothing', null],
    ['0', null],
    ['-50', null],
  ])('%j is %j hundredths', (typed, hundredths) => expect(amount(typed)).toBe(hundredths))

  test.each([
    [100_000, 25_000, '2026-01-15', { months: 4, last: 25_000, ends: '2026-04-15' }],
    [100_000, 30_000, '2026-01-31', { months: 4, last: 10_000, ends: '2026-04-30' }],
    [5_000, 30_000, '2026-02-01', { months: 1, last: 5_000, ends: '2026-02-01' }],
    [1, 1, '2024-02-29', { months: 1, last: 1, ends: '2024-02-29' }],
    [6_000_100, 10_000, '2026-01-01', null], // more than fifty years
    [100_000, null, '2026-01-01', null],
    [100_000, 1_000, '2026-02-30', null],
  ])('%j by %j a month from %s', (owed, monthly, from, plan) => {
    expect(repayment(owed, monthly, from)).toEqual(plan)
  })

  test('pays what is owed, to the last hundredth', () => {
    for (let owed = 1; owed < 4000; owed += 7)
      for (const monthly of [1, 3, 50, 99, 1000, 5000]) {
        const plan = repayment(owed, monthly, '2026-01-31')
        if (!plan) continue
        expect(plan.last).toBeGreaterThan(0)
        expect(plan.last).toBeLessThanOrEqual(monthly)
        expect(monthly * (plan.months - 1) + plan.last).toBe(owed)
      }
  })

  test('days', () => {
    expect(monthsOn('2026-01-31', 1)).toBe('2026-02-28')
    expect(monthsOn('2026-11-30', 3)).toBe('2027-02-28')
    expect(weekdayFrom('2026-11-22', 0)).toBe('2026-11-22') // a Sunday
    expect(weekdayFrom('2026-11-22', 6)).toBe('2026-11-28')
    expect([isDay('2026-13-01'), isDay('2026-02-29'), isDay('2028-02-29'), isDay('')]).toEqual([
      false,
      false,
      true,
      false,
    ])
  })
})

// Reads a file as RFC 5545 says, and refuses what it does not allow.
function parse(file: string): Record<string, string>[] {
  expect(file.endsWith('\r\n')).toBe(true)
  expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  for (const line of file.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
  const lines = file.replaceAll('\r\n ', '').split('\r\n').slice(0, -1)
  expect(lines.slice(0, 4)).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Mend//Commitments//EN',
    'CALSCALE:GREGORIAN',
  ])
  expect(lines.at(-1)).toBe('END:VCALENDAR')
  const events: Record<string, string>[] = []
  let event: Record<string, string> | null = null
  for (const line of lines.slice(4, -1)) {
    const [, name, parameters, value] = /^([A-Z-]+)((?:;[A-Z-]+=[^:;]+)*):(.*)$/.exec(line)!
    if (name === 'BEGIN') {
      expect([value, event]).toEqual(['VEVENT', null])
      event = {}
    } else if (name === 'END') {
      expect(value).toBe('VEVENT')
      events.push(event!)
      event = null
    } else {
      expect(event![name!]).toBeUndefined()
      event![name!] = `${parameters}${unescaped(value!)}`
    }
  }
  expect(event).toBeNull()
  for (const one of events) {
    expect(one.UID).toMatch(/^\S+@\S+$/)
    expect(one.DTSTAMP).toMatch(/^\d{8}T\d{6}Z$/)
    expect(one.DTSTART).toMatch(/^;VALUE=DATE\d{8}$/)
    expect(one.SUMMARY).toBeTruthy()
    if (one.RRULE)
      expect(one.RRULE).toMatch(/^FREQ=(WEEKLY|MONTHLY(;BYMONTHDAY=[\d,]+;BYSETPOS=-1)?);COUNT=\d+$/)
  }
  expect(new Set(events.map(({ UID }) => UID)).size).toBe(events.length)
  return events
}

function unescaped(text: string): string {
  expect(text.replace(/\\[\\;,n]/g, '')).not.toContain('\\')
  return text.replace(/\\([\\;,n])/g, (_, mark) => (mark === 'n' ? '\n' : mark))
}

const made = new Date('2026-11-22T03:04:05.678Z')

test('a calendar file is what the RFC asks for, to the letter', () => {
  const file = calendar(
    [{ id: 'a', title: 'Call my brother', about: 'Trust; and time', day: '2026-12-01' }],
    made,
  )
  expect(file.split('\r\n')).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Mend//Commitments//EN',
    'CALSCALE:GREGORIAN',
    'BEGIN:VEVENT',
    'UID:a@mend.invalid',
    'DTSTAMP:20261122T030405Z',
    'DTSTART;VALUE=DATE:20261201',
    'SUMMARY:Call my brother',
    'DESCRIPTION:Trust\\; and time',
    'CLASS:PRIVATE',
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ])
})

test('whatever is written, the lines are folded and come back whole', () => {
  const titles = [
    'x'.repeat(300),
    'ñandú '.repeat(40).trim(),
    '\u{1f426}'.repeat(60),
    'a\\b;c,d\nBEGIN:VEVENT\r\nSUMMARY:another',
    `${'é'.repeat(33)}\u{1f469}\u200d\u{1f33e}`,
    'tab\tand bell\u0007',
  ]
  const all = titles.map((title, i): Entry => ({ id: `e${i}`, title, about: title, day: '2026-12-01' }))
  const read = parse(calendar(all, made))
  expect(read).toHaveLength(titles.length)
  read.forEach(({ SUMMARY, DESCRIPTION }, i) => {
    const plain = titles[i]!.replaceAll('\r\n', '\n').replace(/[\t\u0007]/g, '')
    expect([SUMMARY, DESCRIPTION]).toEqual([plain, plain])
  })
})

test.each([
  ['2026-12-01', 'week', 12, 'FREQ=WEEKLY;COUNT=12'],
  ['2026-12-01', 'month', 8, 'FREQ=MONTHLY;COUNT=8'],
  ['2026-12-28', 'month', 8, 'FREQ=MONTHLY;COUNT=8'],
  ['2026-12-30', 'month', 3, 'FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;COUNT=3'],
  ['2026-12-31', 'month', 3, 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=3'],
] as const)('from %s every %s, %d times', (day, unit, times, rule) => {
  expect(parse(calendar([{ id: 'a', title: 'x', day, every: { unit, times } }], made))[0]!.RRULE).toBe(rule)
})

const mine: Commitments = {
  ...blankCommitments(),
  pledges: [
    { id: 'p1', what: 'Take Leo to school', by: '2026-12-01', repairs: 'mornings I was not there' },
    { id: 'p2', what: 'No day yet', by: '', repairs: '' },
    { id: 'p3', what: ' ', by: '2026-12-01', repairs: 'nothing said' },
  ],
  debts: [{ id: 'd1', to: 'My sister', owed: '1,000', monthly: '300', from: '2026-12-31' }],
  habits: [{ id: 'h1', what: 'Cook on Sunday', weekday: 0, from: '2026-11-23', weeks: 12 }],
}

test('what can be put on a day is in the file; the last payment is a day of its own', () => {
  expect(
    parse(calendar(entries(mine), made)).map(({ UID, DTSTART, RRULE }) => [UID, DTSTART, RRULE]),
  ).toEqual([
    ['p1@mend.invalid', ';VALUE=DATE20261201', undefined],
    ['d1@mend.invalid', ';VALUE=DATE20261231', 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=3'],
    ['d1-last@mend.invalid', ';VALUE=DATE20270331', undefined],
    ['h1@mend.invalid', ';VALUE=DATE20261129', 'FREQ=WEEKLY;COUNT=12'],
  ])
})

test('without one’s own words the file holds none of them', () => {
  const file = calendar(entries({ ...mine, words: false }), made)
  for (const word of ['Leo', 'school', 'mornings', 'sister', '300', 'Cook']) expect(file).not.toContain(word)
  expect(calendar(entries(mine), made)).toContain('Leo')
})

test('the page says all of it in words', () => {
  const text = commitmentsPage(mine)
    .parts.map(({ text }) => text)
    .join('\n')
  for (const words of [
    'Take Leo to school',
    'mornings',
    'No day yet',
    'My sister: 1,000',
    '4',
    '100',
    'Cook on Sunday',
  ])
    expect(text).toContain(words)
  expect(text).not.toContain('nothing said')
})
