import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { example, Server } from '../test/server'
import { Session } from './session.svelte'

let server: Server
let session: Session

beforeEach(() => {
  vi.useFakeTimers()
  server = new Server()
  session = new Session('token', server.surroundings)
  session.open()
})

afterEach(() => {
  session.close()
  vi.useRealTimers()
})

const everyone = (rev: number, people: object) => ({ doc: 'everyone', rev, is: { people } })
const held = () => (server.line.heard[0]!.hello as { docs: object }).docs

function reconnect(welcome: Record<string, unknown> = {}) {
  server.line.lose()
  vi.advanceTimersByTime(250)
  server.line.accept(welcome)
}

describe('documents', () => {
  test('are kept, patched and forgotten', () => {
    server.line.accept({ person: 'k3f9' })
    server.line.say(example('document'))
    expect(session.me?.alias).toBe('Grey Heron')
    server.line.say(example('patch'))
    expect(session.me?.hand).toBe(1)
    server.line.say({ doc: 'facilitators', rev: 16, is: { code: 'ABC234' } })
    server.line.say(example('gone'))
    expect(session.facilitators).toBeUndefined()
  })

  test('after a lost line only what is missing is asked for', () => {
    server.line.accept()
    server.line.say(everyone(3, { me: { alias: 'Wren' } }))
    reconnect({ docs: { everyone: 5 } })
    expect(held()).toEqual({ everyone: 3 })
    server.line.say({ doc: 'everyone', rev: 7, from: 5, patch: { people: { me: { hand: 1 } } } })
    expect(session.me).toEqual({ alias: 'Wren', hand: 1 })
  })

  test('a copy the server does not trust is shown until the new one comes', () => {
    server.line.accept({ build: '1' })
    server.line.say(everyone(3, { me: { alias: 'Wren' } }))
    reconnect({ build: '2', docs: {} })
    expect((server.line.heard[0]!.hello as { build: string }).build).toBe('1')
    expect(session.me?.alias).toBe('Wren')
    server.line.say(everyone(3, { me: { alias: 'Robin' } }))
    expect(session.me?.alias).toBe('Robin')
  })

  test('a patch with a hole before it is not used; the document is asked for whole', () => {
    server.line.accept()
    server.line.say(everyone(3, { me: { alias: 'Wren' } }))
    server.line.say({ doc: 'everyone', rev: 9, from: 8, patch: { people: { me: { alias: 'wrong' } } } })
    expect(session.me?.alias).toBe('Wren')
    server.line.accept()
    expect(held()).toEqual({})
  })

  test('a facilitator made participant while away keeps nothing of the facilitators', () => {
    server.line.accept({ role: 'cofacilitator' })
    server.line.say({ doc: 'facilitators', rev: 2, is: { code: 'ABC234' } })
    reconnect({ role: 'participant' })
    expect(session.facilitators).toBeUndefined()
  })
})

describe('commands', () => {
  test('say "saving" only when it takes noticeably long', async () => {
    server.line.accept()
    const done = session.do('hand.raise')
    vi.advanceTimersByTime(399)
    expect(session.saving).toBe(false)
    vi.advanceTimersByTime(1)
    expect(session.saving).toBe(true)
    server.line.say({ ok: 1 })
    expect(await done).toBe(true)
    expect(session.saving).toBe(false)
  })

  test('a refusal is kept to be shown, and the next success clears it', async () => {
    server.line.accept()
    const refused = session.do('hand.raise')
    server.line.say({ ...example('no'), no: 1 })
    expect(await refused).toBe(false)
    expect(session.refused?.reason).toBe('reading_range')
    const fine = session.do('hand.raise')
    server.line.say({ ok: 2 })
    await fine
    expect(session.refused).toBeNull()
  })
})

describe('the end', () => {
  test.each([
    [4401, 'token', 'expired'],
    [4403, 'removed', 'removed'],
    [4410, 'over', 'over'],
    [4410, 'damaged', 'damaged'],
  ])('%i %s is "%s", and the copies stay', (code, reason, ending) => {
    server.line.accept()
    server.line.say(everyone(3, { me: { alias: 'Wren' } }))
    server.line.say({ bye: { reason, message: '' } })
    server.line.lose(code)
    expect(session.ending).toBe(ending)
    expect(session.me?.alias).toBe('Wren')
  })
})

test('the clock is the server’s', () => {
  server.line.accept({ now: Date.now() + 90_000 })
  expect(session.now()).toBe(Date.now() + 90_000)
})

test('a damaged record is said', () => {
  server.line.accept()
  server.line.say(example('readonly'))
  expect(session.readonly).toBe(true)
})
