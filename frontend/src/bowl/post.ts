// Posting to a bowl: the body and nothing else, so that nothing about the request says whose it is.

import type { Bytes } from './bytes'

/** It is there; it may be tried again; it will never be taken; or this slot was used already. */
export type Posted = 'there' | 'again' | 'never' | 'next slot'

export async function post(session: string, step: string, body: Bytes): Promise<Posted> {
  try {
    const response = await fetch(`/api/bowl/${encodeURIComponent(session)}/${encodeURIComponent(step)}`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/octet-stream' },
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      keepalive: true,
    })
    if (response.ok) return 'there'
    if (response.status === 429 || response.status >= 500) return 'again'
    const { error } = (await response.json()) as { error?: { reason?: string } }
    if (error?.reason === 'bowl_token_spent') return 'there'
    return error?.reason === 'bowl_slot_taken' ? 'next slot' : 'never'
  } catch {
    return 'again' // no network, or an answer that is not ours
  }
}

/** A moment between two, drawn so that nobody can guess it. */
export function moment(from: number, to: number): number {
  const draw = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
  return from + (draw / 2 ** 32) * Math.max(0, to - from)
}
