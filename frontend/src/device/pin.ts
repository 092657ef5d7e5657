// A short PIN for one's own pages on a phone that others use too. Where the browser can encrypt (https), the pages are
// sealed with a key that only the PIN makes. Elsewhere a PIN can only hide them, and the screen says so. A PIN is
// written down nowhere; without it nobody opens what it sealed.

import { bytesOf, random, type Bytes } from '../bowl/bytes'

export interface Sealed {
  iv: Bytes
  data: ArrayBuffer
}

export type Lock =
  | { salt: Bytes; rounds: number; proof: Sealed }
  /** A PIN that only hides: a sum that tells a wrong one. */
  | { hides: number }

/** What opens a drawer: a key, or the knowledge that the PIN was right. */
export type Key = CryptoKey | 'open'

/** So many, because a PIN is short; about a second on an old phone. */
const ROUNDS = 600_000
const PROOF = 'mend'
export const SHORTEST = 4

export function canSeal(): boolean {
  return Boolean(globalThis.crypto?.subtle)
}

export async function makeLock(pin: string): Promise<{ lock: Lock; key: Key }> {
  if (!canSeal()) return { lock: { hides: sum(pin) }, key: 'open' }
  const salt = random(16)
  const key = await keyOf(pin, salt, ROUNDS)
  return { lock: { salt, rounds: ROUNDS, proof: await seal(key, PROOF, PROOF) }, key }
}

/** The key, or null for a wrong PIN. */
export async function unlock(lock: Lock, pin: string): Promise<Key | null> {
  if ('hides' in lock) return lock.hides === sum(pin) ? 'open' : null
  const key = await keyOf(pin, lock.salt, lock.rounds)
  return (await unseal(key, lock.proof, PROOF).catch(() => null)) === PROOF ? key : null
}

/** What is sealed belongs to one place; elsewhere it does not open. */
export async function seal(key: CryptoKey, text: string, place: string): Promise<Sealed> {
  const iv = random(12)
  const data = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: bytesOf(place) },
    key,
    bytesOf(text),
  )
  return { iv, data }
}

export async function unseal(key: CryptoKey, { iv, data }: Sealed, place: string): Promise<string> {
  const open = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bytesOf(place) }, key, data)
  return new TextDecoder().decode(open)
}

async function keyOf(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const raw = await crypto.subtle.importKey('raw', bytesOf(pin.normalize('NFC')), 'PBKDF2', false, [
    'deriveKey',
  ])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(how, raw, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

// Ten bits, so that the PIN itself, which people use elsewhere too, cannot be read back from it.
function sum(pin: string): number {
  let sum = 7
  for (const byte of bytesOf(pin.normalize('NFC'))) sum = (sum * 31 + byte) % 1021
  return sum
}
