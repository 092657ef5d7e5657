// Keeps the app itself on the device, so that a reload without a network still opens the room, which
// then waits for the line, and the crisis card; and so that one's own pages (/mine) open without one. It holds no
// document and nothing anybody wrote. The board of who can help is the operator's, and kept too.

const SHELF = 'mend'
const HELPERS = 'mend-helpers'
const BOARD = '/api/resources'

self.addEventListener('install', (event) => {
  self.skipWaiting()
  event.waitUntil(fetchAhead())
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(request, event))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request))
  else if (url.pathname === BOARD) event.respondWith(board(request))
})

// A tap on a notification leads to the page that showed it.
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const windows = self.clients.matchAll({ type: 'window' })
  event.waitUntil(windows.then(([first]) => first?.focus()))
})

// A page is fetched anew whenever there is a network. Every address has the same one.
async function page(request, event) {
  const shelf = await caches.open(SHELF)
  try {
    const fresh = await fetch(request)
    if (fresh.ok && (await renew(shelf, fresh.clone()))) event.waitUntil(fetchAhead())
    return fresh
  } catch (lost) {
    const kept = await shelf.match('/')
    if (kept) return kept
    throw lost
  }
}

// A new version has other files; the old ones are not needed again. Tells whether it is new.
async function renew(shelf, fresh) {
  const kept = await shelf.match('/')
  const [before, now] = [await kept?.text(), await fresh.clone().text()]
  if (before === now) return false
  for (const old of await shelf.keys()) await shelf.delete(old)
  await shelf.put('/', fresh)
  return true
}

// What the private pages are made of, which must open even where they never were before.
async function fetchAhead() {
  try {
    const shelf = await caches.open(SHELF)
    const list = await (await fetch('/offline.json', { cache: 'no-cache' })).json()
    for (const file of ['/', ...list]) if (!(await shelf.match(file))) await shelf.add(file)
    await board(BOARD)
  } catch {
    // Without a network, or without room: then it is fetched when it is opened.
  }
}

// A file of the app never changes under its name.
async function asset(request) {
  const shelf = await caches.open(SHELF)
  const kept = await shelf.match(request)
  if (kept) return kept
  const fresh = await fetch(request)
  if (fresh.ok) await shelf.put(request, fresh.clone())
  return fresh
}

// Who can help is asked for anew whenever there is a network; without one the last answer holds.
async function board(request) {
  const shelf = await caches.open(HELPERS)
  try {
    const fresh = await fetch(request)
    if (fresh.ok) await shelf.put(BOARD, fresh.clone())
    return fresh
  } catch (lost) {
    const kept = await shelf.match(BOARD)
    if (kept) return kept
    throw lost
  }
}
