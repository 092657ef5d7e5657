import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { example, Server } from '../test/server'
import { Socket, type DocumentFrame, type Status } from './socket'

let server: Server
let socket: Socket
let statuses: Status[]
let ended: [number, string][]
let documents: DocumentFrame[]
let fits: boolean

beforeEach(() => {
  vi.useFakeTimers()
  server = new Server()
  ;[statuses, ended, documents, fits] = [[], [], [], true]
  socket = new Socket(
    {
      hello: () => ({ token: 't', client: 'client-1', docs: { everyone: 12 } }),
      welcome: () => {},
      document: (frame) => {
        documents.push(frame)
        return fits
      },
      gone: () => {},
      readonly: () => {},
      status: (status) => statuses.push(status),
      clock: () => {},
      ended: (code, reason) => ended.push([code, reason]),
    },
    server.surroundings,
  )
  socket.open()
})

afterEach(() => {
  socket.close()
  vi.useRealTimers()
})

/** Whether a promise is settled, and with what. */
async function now<T>(promise: Promise<T>): Promise<T | 'pending'> {
  return Promise.race([promise, Promise.resolve().then(() => 'pending' as const)])
}

describe('coming in', () => {
  test('the hello is the first frame and says what is held', () => {
    server.line.accept()
    expect(server.line.heard[0]).toEqual({
      hello: { token: 't', client: 'client-1', docs: { everyone: 12 } },
    })
    expect(Object.keys(server.line.heard[0]!.hello as object)).toEqual(
      expect.arrayContaining(Object.keys(example('hello').hello as object).filter((key) => key !== 'build')),
    )
    expect(statuses).toEqual(['here'])
  })

  test('commands given before the welcome wait for it', () => {
    void socket.do('hand.raise')
    server.line.onopen?.()
    expect(server.line.commands).toEqual([])
    server.line.accept()
    expect(server.line.commands).toEqual([{ id: 1, do: 'hand.raise', with: {} }])
  })

  test('a server that says nothing is left after a while', () => {
    vi.advanceTimersByTime(8_000 + 250)
    expect(server.lines).toHaveLength(2)
  })

  test('a line on which a welcome takes longer than that gets longer', () => {
    vi.advanceTimersByTime(8_000 + 250)
    vi.advanceTimersByTime(19_000)
    expect(server.lines).toHaveLength(2)
    server.line.accept()
    expect(statuses).toEqual(['here'])
  })

  test('a server that goes on saying nothing is left again', () => {
    vi.advanceTimersByTime(8_000 + 250 + 20_000 + 500)
    expect(server.lines).toHaveLength(3)
  })
})

describe('commands', () => {
  test('look like the example, are answered by their id', async () => {
    server.line.accept()
    const first = socket.do('checkin.answer', { reading: 3, word: 'hopeful' })
    const second = socket.do('hand.raise')
    expect(server.line.commands[0]).toEqual({ ...example('command'), id: 1 })
    server.line.say({ ...example('ok'), ok: 2 })
    expect(await second).toEqual({})
    expect(await now(first)).toBe('pending')
    server.line.say({ ...example('no'), no: 1 })
    expect(await first).toEqual({ refusal: example('no').error })
  })

  test('may bring something back', async () => {
    server.line.accept()
    const done = socket.do('bowl.sign')
    server.line.say({ ...example('ok-with'), ok: 1 })
    expect(await done).toEqual({ with: example('ok-with').with })
  })

  test('without an answer are sent again once, under the same id, after a reconnect', async () => {
    server.line.accept()
    const done = socket.do('hand.raise')
    server.line.lose()
    vi.advanceTimersByTime(250)
    server.line.accept()
    expect(server.line.commands).toEqual([{ id: 1, do: 'hand.raise', with: {} }])
    server.line.say({ ok: 1 })
    expect(await done).toEqual({})
    server.line.lose()
    vi.advanceTimersByTime(250)
    server.line.accept()
    expect(server.line.commands).toEqual([])
  })

  test('too large are refused here', async () => {
    server.line.accept()
    expect(await socket.do('support.ask', { note: 'ñ'.repeat(9_000) })).toMatchObject({
      refusal: { reason: 'too_long' },
    })
    expect(server.line.commands).toEqual([])
  })

  test('one the server cannot read is given up, the others are not', async () => {
    server.line.accept()
    const kept = socket.do('hand.raise')
    const bad = socket.do('support.ask', { note: 'x' })
    server.line.lose(1009)
    expect(await bad).toMatchObject({ refusal: { code: 'invalid' } })
    vi.advanceTimersByTime(250)
    server.line.accept()
    expect(server.line.commands.map((frame) => frame.do)).toEqual(['hand.raise'])
    server.line.say({ ok: 1 })
    expect(await kept).toEqual({})
  })
})

