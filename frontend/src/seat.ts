// The credential of a seat, kept on this device only and never in an address.

export interface Seat {
  token: string
  session: string
  person?: string
}

/** A further seat of the same browser lives in its tab; the first one outlives a dead battery. */
export class SeatKeep {
  #places: [Storage | null, string][]

  constructor(name: string, further = false) {
    const tab = storage('sessionStorage')
    this.#places = further
      ? [[tab, `seat:${name}`]]
      : // A device that is full keeps nothing more, but its tab has room of its own: a reload then keeps the seat.
        [
          [storage('localStorage'), `seat:${name}`],
          [tab, `spare:${name}`],
        ]
  }

  read(): Seat | null {
    for (const [store, key] of this.#places) {
      const seat = parse(store?.getItem(key))
      if (seat) return seat
    }
    return null
  }

  keep(seat: Seat) {
    this.drop()
    for (const [store, key] of this.#places) {
      try {
        store?.setItem(key, JSON.stringify(seat))
        if (store) return
      } catch {
        // Private windows may refuse everywhere; the seat then lasts as long as the page.
      }
    }
  }

  drop() {
    for (const [store, key] of this.#places) store?.removeItem(key)
  }
}

function parse(text: string | null | undefined): Seat | null {
  try {
    const seat = JSON.parse(text ?? 'null') as Seat | null
    return seat && typeof seat.token === 'string' ? seat : null
  } catch {
    return null
  }
}

export function storage(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind]
  } catch {
    return null // blocked by the browser
  }
}
