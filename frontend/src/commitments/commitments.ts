// What a page of commitments holds. Plain JSON, for the device alone.

import type { Page, Part } from '../device/page'
import { language } from '../locale.svelte'
import { m } from '../paraglide/messages'
import type { Entry } from './calendar'
import { amount, isDay, monthsOn, repayment, weekdayFrom } from './repay'

export interface Pledge {
  id: string
  what: string
  by: string
  repairs: string
}

export interface Debt {
  id: string
  to: string
  owed: string
  monthly: string
  from: string
}

export interface Habit {
  id: string
  what: string
  /** 0 is Sunday. */
  weekday: number
  from: string
  weeks: number
}

export interface Commitments {
  pledges: Pledge[]
  debts: Debt[]
  habits: Habit[]
  /** Whether a calendar file holds one's own words. */
  words: boolean
}

export const NAME = 'commitments'

export function blankCommitments(): Commitments {
  return { pledges: [], debts: [], habits: [], words: true }
}

export const newPledge = (): Pledge => ({ id: newID(), what: '', by: '', repairs: '' })
export const newDebt = (from: string): Debt => ({ id: newID(), to: '', owed: '', monthly: '', from })
export const newHabit = (from: string, weekday: number): Habit => ({
  id: newID(),
  what: '',
  weekday,
  from,
  weeks: 12,
})

function newID(): string {
  return [...crypto.getRandomValues(new Uint8Array(9))]
    .map((byte) => byte.toString(36).padStart(2, '0'))
    .join('')
}

export function planOf({ owed, monthly, from }: Debt) {
  return repayment(amount(owed), amount(monthly), from)
}

/** A day in the words of the screen's language. */
export function dayWords(day: string, style: Intl.DateTimeFormatOptions = { dateStyle: 'long' }): string {
  if (!isDay(day)) return ''
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(language.current, { ...style, timeZone: 'UTC' })
}

export function money(hundredths: number): string {
  const digits = hundredths % 100 === 0 ? 0 : 2
  const style = { minimumFractionDigits: digits, maximumFractionDigits: 2 }
  return (hundredths / 100).toLocaleString(language.current, style)
}

export function weekdays(): string[] {
  // The first of June 2025 was a Sunday.
  return Array.from({ length: 7 }, (_, day) => dayWords(`2025-06-0${day + 1}`, { weekday: 'long' }))
}

/** What a plan says in a sentence. */
export function planWords(debt: Debt): string {
  const plan = planOf(debt)
  const monthly = amount(debt.monthly)
  if (!plan || !monthly) return ''
  const ends = dayWords(plan.ends, { year: 'numeric', month: 'long' })
  if (plan.months === 1) return m.repay_once({ amount: money(plan.last), ends })
  const last = plan.last === monthly ? '' : ` ${m.repay_last({ amount: money(plan.last) })}`
  return m.repay_plan({ months: plan.months, amount: money(monthly), ends }) + last
}

export function commitmentsPage({ pledges, debts, habits }: Commitments): Page {
  const days = weekdays()
  const promised = pledges
    .filter(({ what }) => what.trim())
    .map(({ what, by, repairs }): Part => {
      const more = [
        isDay(by) && m.pledge_by_day({ day: dayWords(by) }),
        repairs.trim() && m.pledge_repairs_what({ what: repairs.trim() }),
      ]
      return { heading: m.pledge_heading(), text: [what.trim(), ...more.filter(Boolean)].join('\n') }
    })
  const owed = debts
    .filter(({ to, owed }) => to.trim() || owed.trim())
    .map((debt): Part => {
      const sum = amount(debt.owed)
      const text = [`${debt.to.trim()}${sum ? `: ${money(sum)}` : ''}`, planWords(debt)]
      return { heading: m.repay_heading(), text: text.filter(Boolean).join('\n') }
    })
  const weekly = habits
    .filter(({ what }) => what.trim())
    .map(({ what, weekday, weeks }): Part => {
      const when = m.habit_when({ day: days[weekday] ?? '', weeks })
      return { heading: m.habit_heading(), text: `${what.trim()}\n${when}` }
    })
  return { parts: [...promised, ...owed, ...weekly] }
}

/** The entries of the calendar file; without one's own words they say only that there is something. */
export function entries({ pledges, debts, habits, words }: Commitments): Entry[] {
  const say = (own: string, neutral: string) => (words && own.trim() ? own.trim() : neutral)
  return [
    ...pledges
      .filter(({ what, by }) => what.trim() && isDay(by))
      .map(({ id, what, by, repairs }): Entry => {
        const about = words && repairs.trim() ? m.pledge_repairs_what({ what: repairs.trim() }) : undefined
        return { id, title: say(what, m.calendar_pledge()), about, day: by }
      }),
    ...debts.flatMap((debt): Entry[] => {
      const plan = planOf(debt)
      const monthly = amount(debt.monthly)
      if (!plan || !monthly) return []
      const title =
        words && debt.to.trim()
          ? m.calendar_repay({ to: debt.to.trim(), amount: money(monthly) })
          : m.calendar_pledge()
      // The last payment is often another sum: a day of its own.
      const even = plan.last === monthly
      const same = even ? plan.months : plan.months - 1
      const all: Entry[] =
        same > 0 ? [{ id: debt.id, title, day: debt.from, every: { unit: 'month', times: same } }] : []
      if (even) return all
      const last =
        words && debt.to.trim()
          ? m.calendar_repay({ to: debt.to.trim(), amount: money(plan.last) })
          : m.calendar_pledge()
      return [...all, { id: `${debt.id}-last`, title: last, day: monthsOn(debt.from, plan.months - 1) }]
    }),
    ...habits
      .filter(({ what, from }) => what.trim() && isDay(from))
      .map(({ id, what, weekday, from, weeks }): Entry => ({
        id,
        title: say(what, m.calendar_habit()),
        day: weekdayFrom(from, weekday),
        every: { unit: 'week', times: weeks },
      })),
  ]
}
