// Parts of the seat that are not needed at once. They are fetched as soon as the phone has nothing
// better to do, so that they are there when the line is not.

import { keepApp } from '../offline'
import type { Session } from '../session.svelte'

export const menu = () => import('./Menu.svelte')
export const supportForm = () => import('./SupportForm.svelte')
export const help = () => import('../help/Help.svelte')
export const side = () => import('../family/Side.svelte')
export const familyWords = () => import('../family/Words.svelte')
export const hide = () => import('./hide').then(({ watchKeys }) => watchKeys())
export const steppingOut = () => import('../practice/SteppingOut.svelte')
export const over = () => import('./Over.svelte')

/** Begins to hear what is written in a talk of support, and keeps hearing it. */
export const listen = (session: Session) =>
  import('./talk.svelte').then(
    ({ talkOf }) => talkOf(session),
    () => {}, // without a line; again when the screen is opened
  )

export const notices = () => import('../notice/Notices.svelte')

const IDLE = 1_500

/** Begins to tell of what waits while the page is hidden, should its owner ask for that; returns how to stop. */
export function notify(session: Session): () => void {
  let stop: (() => void) | undefined
  let ended = false
  const soon = setTimeout(
    () =>
      import('../notice/watch.svelte').then(
        ({ watch }) => ended || (stop = watch(session)),
        () => {}, // without a line it would have nothing to tell
      ),
    2 * IDLE,
  )
  return () => {
    ended = true
    clearTimeout(soon)
    stop?.()
  }
}

/** Fetches them; returns how to call it off. */
export function fetchLater(): () => void {
  const soon = setTimeout(async () => {
    await Promise.allSettled([supportForm(), menu(), over(), help(), notices(), hide()]) // what fails is fetched when it is opened
    await keepApp()
  }, IDLE)
  return () => clearTimeout(soon)
}
