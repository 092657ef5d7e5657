// Whose pages are open on this device. Several people may share one phone; each has a drawer, with a PIN if they like,
// and one drawer is open at a time.

import { Drawer, LOCKED_ELSEWHERE, type DrawerRow } from './drawer.svelte'
import { makeLock, unlock } from './pin'
import { ERASED, NotKept, Shelf, type Trouble } from './shelf'

/** A drawer with a PIN that was out of sight for so long is closed. */
const UNSEEN = 5 * 60_000

export class Device {
  /** Loading until the first look at what is there. */
  ready = $state(false)
  drawers = $state.raw<DrawerRow[]>([])
  open = $state.raw<Drawer | null>(null)
  /** The seat that private pages were last shown to; none outside of a session. */
  seat = $state<string>()
  /** This browser keeps nothing. */
  trouble = $state<Trouble | null>(null)
  /** Erased while it was open: the screen says so. */
  erased = $state(false)
  #shelf = new Shelf()
  #begun: Promise<void> | null = null
  #hidden = 0

  constructor() {
    addEventListener('pagehide', () => void this.open?.flush())
    document.addEventListener('visibilitychange', () => this.#seen())
    addEventListener(LOCKED_ELSEWHERE, () => void this.#leave())
    addEventListener(ERASED, () => this.#forget())
  }

  /** The drawer this seat has open needs no PIN; or a PIN is asked, or whose it is. */
  get asks(): boolean {
    return this.ready && this.open === null
  }

  /** Called wherever private pages are shown. Another seat on this device finds them closed. */
  begin(seat?: string): Promise<void> {
    if (this.#begun && (seat === undefined || seat === this.seat)) return this.#begun
    this.seat = seat
    this.#begun = this.#look()
    return this.#begun
  }

  async #look() {
    this.ready = false
    this.erased = false
    await this.close()
    try {
      await this.#shelf.open()
      this.drawers = (await this.#shelf.all<DrawerRow>('drawers')).sort((a, b) => a.at - b.at)
      this.trouble = null
    } catch (error) {
      this.trouble = error instanceof NotKept ? error.trouble : 'refused'
    }
    const [only] = this.drawers
    const mine = this.seat
      ? this.drawers.find(({ seat }) => seat === this.seat)
      : this.drawers.length === 1
        ? only
        : undefined
    if (mine && !mine.lock) await this.#take(new Drawer(this.#shelf, mine, 'open'))
    else if (this.drawers.length === 0) await this.start('')
    this.ready = true
  }

  /** The drawer of this seat, if it has one with a PIN. */
  get locked(): DrawerRow | undefined {
    return this.drawers.find(({ seat, lock }) => lock && seat !== undefined && seat === this.seat)
  }

  /** A drawer of one's own. It is stored with the first thing that is kept in it, so that looking leaves no trace. */
  async start(label: string, pin = '') {
    await this.close()
    const { lock, key } = pin ? await makeLock(pin) : { lock: undefined, key: 'open' as const }
    const row: DrawerRow = { id: newID(), label, at: Date.now(), ...(lock && { lock }) }
    this.open = new Drawer(this.#shelf, { ...row, ...(this.seat && { seat: this.seat }) }, key, this.trouble)
    if (label || pin) await this.claim()
  }

  /** Stores the drawer that is open, if it is not yet. */
  async claim() {
    const { open } = this
    if (!open || open.trouble === 'refused' || this.drawers.some(({ id }) => id === open.row.id)) return
    this.drawers = [...this.drawers, open.row]
    await open.change({})
  }

  /** Opens a drawer; false for a wrong PIN. */
  async take(row: DrawerRow, pin = ''): Promise<boolean> {
    const key = row.lock ? await unlock(row.lock, pin) : 'open'
    if (!key) return false
    await this.#take(new Drawer(this.#shelf, row, key))
    return true
  }

  async #take(drawer: Drawer) {
    await this.close()
    try {
      await drawer.load()
    } catch {
      drawer.trouble = 'refused'
    }
    if (this.seat && drawer.row.seat !== this.seat) await drawer.change({ seat: this.seat })
    this.open = drawer
    this.#note()
  }

  /** Gives the open drawer a PIN and a name, or takes the PIN away. */
  async lock(label: string, pin: string) {
    if (!this.open) return
    await this.claim()
    const { lock, key } = pin ? await makeLock(pin) : { lock: undefined, key: 'open' as const }
    this.open.row = { ...this.open.row, label }
    await this.open.relock(lock, key)
    this.#note()
  }

  /** Closes what is open; who comes next is asked whose pages these are. */
  async handOver() {
    const { open } = this
    if (!open) return
    const { seat: _left, ...row } = open.row
    if (this.drawers.some(({ id }) => id === open.row.id))
      await this.#shelf.put('drawers', row).catch(() => {})
    this.drawers = this.drawers.map((one) => (one.id === row.id ? row : one))
    await this.close()
  }

  async close() {
    const { open } = this
    this.open = null
    await open?.close()
  }

  /** Erases a drawer with all that is in it. */
  async eraseDrawer(id: string) {
    const { open } = this
    if (open?.row.id === id) {
      this.open = null
      await open.drop()
    }
    this.drawers = this.drawers.filter((row) => row.id !== id)
    const rows = await this.#shelf.all<{ key: string; drawer: string }>('sheets').catch(() => [])
    const keys = rows.filter(({ drawer }) => drawer === id).map(({ key }) => key)
    await this.#shelf.remove('sheets', ...keys)
    await this.#shelf.remove('drawers', id)
    await this.again()
  }

  /** Looks anew at what is there. */
  async again() {
    this.#begun = this.#look()
    await this.#begun
  }

  #note() {
    const row = this.open?.row
    if (row) this.drawers = this.drawers.map((one) => (one.id === row.id ? row : one))
  }

  #seen() {
    if (document.visibilityState === 'hidden') {
      this.#hidden = Date.now()
      void this.open?.flush()
    } else if (this.open?.row.lock && Date.now() - this.#hidden > UNSEEN) void this.close()
  }

  // Another tab gave what is open a PIN, under which it is already kept.
  async #leave() {
    const { open } = this
    this.open = null
    await open?.drop()
    await this.again()
  }

  #forget() {
    void this.open?.drop()
    this.open = null
    this.drawers = []
    this.erased = true
    this.#shelf.close()
    this.#begun = null
  }
}

export const device = new Device()

function newID(): string {
  return [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => byte.toString(36)).join('')
}
