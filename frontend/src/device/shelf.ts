// Where this device keeps what its people write for themselves: one IndexedDB of this browser. Nothing of it is ever
// sent. A browser may refuse it (a private window, storage turned off) or run out of room; both are told apart.

export type Trouble = 'refused' | 'full'

export class NotKept extends Error {
  readonly trouble: Trouble

  constructor(trouble: Trouble) {
    super(trouble)
    this.trouble = trouble
  }
}

export const DATABASE = 'mend'
/** Said on a page when everything of this device is erased, from here or from another tab. */
export const ERASED = 'mend:erased'
export type Store = 'drawers' | 'sheets'
/** Some browsers never answer when they refuse. */
const PATIENCE = 4_000

export class Shelf {
  #db: IDBDatabase | null = null

  /** Opens it; throws NotKept where the browser has none to give. */
  async open(): Promise<void> {
    if (this.#db) return
    try {
      this.#db = await opened()
    } catch {
      throw new NotKept('refused')
    }
    const db = this.#db
    db.onversionchange = () => {
      this.close()
      dispatchEvent(new Event(ERASED))
    }
    db.onclose = () => (this.#db = null)
  }

  close() {
    this.#db?.close()
    this.#db = null
  }

  all<T>(store: Store): Promise<T[]> {
    return this.#do(store, 'readonly', (table) => table.getAll()) as Promise<T[]>
  }

  get<T>(store: Store, key: string): Promise<T | undefined> {
    return this.#do(store, 'readonly', (table) => table.get(key)) as Promise<T | undefined>
  }

  /** Begins at once, so that it is on its way even when the page is closing. */
  put(store: Store, ...rows: object[]): Promise<unknown> {
    return this.#do(store, 'readwrite', (table) => rows.map((row) => table.put(row))[0])
  }

  remove(store: Store, ...keys: string[]): Promise<unknown> {
    return this.#do(store, 'readwrite', (table) => keys.map((key) => table.delete(key))[0])
  }

  #do(store: Store, mode: IDBTransactionMode, act: (table: IDBObjectStore) => IDBRequest | undefined) {
    return new Promise<unknown>((resolve, reject) => {
      if (!this.#db) return reject(new NotKept('refused'))
      try {
        const change = this.#db.transaction(store, mode)
        const asked = act(change.objectStore(store))
        change.oncomplete = () => resolve(asked?.result)
        change.onabort = () => reject(new NotKept(trouble(change.error)))
        if (mode === 'readwrite') change.commit?.()
      } catch (error) {
        reject(new NotKept(trouble(error)))
      }
    })
  }
}

function trouble(error: unknown): Trouble {
  return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'refused'
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('no answer')), PATIENCE)
    const asked = indexedDB.open(DATABASE, 1) // throws where there is none at all
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('drawers', { keyPath: 'id' })
      asked.result.createObjectStore('sheets', { keyPath: 'key' })
    }
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error)
  })
}

/** Whether anything may have been kept on this device; asking makes no database. */
export async function kept(): Promise<boolean> {
  try {
    const there = await indexedDB.databases?.()
    return !there || there.some(({ name }) => name === DATABASE)
  } catch {
    return false
  }
}
