// Which page an address names. There is no router: a page is opened by loading its address.

const PAGES = ['stage', 'demo', 'lead', 'setup', 'mine', 'knows'] as const

export type Route =
  | { page: 'door' }
  | { page: 'room'; code: string; further: boolean }
  | { page: (typeof PAGES)[number] }
  | { page: 'lost' }

export function route(url: Pick<URL, 'pathname' | 'search'>): Route {
  const [first = '', second] = url.pathname.split('/').filter(Boolean)
  if (first === '') return { page: 'door' }
  if (first === 'j') {
    if (!second) return { page: 'door' }
    const further = new URLSearchParams(url.search).get('seat') === 'new'
    return { page: 'room', code: tidyCode(second), further }
  }
  const page = PAGES.find((name) => name === first)
  if (page) return { page }
  return { page: 'lost' }
}

/** A code as people type it, or the whole link pasted, brought to the form the server knows: capitals without gaps. */
export function tidyCode(typed: string): string {
  const code = typed.replace(/^.*\/j\//s, '').replace(/[/?#].*$/s, '')
  return code
    .normalize('NFKC')
    .replace(/[^0-9a-z]/gi, '')
    .toUpperCase()
}

/** Takes the one-time key out of the address bar before anybody can read or share it. */
export function takeKey(): string {
  const key = location.hash.slice(1)
  if (key) history.replaceState(history.state, '', location.pathname + location.search)
  return key
}
