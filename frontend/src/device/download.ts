// What the owner of a page takes with them. Both are made on the device; nothing is sent.

import { mount, unmount } from 'svelte'
import { save } from '../keepsake'
import { language } from '../locale.svelte'
import { m } from '../paraglide/messages'
import type { Body } from './drawer.svelte'
import { pack } from './moving'
import { pagesHTML, pageText, type Page } from './page'
import Printed from './Printed.svelte'

export function today(): string {
  return new Date().toLocaleDateString(language.current, { dateStyle: 'long' })
}

export function download(title: string, page: Page) {
  save(pageText(title, page, today()), `${fileName(title)}.txt`)
}

/** What all pages of somebody can be taken along as: to read, as plain text, or for another device. */
export type Kind = 'html' | 'txt' | 'json'

export function downloadAll(kind: Kind, sheets: Record<string, Body>) {
  const pages = Object.values(sheets).sort((a, b) => b.at - a.at)
  const texts: Record<Kind, () => [string, string]> = {
    html: () => [pagesHTML(language.current, today(), pages), 'text/html'],
    txt: () => [pages.map(({ title, page }) => pageText(title, page, today())).join('\n\n'), 'text/plain'],
    json: () => [pack(sheets), 'application/json'],
  }
  const [text, type] = texts[kind]()
  save(text, `${fileName(m.moving_file())}.${kind}`, type)
}

/** Prints the page alone, under a title that says nothing. */
export function print(title: string, page: Page) {
  const sheet = mount(Printed, { target: document.body, props: { title, page, date: today() } })
  const done = () => {
    removeEventListener('afterprint', done)
    void unmount(sheet)
  }
  addEventListener('afterprint', done)
  window.print()
}

/** A name that a list of downloads may show to anybody. */
export function fileName(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[^\w -]/g, '')
    .trim()
  return plain.toLowerCase().replace(/\s+/g, '-') || 'page'
}
