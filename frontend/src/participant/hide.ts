// The quick way out of sight: Escape twice, or a tap in the menu, covers the page with something that tells nobody
// anything. The seat stays; the same way brings the page back.

import { mount, unmount } from 'svelte'
import Cover from './Cover.svelte'

/** How close together the two presses are. */
const TWICE = 700

let cover: object | null = null
let title = ''
let pressed = 0
let watching = false

/** Listens for the key from now on. */
export function watchKeys() {
  if (watching) return
  watching = true
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const now = Date.now()
    if (now - pressed > TWICE) {
      pressed = now
      return
    }
    pressed = 0
    if (cover) show()
    else hide()
  })
}

/** Covers the page and turns off its sound. */
export function hide() {
  if (cover) return
  title = document.title
  for (const open of document.querySelectorAll('dialog')) open.close()
  mute(true)
  document.body.dataset.covered = ''
  cover = mount(Cover, { target: document.body, props: { back: show } })
}

/** Shows the page again. What was written on the cover is gone. */
export function show() {
  if (cover) void unmount(cover)
  cover = null
  delete document.body.dataset.covered
  document.title = title
  mute(false)
}

function mute(muted: boolean) {
  for (const sound of document.querySelectorAll<HTMLMediaElement>('audio, video')) sound.muted = muted
}
