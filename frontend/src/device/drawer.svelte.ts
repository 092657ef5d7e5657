// One person's pages on this device: all of them in memory while they are open, and each kept as it changes.

import { seal, unseal, type Key, type Lock, type Sealed } from './pin'
import type { Page } from './page'
import { NotKept, type Shelf, type Trouble } from './shelf'

/** A drawer as it is stored. */
export interface DrawerRow {
  id: string
  /** What its person calls it, so that they find it again; empty for the first one of a device. */
  label: string
  at: number
  /** The seat it was last opened from, which opens it again without asking whose it is. */
  seat?: string
  lock?: Lock
}

/** What a worksheet holds. The page stands beside it so that it can be read without its exercise. */
export interface Body {
  title: string
  value: unknown
  page: Page
  at: number
}

/** The name of a worksheet is not sealed; what it holds and its title are. */
interface SheetRow {
  key: string
  drawer: string
  name: string
  plain?: string
  sealed?: Sealed
}

/** The hand rests this long before what it typed is kept. */
const PAUSE = 250

export class Drawer {
  row = $state.raw() as DrawerRow
  sheets = $state.raw<Record<string, Body>>({})
  /** Something typed is not on the device yet. */
  behind = $state(false)
  trouble = $state<Trouble | null>(null)
  #key: Key
  #shelf: Shelf
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing draws it
  #waiting = new Map<string, Body>()
  #writing: Promise<void> | null = null
  #pause: ReturnType<typeof setTimeout> | undefined
  #channel = channel()
  #closed = false
  #dropped = false

