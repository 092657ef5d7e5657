// The seats of a room, each in a browser window of its own with storage of its own, as different people have it.

import {
  expect,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Links } from './mend'

function words(language: string): typeof import('../messages/en.json') {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'messages', `${language}.json`), 'utf8'))
}

/** What the screens say, so that a better wording breaks no test. */
export const en = words('en')
export const es = words('es')

export const phone = { width: 390, height: 844 }
export const laptop = { width: 1440, height: 900 }
export const projector = { width: 1920, height: 1080 }

export class Seats {
  links: Links
  /** What no page may do: ask another site for anything, or break a rule it was sent with. */
  readonly offences: string[] = []
  #browser: Browser
  #windows: BrowserContext[] = []

  constructor(browser: Browser, links: Links) {
    this.#browser = browser
    this.links = links
  }

  async window(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: phone,
      reducedMotion: 'reduce',
      locale: 'en-US',
      ...options,
    })
    this.#windows.push(context)
    context.on('request', (request) => this.#watch(request.url()))
    context.on('weberror', (error) => this.offences.push(`thrown: ${error.error().message}`))
    context.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) this.offences.push(line.text())
    })
    return context.newPage()
  }

  async facilitator(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.window({ viewport: laptop, ...options })
    await page.goto(this.links.facilitator)
    await expect(page.getByRole('button', { name: en.lead_next, exact: true })).toBeVisible()
    return page
  }

  async stage(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.window({ viewport: projector, ...options })
    await page.goto(this.links.stage)
    await expect(page.getByText(this.links.code)).toBeVisible()
    return page
  }

  async participant(alias: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.window(options)
    await page.goto(this.links.join)
    await come(page, alias)
    return page
  }

  async close(): Promise<void> {
    for (const context of this.#windows) await context.close()
  }

  #watch(address: string) {
    const url = new URL(address)
    if (url.protocol === 'data:' || url.protocol === 'blob:') return
    if (url.hostname !== '127.0.0.1') this.offences.push(`request to ${url.origin}`)
    if (/token|key|eyJ/.test(url.pathname + url.search))
      this.offences.push(`a credential in ${url.pathname}${url.search}`)
  }
}

/** Goes in through the door that is open on this page. */
export async function come(page: Page, alias: string): Promise<void> {
  await page.getByLabel(en.join_alias).fill(alias)
  await page.getByRole('button', { name: en.join_enter }).click()
  await here(page)
}

/** Waits until a phone is in the room. */
export async function here(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: en.support_button })).toBeVisible()
  await expect(page.getByText(en.room_away)).toBeHidden()
}
