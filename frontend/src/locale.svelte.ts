// The language of the screen. Messages read it through Paraglide, so a switch redraws at once
// and nothing that was typed is lost.

import type { Text } from './wire.gen'
import { baseLocale, locales, overwriteGetLocale, type Locale } from './paraglide/runtime'
import { storage } from './seat'

class Language {
  current = $state<Locale>(chosen() ?? preferred() ?? baseLocale)

  choose(locale: Locale) {
    this.current = locale
    document.documentElement.lang = locale
    try {
      storage('localStorage')?.setItem('language', locale)
    } catch {
      // Then it holds for this page.
    }
  }

  /** The wording of a programme's text in this language, or in one it has. */
  pick(text: Text | undefined | null): string {
    if (!text) return ''
    return text[this.current] ?? text.en ?? Object.values(text)[0] ?? ''
  }
}

export const language = new Language()
overwriteGetLocale(() => language.current)
document.documentElement.lang = language.current

function chosen(): Locale | undefined {
  return known(storage('localStorage')?.getItem('language') ?? '')
}

function preferred(): Locale | undefined {
  for (const tag of navigator.languages ?? []) {
    const locale = known(tag.split('-')[0] ?? '')
    if (locale) return locale
  }
}

function known(tag: string): Locale | undefined {
  return locales.find((locale) => locale === tag)
}

export const languages: { tag: Locale; name: string }[] = [
  { tag: 'en', name: 'English' },
  { tag: 'es', name: 'Español' },
]
