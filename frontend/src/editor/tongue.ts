import { language } from '../locale.svelte'

/** A language as the screen's own language calls it. */
export function tongueName(tag: string): string {
  try {
    return new Intl.DisplayNames([language.current], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag // while it is being typed
  }
}