describe('a lost line', () => {
  test('is tried again, each time after a longer wait, and at once after a welcome', () => {
    server.line.accept()
    for (const wait of [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000]) {
      const before = server.lines.length
      server.line.lose()
      vi.advanceTimersByTime(wait - 1)
      expect(server.lines).toHaveLength(before)
      vi.advanceTimersByTime(1)
      expect(server.lines).toHaveLength(before + 1)
    }
    server.line.accept()
    server.line.lose()
    vi.advanceTimersByTime(250)
    expect(statuses).toEqual(['here', 'away', 'here', 'away'])
  })

  test('is noticed by silence', () => {
    server.line.accept()
    vi.advanceTimersByTime(25_000)
    expect(server.line.heard.at(-1)).toEqual(example('beat'))
    server.line.say(example('beat-answer'))
    vi.advanceTimersByTime(25_000 + 7_999)
    expect(statuses).toEqual(['here'])
    vi.advanceTimersByTime(1)
    expect(statuses).toEqual(['here', 'away'])
  })

  test('is asked after when the phone wakes or the network changes', () => {
    server.line.accept()
    dispatchEvent(new Event('offline'))
    expect(server.line.heard.at(-1)).toEqual({ beat: 1 })
    vi.advanceTimersByTime(3_000)
    expect(statuses).toEqual(['here', 'away'])
    dispatchEvent(new Event('online'))
    expect(server.lines).toHaveLength(2) // at once
  })

  test('says nothing any more once it is given up', () => {
    server.line.accept()
    const old = server.line
    old.lose()
    vi.advanceTimersByTime(250)
    expect(old.onmessage).toBeNull()
    expect(server.lines).toHaveLength(2)
  })
})

describe('documents', () => {
  test('are handed on', () => {
    server.line.accept()
    server.line.say(example('document'))
    server.line.say(example('patch'))
    expect(documents).toEqual([example('document'), example('patch')])
  })

  test('one that does not fit makes the socket ask anew', () => {
    server.line.accept()
    fits = false
    server.line.say(example('patch'))
    expect(server.lines).toHaveLength(2)
  })
})

describe('the end', () => {
  test.each([4401, 4403, 4410])('%i is final', async (code) => {
    server.line.accept()
    const done = socket.do('hand.raise')
    server.line.say({ bye: { reason: 'why', message: '' } })
    server.line.lose(code)
    vi.advanceTimersByTime(60_000)
    expect(server.lines).toHaveLength(1)
    expect(ended).toEqual([[code, 'why']])
    expect(await done).toMatchObject({ refusal: { code: 'closed' } })
    expect(await socket.do('hand.raise')).toMatchObject({ refusal: { code: 'closed' } })
  })

  test.each([1012, 1013, 4408, 1006])('%i is not', (code) => {
    server.line.accept()
    server.line.say(example('bye'))
    server.line.lose(code)
    vi.advanceTimersByTime(250)
    expect(server.lines).toHaveLength(2)
    expect(ended).toEqual([])
  })

  test('frames of a later version pass', () => {
    server.line.accept()
    server.line.say({ weather: 'mild' })
    expect(statuses).toEqual(['here'])
  })
})

describe('leaving', () => {
  test('is for good: what the browser still tells of the line opens no other', () => {
    server.line.accept()
    socket.close()
    server.line.lose(1000)
    vi.advanceTimersByTime(60_000)
    expect(server.lines).toHaveLength(1)
    expect(statuses).toEqual(['here'])
  })
})
