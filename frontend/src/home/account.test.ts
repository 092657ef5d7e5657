import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Account } from './account.svelte'

const HOUR = 3_600_000
const LASTS = 600_000

let server: number // its clock, beside the one of this device
let issued: number
let renewals: number
let ended: boolean

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  ;[server, issued, renewals, ended] = [Date.now(), 0, 0, false]
  vi.stubGlobal('fetch', (path: string, { headers }: { headers: Record<string, string> }) => {
    const fresh = headers.Authorization === `Bearer ${issued}` && server < issued + LASTS
    if (path === '/api/refresh' && !ended) {
      renewals++
      issued = server
      return answer(200, { access: String(issued), expires: issued + LASTS, lasts: LASTS, name: 'Rosa' })
    }
    if (fresh && !ended) return answer(200, { there: true })
    return answer(401, { error: { code: 'denied', reason: 'not_signed_in', message: '' } })
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function answer(status: number, body: unknown) {
  return Promise.resolve(new Response(JSON.stringify(body), { status }))
}

function later(ms: number) {
  server += ms
  vi.setSystemTime(Date.now() + ms)
}

test.each([
  ['an hour ahead', HOUR],
  ['an hour behind', -HOUR],
])('a clock %s: the token is used while it lasts and renewed in time', async (_, off) => {
  vi.setSystemTime(server + off)
  const account = new Account()
  await account.resume()
  for (let i = 0; i < 3; i++) expect(await account.get('/api/home')).toEqual({ ok: { there: true } })
  expect(renewals).toBe(1)
  later(LASTS)
  expect(await account.get('/api/home')).toEqual({ ok: { there: true } })
  expect([renewals, account.state]).toEqual([2, 'in'])
})

test('a clock that is set back meanwhile signs nobody out', async () => {
  const account = new Account()
  await account.resume()
  server += LASTS
  expect(await account.get('/api/home')).toEqual({ ok: { there: true } })
  expect(account.state).toBe('in')
})

test('who was signed out elsewhere is told so', async () => {
  const account = new Account()
  await account.resume()
  ended = true
  expect(await account.get('/api/home')).toHaveProperty('refusal.reason', 'not_signed_in')
  expect(account.state).toBe('out')
})
