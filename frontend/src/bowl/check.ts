// The four words people compare with those on the big screen: whoever sees the same was given the same keys.

import { bytesOf, decode, join } from './bytes'
import words from './words.json'

const ROUNDS = 100_000

export async function checkWords(keys: { share: string; marks: string }, language: string): Promise<string> {
  const both = join(decode(keys.share), decode(keys.marks))
  const base = await crypto.subtle.importKey('raw', both, 'PBKDF2', false, ['deriveBits'])
  const salt = bytesOf('mend bowl check')
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS },
    base,
    32,
  )
  const list = words[language as keyof typeof words] ?? words.en
  return Array.from(new Uint8Array(bits), (byte) => list[byte]).join(' ')
}
