// The words of a share, as facilitator/words.go and pour.go take them.

import { LONGEST } from './body'
import { bytesOf } from './bytes'

/** The longest share in bytes of UTF-8: what a body has room for. */
const ROOM = 3544
// Draws nothing by itself; the joiner stays, as emoji need it.
const HIDDEN = /(?!\u200d)[\p{Cc}\p{Cf}\p{Co}\u115f\u1160\u3164\uffa0\ufffd]/u

/** The words as they will be read: composed, without blanks at the ends of lines. */
export function tidy(raw: string): string {
  const lines = raw.normalize('NFC').split(/\r?\n/)
  return lines
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '')
}

/** Why words cannot be a share, as a refusal's reason; empty if they can. */
export function unfit(text: string): string {
  if (text === '') return 'bowl_empty_share'
  if ([...text].length > LONGEST || bytesOf(text).length > ROOM) return 'too_long'
  return HIDDEN.test(text.replaceAll('\n', '')) ? 'hidden_characters' : ''
}
