// Claiming one's place: both tokens are drawn, kept, and signed blindly.

import type { Signatures } from '../wire.gen'
import type { Session } from '../session.svelte'
import { Unloaded, type Arithmetic } from './arithmetic'
import { tokenMessage, type Purpose } from './body'
import { decode, encode, join, sha256 } from './bytes'
import { drawn, type Keys, type Record, type RecordKeep } from './record'

/** Elsewhere: another device has the place. Late: the window is over. Later: ask again in a moment. */
export type Claimed = 'ready' | 'elsewhere' | 'late' | 'outside' | 'later' | 'refused'

export interface Claim {
  session: Session
  bowl: string
  keys: Keys
  keep: RecordKeep
  arithmetic: Arithmetic
  /** Which blinded messages were signed, as one's own document says it. */
  signed: string | undefined
}

const FINGERPRINT = 16
const PURPOSES = ['share', 'marks'] as const
const REFUSALS: { [reason: string]: Claimed } = {
  bowl_signed_already: 'elsewhere',
  bowl_not_among: 'outside',
  bowl_window_over: 'late',
  bowl_blinded_form: 'refused',
}

/** Goes on from wherever this device is. Refused where the keys changed or a signature is not theirs. */
export async function claim(of: Claim): Promise<Claimed> {
  try {
    const record = await alone(of.keep.name, () => drawOnce(of))
    if (!record) return 'elsewhere'
    if (PURPOSES.some((purpose) => record.keys[purpose] !== of.keys[purpose])) return 'refused'
    if (of.signed && of.signed !== (await fingerprint(record))) return 'elsewhere'
    return record.marks.signature ? 'ready' : await sign(of, record)
  } catch (failure) {
    return failure instanceof Unloaded ? 'later' : 'refused'
  }
}

/** Two tabs of one person draw once between them. */
function alone<T>(name: string, act: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request(name, act) as Promise<T>) : act()
}

/** What was drawn on this device, or is now; nothing if the place was claimed on another. */
async function drawOnce({ session, bowl, keys, keep, arithmetic, signed }: Claim): Promise<Record | null> {
  const kept = keep.read()
  if (kept || signed) return kept
  const one = async (purpose: Purpose) => {
    const prepared = tokenMessage(purpose, session.id, bowl)
    return drawn(prepared, await arithmetic.blind(keys[purpose], prepared))
  }
  const [share, marks] = [await one('share'), await one('marks')]
  const record: Record = { at: Date.now(), keys, share, marks, toMark: [], marked: [] }
  keep.write(record)
  return record
}

async function sign({ session, bowl, keep, arithmetic }: Claim, record: Record): Promise<Claimed> {
  const [share, marks] = [record.share.blinded, record.marks.blinded]
  const answer = await session.fetch('bowl.sign', { bowl, share, marks })
  if ('refusal' in answer) return REFUSALS[answer.refusal.reason] ?? 'later'
  if (!answer.with) return 'later'
  const signatures = answer.with as unknown as Signatures
  for (const purpose of PURPOSES) {
    const { prepared, inverse } = record[purpose]
    const key = record.keys[purpose]
    const blind = decode(signatures[purpose])
    const made = await arithmetic.unblind(key, decode(prepared), blind, decode(inverse))
    keep.change((now) => (now[purpose].signature = encode(made)))
  }
  return 'ready'
}

async function fingerprint(record: Record): Promise<string> {
  const both = join(decode(record.share.blinded), decode(record.marks.blinded))
  return encode((await sha256(both)).subarray(0, FINGERPRINT))
}