  constructor(shelf: Shelf, row: DrawerRow, key: Key, trouble: Trouble | null = null) {
    this.#shelf = shelf
    this.row = row
    this.#key = key
    this.trouble = trouble
    if (this.#channel) this.#channel.onmessage = ({ data }) => void this.#heard(data)
  }

  async load() {
    const rows = (await this.#shelf.all<SheetRow>('sheets')).filter((row) => row.drawer === this.row.id)
    const read = await Promise.all(rows.map(async (row) => [row.name, await this.#read(row)] as const))
    this.sheets = Object.fromEntries(read.filter((one): one is [string, Body] => one[1] !== null))
  }

  /** Keeps a worksheet as it is now: soon, and at once when the page is hidden. */
  keep(name: string, body: Body) {
    if (this.#closed) return
    this.sheets = { ...this.sheets, [name]: body }
    this.#waiting.set(name, body)
    this.behind = true
    // What is sealed takes a moment, which a closing page does not have: it begins with every letter.
    if (this.#key !== 'open') void this.#write()
    else this.#pause ??= setTimeout(() => void this.#write(), PAUSE)
  }

  /** Keeps at once what waits. */
  flush(): Promise<void> {
    return this.#write()
  }

  async erase(...names: string[]) {
    for (const name of names) this.#waiting.delete(name)
    this.sheets = Object.fromEntries(Object.entries(this.sheets).filter(([name]) => !names.includes(name)))
    await this.#writing
    await this.#try(() => this.#shelf.remove('sheets', ...names.map((name) => this.#place(name))))
    this.#channel?.postMessage({ drawer: this.row.id, names })
    this.behind = this.#waiting.size > 0
  }

  /** Changes what is stored of the drawer itself. */
  async change(row: Partial<DrawerRow>) {
    this.row = { ...this.row, ...row }
    await this.#try(() => this.#shelf.put('drawers', { ...this.row }))
  }

  /** A new PIN, or none: everything is kept anew under it. */
  async relock(lock: Lock | undefined, key: Key) {
    await this.flush()
    this.#key = key
    const { lock: _old, ...row } = this.row
    this.row = lock ? { ...row, lock } : row
    const rows = await Promise.all(
      Object.entries(this.sheets).map(([name, body]) => this.#sheetRow(name, body)),
    )
    await this.#try(async () => {
      await this.#shelf.put('drawers', { ...this.row })
      await this.#shelf.put('sheets', ...rows)
    })
    this.#channel?.postMessage({ drawer: this.row.id, locked: true })
  }

  async close() {
    const done = this.flush()
    this.#closed = true
    this.sheets = {}
    await done
    this.#channel?.close()
  }

  /** Stops keeping; what waited is let go. */
  async drop() {
    this.#waiting.clear()
    clearTimeout(this.#pause)
    this.#closed = this.#dropped = true
    this.sheets = {}
    this.#channel?.close()
    await this.#writing
  }

  // One write at a time; what is typed meanwhile goes with the next, the newest only.
  #write(): Promise<void> {
    clearTimeout(this.#pause)
    this.#pause = undefined
    if (this.#waiting.size === 0) return this.#writing ?? Promise.resolve()
    // Without a PIN it goes at once: a page that is closing waits for nothing.
    if (this.#key === 'open') return this.#put()
    this.#writing ??= (async () => {
      while (this.#waiting.size > 0) await this.#put()
      this.#writing = null
    })()
    return this.#writing
  }

  async #put() {
    const batch = [...this.#waiting]
    this.#waiting.clear()
    const key = this.#key
    const rows =
      key === 'open'
        ? batch.map(([name, body]) => this.#plainRow(name, body))
        : await Promise.all(batch.map(([name, body]) => this.#sheetRow(name, body)))
    const current = rows.filter(({ name }) => !this.#dropped && (name in this.sheets || this.#closed))
    await this.#try(() => this.#shelf.put('sheets', ...current))
    this.behind = this.#waiting.size > 0
    for (const { name } of current) this.#channel?.postMessage({ drawer: this.row.id, name })
  }

  async #try(act: () => Promise<unknown>) {
    try {
      await act()
      if (this.trouble === 'full') this.trouble = null
    } catch (error) {
      this.trouble = error instanceof NotKept ? error.trouble : 'refused'
    }
  }

  #place(name: string) {
    return `${this.row.id}/${name}`
  }

  #plainRow(name: string, body: Body): SheetRow {
    return { key: this.#place(name), drawer: this.row.id, name, plain: JSON.stringify(body) }
  }

  async #sheetRow(name: string, body: Body): Promise<SheetRow> {
    const { plain, ...row } = this.#plainRow(name, body)
    if (this.#key === 'open') return { ...row, plain }
    return { ...row, sealed: await seal(this.#key, plain!, row.key) }
  }

  async #read(row: SheetRow): Promise<Body | null> {
    try {
      const key = this.#key
      const text = row.sealed && key !== 'open' ? await unseal(key, row.sealed, row.key) : row.plain
      return text === undefined ? null : (JSON.parse(text) as Body)
    } catch {
      return null // sealed under another PIN, or damaged
    }
  }

  // Another tab of the same browser changed something of this drawer.
  async #heard(said: { drawer: string; name?: string; names?: string[]; locked?: boolean }) {
    if (said.drawer !== this.row.id || this.#closed) return
    if (said.locked) return dispatchEvent(new Event(LOCKED_ELSEWHERE))
    if (said.names) {
      for (const name of said.names) this.#waiting.delete(name)
      this.sheets = Object.fromEntries(
        Object.entries(this.sheets).filter(([name]) => !said.names!.includes(name)),
      )
    }
    if (!said.name || this.#waiting.has(said.name)) return
    const row = await this.#shelf.get<SheetRow>('sheets', this.#place(said.name)).catch(() => undefined)
    const body = row && (await this.#read(row))
    if (body && !this.#waiting.has(said.name) && !this.#closed)
      this.sheets = { ...this.sheets, [said.name]: body }
  }
}

/** Another tab gave the open drawer a PIN. */
export const LOCKED_ELSEWHERE = 'mend:locked'

// Only names go over it, never what is written.
function channel(): BroadcastChannel | null {
  return typeof BroadcastChannel === 'function' ? new BroadcastChannel('mend') : null
}
