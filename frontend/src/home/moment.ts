import { language } from '../locale.svelte'

/** A day and an hour as people here write them. */
export function moment(at: number): string {
  return new Intl.DateTimeFormat(language.current, { dateStyle: 'medium', timeStyle: 'short' }).format(at)
}
