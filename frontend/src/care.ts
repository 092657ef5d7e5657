// The crisis card's lines, as the operator wrote them, kept on the device so that they are there
// without a connection.

import { get } from './api'
import { storage } from './seat'
import { m } from './paraglide/messages'
import type { Locale } from './paraglide/runtime'

export interface Line {
  name: string
  more?: string
  /** A number to call, a number to write to and the word to send there, a page to open. */
  call?: string
  text?: string
  say?: string
  web?: string
}

/** What is known now, without asking anybody. */
export function careLines(locale: Locale): Line[] {
  try {
    const kept = JSON.parse(storage('localStorage')?.getItem(`care:${locale}`) ?? 'null') as Line[] | null
    if (Array.isArray(kept) && kept.length > 0) return kept
  } catch {
    // Unreadable: the built-in lines are always there.
  }
  return [
    { name: m.crisis_988(), more: m.crisis_988_more(), call: '988', text: '988', say: m.crisis_988_say() },
    { name: m.crisis_samhsa(), more: m.crisis_samhsa_more(), call: '1-800-662-4357' },
    { name: m.crisis_911(), more: m.crisis_911_more(), call: '911' },
  ]
}

/** Fetches the operator's lines ahead, so that nobody waits for them in need. */
export async function fetchCare(locale: Locale) {
  const answer = await get<{ lines: Line[] }>(`/api/care?lang=${locale}`)
  if ('ok' in answer && Array.isArray(answer.ok.lines) && answer.ok.lines.length > 0) {
    try {
      storage('localStorage')?.setItem(`care:${locale}`, JSON.stringify(answer.ok.lines))
    } catch {
      // Not kept; asked for again next time.
    }
  }
}

/** The address that calls a number. */
export function dial(number: string): string {
  return `tel:${digits(number)}`
}

/** The address that begins a message to a number. */
export function message(number: string): string {
  return `sms:${digits(number)}`
}

function digits(number: string): string {
  return number.replace(/[^+\d]/g, '')
}
