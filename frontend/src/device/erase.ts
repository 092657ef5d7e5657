// Leaves nothing behind: everything that anybody wrote for themselves on this device is erased, with or without a PIN.

import { DATABASE, ERASED } from './shelf'

/** Resolves to whether it is really gone; a browser that keeps nothing has nothing to erase. */
export async function eraseDevice(): Promise<boolean> {
  dispatchEvent(new Event(ERASED))
  try {
    return await new Promise<boolean>((resolve) => {
      const asked = indexedDB.deleteDatabase(DATABASE) // other tabs let go of it when they hear of it
      asked.onsuccess = () => resolve(true)
      asked.onerror = () => resolve(false)
    })
  } catch {
    return true
  }
}
