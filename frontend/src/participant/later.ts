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

const IDLE = 1_500

/** Fetches them; returns how to call it off. */
export function fetchLater(): () => void {
  const soon = setTimeout(async () => {
    await Promise.allSettled([supportForm(), menu(), over(), help(), hide()]) // what fails is fetched when it is opened
    await keepApp()
  }, IDLE)
  return () => clearTimeout(soon)
}
