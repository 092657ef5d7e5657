// Where this device keeps what belongs to a bowl, and how it is erased.

import { storage } from '../seat'

const PREFIX = 'bowl:'

/** The name under which something of a session's bowls is kept. */
export function bowlKey(session: string, ...rest: string[]): string {
  return [PREFIX + session, ...rest].join(':')
}

/** Forgets every bowl of a session: it is over, or its person leaves. */
export function forgetBowls(session: string) {
  const store = storage('localStorage')
  if (!store) return
  for (const key of Object.keys(store)) if (key.startsWith(`${PREFIX}${session}:`)) store.removeItem(key)
}

const A_DAY = 24 * 60 * 60 * 1000

/** Forgets what a phone that was off at the end still has of sessions long over. */
export function forgetOld(before = Date.now() - A_DAY) {
  const store = storage('localStorage')
  if (!store) return
  for (const key of Object.keys(store).filter((name) => name.startsWith(PREFIX))) {
    const since = /"at":(\d+)/.exec(store.getItem(key) ?? '')
    if (since && Number(since[1]) < before) store.removeItem(key)
  }
}
