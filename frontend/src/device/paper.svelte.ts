// One worksheet while it is on the screen: its words change as somebody types, and are kept as they change.

import { untrack } from 'svelte'
import { device } from './device.svelte'
import type { Drawer } from './drawer.svelte'
import type { Page } from './page'

export interface Sort<T> {
  /** The name under which it is kept, from one session to the next. */
  name: string
  /** What its person knows it as. */
  title: string
  blank: () => T
  page: (value: T) => Page
}

export class Paper<T extends object> {
  value = $state() as T
  readonly drawer: Drawer
  #sort: () => Sort<T>
  #last: string

  /** To be made while a component begins; it ends with it. */
  constructor(drawer: Drawer, sort: () => Sort<T>) {
    this.drawer = drawer
    this.#sort = sort
    this.value = this.#kept() ?? sort().blank()
    this.#last = JSON.stringify(this.value)
    $effect(() => {
      const now = JSON.stringify(this.value)
      untrack(() => this.#keep(now))
    })
    $effect(() => {
      const kept = this.#kept()
      untrack(() => this.#follow(kept))
    })
  }

  get title(): string {
    return this.#sort().title
  }

  /** What is downloaded, printed and shown. */
  get page(): Page {
    return this.#sort().page($state.snapshot(this.value) as T)
  }

  /** Erases it from the device, and begins anew. */
  async erase() {
    this.value = this.#sort().blank()
    this.#last = JSON.stringify(this.value)
    await this.drawer.erase(this.#sort().name)
  }

  #kept(): T | undefined {
    const body = this.drawer.sheets[this.#sort().name]
    // Fields that a newer version has are blank.
    return body && { ...this.#sort().blank(), ...(JSON.parse(JSON.stringify(body.value)) as T) }
  }

  #keep(now: string) {
    if (now === this.#last) return
    this.#last = now
    const { name, title, page } = this.#sort()
    const value = JSON.parse(now) as T
    void device.claim()
    this.drawer.keep(name, { title, value, page: page(value), at: Date.now() })
  }

  // Another tab of the same person wrote on, or erased it.
  #follow(kept: T | undefined) {
    const value = kept ?? this.#sort().blank()
    const there = JSON.stringify(value)
    if (there === this.#last) return
    this.#last = there
    this.value = value
  }
}
