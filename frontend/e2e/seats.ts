// The seats of a room, each in a browser window of its own with storage of its own, as different people have it.

import {
  expect,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
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
  /** Into the room the next seats are taken in. */
  links: Links | undefined
  /** What no page may do: ask another site for anything, or break a rule it was sent with. */
  readonly offences: string[] = []
  #browser: Browser
  #windows: BrowserContext[] = []

  constructor(browser: Browser, links?: Links) {
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
    context.on('page', (page) => page.on('websocket', (socket) => this.#watch(socket.url())))
    context.on('weberror', (error) => {
      this.offences.push(`thrown at ${error.page()?.url()}: ${error.error().stack ?? error.error().message}`)
    })
    context.on('console', (line) => {
      if (line.text().includes('Content Security Policy')) this.offences.push(line.text())
    })
    return context.newPage()
  }

  async facilitator(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.window({ viewport: laptop, ...options })
    await page.goto(this.links!.facilitator)
    await expect(way(page, options.locale === 'es' ? es : en)).toBeVisible()
    return page
  }

  async stage(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.window({ viewport: projector, ...options })
    await page.goto(this.links!.stage)
    await expect(page.getByText(this.links!.code).first()).toBeVisible()
    return page
  }

  async participant(alias: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.window(options)
    await page.goto(this.links!.join)
    await come(page, alias)
    return page
  }

  async close(): Promise<void> {
    for (const context of this.#windows) await context.close()
  }

  #watch(address: string) {
    const url = new URL(address)
    if (url.protocol === 'data:' || url.protocol === 'blob:') return
    // 0.0.0.0 is this machine too, but to a browser no secure one.
    if (!['127.0.0.1', 'localhost', '0.0.0.0'].includes(url.hostname))
      this.offences.push(`request to ${url.origin}`)
    if (/token|(?<!pass)key|eyJ/.test(url.pathname + url.search))
      this.offences.push(`a credential in ${url.pathname}${url.search}`)
  }
}

/** Goes in through the door that is open on this page. */
export async function come(page: Page, alias: string, words = en): Promise<void> {
  await page.getByLabel(words.join_alias).fill(alias)
  await page.getByRole('button', { name: words.join_enter, exact: true }).click()
  await here(page, words)
}

/** Waits until a phone is in the room. */
export async function here(page: Page, words = en): Promise<void> {
  await expect(page.getByRole('navigation', { name: words.room_actions })).toBeVisible()
  await expect(page.getByText(words.room_away)).toBeHidden()
}

/** The controls that move the whole room, which every facilitator's screen has. */
export function way(facilitator: Page, words = en): Locator {
  return facilitator.getByRole('navigation', { name: words.lead_way })
}

/** Waits until one more tap counts as another: so soon after the last it counts as the same. */
export async function settled(facilitator: Page, words = en): Promise<void> {
  await expect(way(facilitator, words)).not.toHaveAttribute('data-settling')
}

/** Goes on to the next step and waits until the facilitator stands in it; returns its title. */
export async function forward(facilitator: Page, words = en): Promise<string> {
  const title = facilitator.getByRole('heading', { level: 1 })
  await settled(facilitator, words)
  const before = await title.textContent()
  await way(facilitator, words).getByRole('button').last().click()
  await expect(title).not.toHaveText(before ?? '')
  return (await title.textContent()) ?? ''
}
