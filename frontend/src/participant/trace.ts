// Leaves nothing of this app on the device: what was kept in its browser, its files for when there is no network, and
// what somebody wrote for themselves. What the browser's own history and a screenshot hold is not in our hands.

import { eraseDevice } from '../device/erase'
import { storage } from '../seat'

/** Resolves when it is gone, as far as the browser lets it. */
export async function clearDevice(): Promise<void> {
  await eraseDevice()
  for (const kind of ['localStorage', 'sessionStorage'] as const) storage(kind)?.clear()
  await Promise.allSettled([clearDatabases(), clearCaches(), clearWorkers()])
}

async function clearDatabases() {
  for (const { name } of (await indexedDB.databases?.()) ?? []) if (name) indexedDB.deleteDatabase(name)
}

async function clearCaches() {
  for (const name of await caches.keys()) await caches.delete(name)
}

async function clearWorkers() {
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister()
}
