// The credential of a seat, kept on this device only and never in an address.

export interface Seat {
  token: string
  session: string
  person?: string
}

/** A further seat of the same browser lives in its tab; the first one outlives a dead battery. */
export class SeatKeep {
  #key: string
  #store: Storage | null

  constructor(name: string, further = false) {
    this.#key = `seat:${name}`
    this.#store = storage(further ? 'sessionStorage' : 'localStorage')
  }

  read(): Seat | null {
    try {
      const seat = JSON.parse(this.#store?.getItem(this.#key) ?? 'null') as Seat | null
      return seat && typeof seat.token === 'string' ? seat : null
    } catch {
      return null
    }
  }

  keep(seat: Seat) {
    try {
      this.#store?.setItem(this.#key, JSON.stringify(seat))
    } catch {
      // Private windows may refuse; the seat then lasts as long as the page.
    }
  }

  drop() {
    this.#store?.removeItem(this.#key)
  }
}

export function storage(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind]
  } catch {
    return null // blocked by the browser
  }
}
