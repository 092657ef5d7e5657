// What somebody wants to be told of by this device while they look elsewhere. It is kept on the device alone.

import { storage } from '../seat'

export interface Wish {
  on: boolean
  /** The quiet hours, such as 22:00 and 07:00; the same twice is none. */
  from: string
  to: string
  /** Requests for support come through in quiet hours too. */
  support: boolean
  vibrate: boolean
}

const KEY = 'notices'
const NONE: Wish = { on: false, from: '', to: '', support: true, vibrate: false }

export function readWish(): Wish {
  try {
    return { ...NONE, ...(JSON.parse(storage('localStorage')?.getItem(KEY) ?? '{}') as Partial<Wish>) }
  } catch {
    return { ...NONE }
  }
}

export function keepWish(wish: Wish) {
  try {
    storage('localStorage')?.setItem(KEY, JSON.stringify(wish))
  } catch {
    // A full device forgets it when the page is closed.
  }
}

/** Whether it is a quiet hour at this time of this device's day. A time that is not given is none. */
export function quiet({ from, to }: Wish, now: Date): boolean {
  if (!from || !to || from === to) return false
  const at = `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`
  return from < to ? at >= from && at < to : at >= from || at < to
}
