// A repayment plan: what is owed, what is really possible a month, and when it ends. Amounts are whole hundredths.

/** Beyond fifty years a plan is no plan. */
const MOST = 600

export interface Repayment {
  months: number
  /** The last payment, which is often smaller. */
  last: number
  /** The day of the last payment. */
  ends: string
}

/** An amount as people write it, in hundredths: 1,200.50 and 1.200,50 and 400. */
export function amount(typed: string): number | null {
  const bare = typed.replace(/[^\d.,]/g, '')
  if (!/\d/.test(bare) || /-\s*\d/.test(typed)) return null
  const mark = decimalMark(bare)
  const [whole, part = ''] = mark
    ? [bare.slice(0, bare.lastIndexOf(mark)), bare.slice(bare.lastIndexOf(mark) + 1)]
    : [bare]
  const digits = whole!.replace(/[.,]/g, '')
  const hundredths = Number(digits || '0') * 100 + Number(part.padEnd(2, '0'))
  return hundredths > 0 && hundredths <= 1e13 ? hundredths : null
}

// The last of two marks parts the hundredths; a single one does with one or two digits after it.
function decimalMark(bare: string): string | null {
  const last = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','))
  if (last < 0) return null
  const mark = bare[last]!
  const after = bare.length - last - 1
  return bare.split(mark).length === 2 && after >= 1 && after <= 2 ? mark : null
}

/** The plan, or null if nothing can be said yet or it would never end. */
export function repayment(owed: number | null, monthly: number | null, from: string): Repayment | null {
  if (!owed || !monthly || !isDay(from)) return null
  const months = Math.ceil(owed / monthly)
  if (months > MOST) return null
  return { months, last: owed - monthly * (months - 1), ends: monthsOn(from, months - 1) }
}

export function isDay(day: string): boolean {
  const at = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day)
  return at !== null && dayOf(new Date(`${day}T00:00:00Z`)) === day
}

/** The same day some months on, or the last day of that month where it has no such day. */
export function monthsOn(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return dayOf(new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))))
}

/** The first such weekday (0 is Sunday) from a day on. */
export function weekdayFrom(day: string, weekday: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + ((weekday - at.getUTCDay() + 7) % 7))
  return dayOf(at)
}

export function dayOf(at: Date): string {
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10)
}
