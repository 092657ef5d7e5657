// Parts of the seat that are not needed at once. They are fetched as soon as the phone has nothing
// better to do, so that they are there when the line is not.

import { keepApp } from '../offline'

export const menu = () => import('./Menu.svelte')
export const supportForm = () => import('./SupportForm.svelte')
export const help = () => import('../help/Help.svelte')
export const side = () => import('../family/Side.svelte')
export const familyWords = () => import('../family/Words.svelte')
export const over = () => import('./Over.svelte')

const IDLE = 1_500

/** Fetches them; returns how to call it off. */
export function fetchLater(): () => void {
  const soon = setTimeout(async () => {
    await Promise.allSettled([supportForm(), menu(), over(), help()]) // what fails is fetched when it is opened
    await keepApp()
  }, IDLE)
  return () => clearTimeout(soon)
}
