// @vitest-environment node

import { webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Session } from '../session.svelte'
import type { BowlEveryone } from '../wire.gen'
import { Unloaded, type Arithmetic } from './arithmetic'
import * as body from './body'
import { decode, encode, join as bytesJoin, random, sha256 } from './bytes'
import { forgetBowls, forgetOld } from './forget'
import { Place } from './place.svelte'
import { RecordKeep } from './record'
import { newKey, openReply, sealAnswer } from './seal'
import { tidy, unfit } from './share'

const example = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../realtime/testdata/bowl/example.json'), 'utf8'),
)
const keys = example.keys as { share: string; marks: string }
const WINDOW = { started: 100_000, ends: 120_000 }
const SLOT = 15_000

/** As browsers have it: what is stored are its own keys. */
class Store {
  [key: string]: unknown
  getItem(key: string) {
    return Object.hasOwn(this, key) ? (this[key] as string) : null
  }
  setItem(key: string, value: string) {
    this[key] = value
  }
  removeItem(key: string) {
    delete this[key]
  }
}

/** What the server took, and how it answers. */
let taken: Uint8Array[]
let answer: () => Response
let asked: object[]
let signs: (asked: number) => object
let clock: number
let place: Place
let page: EventTarget & { visibilityState?: string }
let localStorage: Store

// The arithmetic itself has its own tests; here a blinded message is random and any signature fits.
const arithmetic = (): Arithmetic => ({
  blind: async () => ({ blinded: random(256), inverse: random(256) }),
  unblind: async () => random(256),
  close: () => {},
})

const session = {
  id: 's',
  person: 'me',
  now: () => clock,
  fetch: async (_name: string, body: object) => {
    asked.push(body)
    return signs(asked.length)
  },
} as unknown as Session

const signed = { with: { share: encode(new Uint8Array(256)), marks: encode(new Uint8Array(256)) } }
const refused = (reason: string) => ({ refusal: { code: 'conflict', reason, message: '' } })
const kind = (bytes: Uint8Array) => bytes[416]
const form = (bytes: Uint8Array) => bytes[4]

/** What the platform's cryptography still works out: it takes real time, however the clock is set. */
let reckoning = 0
const subtle = new Proxy(webcrypto.subtle, {
  get(target, name) {
    const method = Reflect.get(target, name) as unknown
    if (typeof method !== 'function') return method
    return async (...args: unknown[]) => {
      reckoning++
      try {
        return (await method.apply(target, args)) as unknown
      } finally {
        reckoning--
      }
    }
  },
})

beforeEach(() => {
  vi.stubGlobal('crypto', { subtle, getRandomValues: webcrypto.getRandomValues.bind(webcrypto) })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  ;[taken, asked, clock, page, localStorage] = [[], [], 90_000, new EventTarget(), new Store()]
  vi.stubGlobal('document', page)
  vi.stubGlobal('window', { localStorage })
  vi.stubGlobal('navigator', {})
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('removeEventListener', () => {})
  signs = () => signed
  answer = () => new Response(null, { status: 204 })
  vi.stubGlobal('fetch', async (_url: string, request: RequestInit) => {
    taken.push(request.body as Uint8Array)
    return answer()
  })
})

