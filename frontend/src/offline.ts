// Keeps the app on the device (public/sw.js does the rest), so that a phone without a network can
// still be reloaded.

/** Called when a phone is in its room: whatever was loaded so far is kept too. */
export async function keepApp() {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  try {
    await navigator.serviceWorker.register('/sw.js')
    const shelf = await caches.open('mend')
    if (await shelf.match('/')) return
    const loaded = performance.getEntriesByType('resource').map((entry) => entry.name)
    await shelf.addAll(['/', ...loaded.filter((name) => name.startsWith(`${location.origin}/assets/`))])
  } catch {
    // Private windows and full phones: then it needs the network, as any page does.
  }
}
