// Shows by notifications of the system what is new, for as long as a seat is on the page.

import { m } from '../paraglide/messages'
import type { Session } from '../session.svelte'
import { matters, news, words, type Matter } from './matters'
import { readWish } from './wish'

/** Watches a session; returns how to stop. */
export function watch(session: Session): () => void {
  let before = matters(session)
  return $effect.root(() => {
    $effect(() => {
      const now = matters(session)
      for (const matter of news(before, now)) void say(matter)
      before = now
    })
  })
}

/** Shows one. Phones have no other way than by the worker. */
export async function say(matter: Matter): Promise<void> {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  const look = { body: words[matter](), tag: matter, icon: '/mend.svg', silent: !readWish().vibrate }
  const shown = readWish().vibrate ? { ...look, vibrate: [120] } : look
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined)
  if (worker?.active) return worker.showNotification(m.notice_title(), shown)
  const notice = new Notification(m.notice_title(), shown)
  notice.onclick = () => {
    window.focus()
    notice.close()
  }
}
