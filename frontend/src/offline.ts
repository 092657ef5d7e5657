// Keeps the app on the device (public/sw.js does the rest), so that a phone without a network can
// still be reloaded.

/** Called when a phone is in its room: whatever was loaded so far is kept too. */
export async function keepApp() {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  try {
    await navigator.serviceWorker.register('/sw.js')
    const shelf = await caches.open('mend')
    const kept = (await shelf.keys()).map(({ url }) => url)
    const loaded = performance.getEntriesByType('resource').map((entry) => entry.name)
    const ours = loaded.filter((name) => name.startsWith(`${location.origin}/assets/`))
    await shelf.addAll([`${location.origin}/`, ...ours].filter((name) => !kept.includes(name)))
  } catch {
    // Private windows and full phones: then it needs the network, as any page does.
  }
}