afterEach(() => {
  place?.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function sit(make: () => Arithmetic = arithmetic): Place {
  place = new Place(session, 'step', { phase: 'open', bowl: 'b', keys }, make())
  return place
}

/** The bowl as it stands now; returns when the place has taken notice. */
async function show(more: Partial<BowlEveryone>, own: object | undefined = { in: true }) {
  place.follow({ phase: 'open', bowl: 'b', keys, ...more }, own)
  await settle()
}

const settle = async () => {
  for (let quiet = 0; quiet < 50; quiet = reckoning === 0 ? quiet + 1 : 0) {
    await new Promise((done) => setImmediate(done))
  }
}

/** Lets time pass for timers and the server's clock alike. */
async function pass(ms: number) {
  clock += ms
  await vi.advanceTimersByTimeAsync(ms)
  await settle()
}

function record() {
  return new RecordKeep('s', 'b', 'me').read()!
}

async function name() {
  return body.tokenName(decode(record().share.prepared))
}

async function hide() {
  page.visibilityState = 'hidden'
  page.dispatchEvent(new Event('visibilitychange'))
  await settle()
}

describe('a place', () => {
  test('is kept before it is asked for, and got once', async () => {
    let kept = false
    signs = () => ((kept = record().share.blinded !== ''), signed)
    sit()
    await show({})
    await show({})
    expect(kept).toBe(true)
    expect(asked).toHaveLength(1)
    expect(place.standing).toBe('ready')
  })

  test('after a reload asks with the same messages, and not at all once signed', async () => {
    signs = () => refused('busy')
    sit()
    await show({})
    place.close()
    signs = () => signed
    sit()
    await show({})
    expect(asked[1]).toEqual(asked[0])
    place.close()
    sit()
    await show({})
    expect(asked).toHaveLength(2)
    expect(place.standing).toBe('ready')
  })

  test('that another device has is left to it; whoever came later is told', async () => {
    sit()
    await show({}, { in: true, signed: 'another' })
    await pass(1_000)
    expect(place.standing).toBe('elsewhere')
    expect(asked).toEqual([])
    place.close()
    sit()
    await show({}, {})
    await pass(1_000)
    expect(place.standing).toBe('outside')
  })

  test('is not doubted for a document that is a moment late', async () => {
    sit()
    await show({}, { in: true, signed: 'of the bowl before' })
    await show({}, { in: true })
    await pass(1_000)
    expect(place.standing).toBe('ready')
  })

  test('is refused when keys change or a signature is not theirs, and never posts', async () => {
    sit(() => ({ ...arithmetic(), unblind: () => Promise.reject(new Error('wrong')) }))
    await show({})
    expect(place.standing).toBe('refused')
    place.close()
    forgetBowls('s')
    sit()
    await show({})
    place.close()
    sit()
    await show({ keys: { ...keys, share: keys.marks } })
    expect(place.standing).toBe('refused')
    await show({ phase: 'closing', window: WINDOW, keys: { ...keys, share: keys.marks } })
    await pass(40_000)
    expect(taken).toEqual([])
  })

  test('a worker that did not load is asked for again, not suspected', async () => {
    sit(() => ({ ...arithmetic(), blind: () => Promise.reject(new Unloaded()) }))
    await show({})
    expect(place.standing).toBe('getting')
  })

  test('without cryptography says so', async () => {
    vi.stubGlobal('crypto', { getRandomValues: webcrypto.getRandomValues.bind(webcrypto) })
    sit()
    await show({})
    expect(place.standing).toBe('insecure')
  })
})

describe('the first body', () => {
  test('is one blank from whoever wrote nothing, after the time to finish and before the end', async () => {
    sit()
    await show({})
    clock = 100_000
    await show({ phase: 'closing', window: WINDOW })
    await pass(6_600)
    expect(taken).toEqual([])
    await pass(11_400)
    expect(taken).toHaveLength(1)
    expect([form(taken[0]!), kind(taken[0]!), taken[0]!.length]).toEqual([1, 0, 4096])
    await pass(20_000)
    expect(taken).toHaveLength(1)
  })

  test('holds what was put in last, and then nothing can be changed', async () => {
    sit()
    await show({})
    expect(await place.place(' first \n')).toBe('')
    expect(place.text).toBe('first')
    await place.place('second')
    await show({ phase: 'closing', window: WINDOW })
    await pass(40_000)
    expect(kind(taken[0]!)).toBe(1)
    expect(new TextDecoder().decode(taken[0]!.slice(552, 558))).toBe('second')
    expect(await place.place('third')).toBe('bowl_window_over')
    place.unplace()
    expect(place.text).toBe('second')
  })

  test('taken out again is a blank', async () => {
    sit()
    await show({})
    await place.place('words')
    place.unplace()
    await show({ phase: 'closing', window: WINDOW })
    await pass(40_000)
    expect(kind(taken[0]!)).toBe(0)
  })

  test('goes again, the very same, until it is there', async () => {
    sit()
    await show({})
    answer = () => new Response(null, { status: 503 })
    await show({ phase: 'closing', window: WINDOW })
    clock = 110_000
    await pass(40_000)
    const tries = taken.length
    expect(tries).toBeGreaterThan(2)
    expect(await place.place('too late')).toBe('bowl_window_over')
    answer = () => Response.json({ error: { reason: 'bowl_token_spent' } }, { status: 409 })
    await pass(5_000)
    expect(taken).toHaveLength(tries + 1)
    expect(new Set(taken.map((one) => encode(one))).size).toBe(1)
    expect(record().posted).toBe(true)
  })

  test('goes at once when the page is hidden: while open only what was written', async () => {
    sit()
    await show({})
    await hide()
    expect(taken).toEqual([])
    page.visibilityState = 'visible'
    await place.place('words')
    await hide()
    expect(taken).toHaveLength(1)
    expect(place.settled).toBe(true)
  })

  test('goes again in recovery if it was not heard, and not if it was', async () => {
    sit()
    await show({})
    await place.place('words')
    await show({ phase: 'closing', window: WINDOW })
    await pass(40_000)
    const recovery = { started: clock, ends: clock + 10_000 }
    await show({ phase: 'recovery', window: recovery, heard: { [await name()]: true } })
    await pass(10_000)
    expect(taken).toHaveLength(1)
    await show({ phase: 'recovery', window: { started: clock, ends: clock + 10_000 }, heard: {} })
    await pass(10_000)
    expect(taken).toHaveLength(2)
    expect(encode(taken[1]!)).toBe(encode(taken[0]!))
  })

  test('is not posted early when a closing bowl is opened again', async () => {
    sit()
    await show({})
    clock = 100_000
    await show({ phase: 'closing', window: WINDOW })
    await show({ phase: 'open' })
    await pass(60_000)
    expect(taken).toEqual([])
    expect(await place.place('still in time')).toBe('')
  })
})

describe('afterwards', () => {
  async function poured(text?: string, spent = true) {
    sit()
    await show({})
    if (text) await place.place(text)
    await show({ phase: 'closing', window: WINDOW })
    await pass(40_000)
    const token = await name()
    taken = []
    await show({ phase: 'poured', slot: SLOT, spent: spent ? { [token]: true } : {} })
    return token
  }

  test('words are placed if their token is spent, and said not to be if it is not', async () => {
    const token = await poured('words')
    expect(place.outcome).toBe('placed')
    await show({ phase: 'poured', slot: SLOT, spent: { another: true } })
    expect(place.outcome).toBe('not placed')
    expect(token).toHaveLength(22)
  })

  test('a blank that went before the words is not taken for them', async () => {
    await poured()
    const keep = new RecordKeep('s', 'b', 'me')
    keep.change(
      (now) =>
        (now.written = { text: 'w', key: '', privateKey: encode(random(32)), lock: '', reply: '', body: '' }),
    )
    await show({ phase: 'poured', slot: SLOT, spent: { [await name()]: true } })
    expect(place.outcome).toBe('not placed')
  })

  test('every slot has one body, blank or not, and what is done in between is not lost', async () => {
    await poured('words')
    await pass(2 * SLOT)
    const before = taken.length
    expect(taken.map(kind)).toEqual(taken.map(() => 0))
    place.mark('AAAA')
    place.takeBack()
    place.mark('BBBB')
    await pass(4 * SLOT)
    expect(place.outcome).toBe('taken back')
    const said = taken.slice(before).map(kind)
    expect(said.filter((one) => one === 3)).toHaveLength(1)
    expect(said.filter((one) => one === 2)).toHaveLength(1)
    expect(place.marked).toEqual(['AAAA', 'BBBB'])
    expect(new Set(taken.map(form))).toEqual(new Set([2]))
    expect(new Set(taken.map(({ length }) => length))).toEqual(new Set([4096]))
    await pass(4 * SLOT)
    expect(taken.length - before - said.length).toBeGreaterThanOrEqual(3)
  })

  test('a slot that was used is waited out, and said again in the next', async () => {
    await poured('words')
    place.takeBack()
    answer = () => Response.json({ error: { reason: 'bowl_slot_taken' } }, { status: 409 })
    await pass(2 * SLOT)
    expect(place.outcome).toBe('taking back')
    answer = () => new Response(null, { status: 204 })
    await pass(2 * SLOT)
    expect(place.outcome).toBe('taken back')
  })

  test('opens the answer that is to it, and no other, and answers back once', async () => {
    const token = await poured('words')
    const where = { session: 's', bowl: 'b' }
    const facilitator = await newKey()
    const mine = await sealAnswer(decode(record().written!.key), where, 'Come over', facilitator.public)
    const theirs = await sealAnswer((await newKey()).public, where, 'Not yours', facilitator.public)
    await show({
      phase: 'poured',
      slot: SLOT,
      spent: { [token]: true },
      answers: { a: encode(theirs), b: encode(mine) },
    })
    for (let i = 0; i < 100 && place.answers.length === 0; i++) await settle()
    await settle()
    expect(place.answers.map(({ text }) => text)).toEqual(['Come over'])
    await place.answerBack(place.answers[0]!, 'I will')
    await place.answerBack(place.answers[0]!, 'again')
    await pass(2 * SLOT)
    const reply = taken.find((one) => kind(one) === 4)!
    const opened = await openReply(facilitator.private, where, reply.slice(452, 452 + 2129) as never)
    expect(opened?.text).toBe('I will')
    expect(place.reply).toMatchObject({ to: 'b', sent: true })
  })

  test('nothing is left once it is forgotten, and what is old goes by itself', async () => {
    await poured('words')
    forgetOld(Date.now() - 1_000)
    expect(record()).not.toBeNull()
    place.close()
    forgetBowls('s')
    expect(Object.keys(localStorage)).toEqual([])
    localStorage.setItem('bowl:x:y:z', JSON.stringify({ at: 5 }))
    forgetOld(10)
    expect(Object.keys(localStorage)).toEqual([])
  })
})

describe('the words', () => {
  test('are tidied as the server does, and held to its limits', () => {
    expect(tidy('  a\t b \r\n\n\n\n c ')).toBe('a b\n\nc')
    expect(unfit(tidy(' \n '))).toBe('bowl_empty_share')
    expect(unfit('a\u202eb')).toBe('hidden_characters')
    expect(unfit('👩‍👧\nñ')).toBe('')
    expect(unfit('ñ'.repeat(1_772))).toBe('')
    expect(unfit('ñ'.repeat(1_773))).toBe('too_long')
    expect(unfit('a'.repeat(2_001))).toBe('too_long')
  })

  test('to compare are those of the server', () => {
    const lines = readFileSync(join(import.meta.dirname, '../../../facilitator/bowlwords.txt'), 'utf8')
      .trim()
      .split('\n')
    const words = JSON.parse(readFileSync(join(import.meta.dirname, 'words.json'), 'utf8'))
    expect(lines).toHaveLength(256)
    expect(words.en).toEqual(lines.map((line) => line.split(/\s+/)[0]))
    expect(words.es).toEqual(lines.map((line) => line.split(/\s+/)[1]))
  })
})

test('a fingerprint is that of both blinded messages', async () => {
  sit()
  await show({})
  const both = bytesJoin(decode(record().share.blinded), decode(record().marks.blinded))
  const mine = encode((await sha256(both)).subarray(0, 16))
  await show({}, { in: true, signed: mine })
  await pass(1_000)
  expect(place.standing).toBe('ready')
})
