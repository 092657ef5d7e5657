import { language } from '../locale.svelte'

/** A day and an hour as people here write them. */
export function moment(at: number): string {
  return new Intl.DateTimeFormat(language.current, { dateStyle: 'medium', timeStyle: 'short' }).format(at)
}

/** A date such as 2030-01-31 as people here write it. */
export function day(date: string): string {
  return new Intl.DateTimeFormat(language.current, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    Date.parse(date),
  )
}
