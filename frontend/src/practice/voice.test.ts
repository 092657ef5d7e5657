import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BLINK, PATIENCE, RETRIES, Voice } from './voice'

interface Description {
  type: string
  sdp: string
}

/** A connection that does what it is told, as browsers do with offers that meet, and finds its way at once. */
class Connection {
  localDescription: Description | null = null
  remoteDescription: Description | null = null
  signalingState = 'stable'
  connectionState = 'new'
  onicecandidate: unknown = null
  ontrack: unknown = null
  onnegotiationneeded: (() => unknown) | null = null
  onconnectionstatechange: (() => void) | null = null
  transceivers: {
    sender: { track: unknown; replaceTrack(track: unknown): Promise<void> }
    direction: string
  }[] = []
  candidates: unknown[] = []
  closed = false
  taken = 0 // offers of its own that it took back
  /** Whether a way is found once both have described themselves. */
  reachable = () => true

  addTransceiver() {
    const sender = {
      track: null as unknown,
      replaceTrack: async (track: unknown) => void (sender.track = track),
    }
    this.transceivers.push({ sender, direction: 'sendrecv' })
    queueMicrotask(() => this.onnegotiationneeded?.())
    return { sender }
  }

  restartIce() {
    if (this.closed) throw new Error('closed')
    queueMicrotask(() => this.onnegotiationneeded?.())
  }

  getTransceivers() {
    return this.transceivers
  }

  async setLocalDescription() {
    if (this.closed) throw new Error('closed')
    const answer = this.signalingState === 'have-remote-offer'
    this.localDescription = { type: answer ? 'answer' : 'offer', sdp: 'x' }
    this.signalingState = answer ? 'stable' : 'have-local-offer'
    if (answer) this.settle()
  }

  async setRemoteDescription(description: Description) {
    if (this.closed) throw new Error('closed')
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer')
      throw new Error('no offer')
    if (description.type === 'offer' && this.signalingState === 'have-local-offer') this.taken++
    this.remoteDescription = description
    if (description.type === 'offer') {
      this.signalingState = 'have-remote-offer'
      if (!this.transceivers.length) {
        const needed = this.onnegotiationneeded
        this.onnegotiationneeded = null // an answer is all that is needed
        this.addTransceiver()
        queueMicrotask(() => (this.onnegotiationneeded = needed))
      }
    } else {
      this.signalingState = 'stable'
      this.settle()
    }
  }

  async addIceCandidate(candidate: unknown) {
    if (!this.remoteDescription) throw new Error('too early')
    this.candidates.push(candidate)
  }

  settle() {
    if (this.reachable()) this.become('connected')
  }

  become(state: string) {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }

  close() {
    this.closed = true
    this.signalingState = 'closed'
  }
}

/** Pages that hear each other at once. */
let pages: Record<string, Voice>
let connections: Record<string, Connection[]>
let said: [string, string, Record<string, unknown>][]
let microphone: { stop: ReturnType<typeof vi.fn> }
let reachable: boolean

beforeEach(() => {
  pages = {}
  connections = {}
  said = []
  reachable = true
  microphone = { stop: vi.fn() }
})

function page(me: string, people: string[]): Voice {
  const mine: Connection[] = (connections[me] = [])
  const voice = new Voice(
    {
      me,
      ice: [],
      changed: () => {},
      send: (to, word) => {
        said.push([me, to, word as Record<string, unknown>])
        void pages[to]?.hear(me, structuredClone(word))
      },
    },
    {
      open: () => {
        const made = new Connection()
        made.reachable = () => reachable
        mine.push(made)
        return made as unknown as RTCPeerConnection
      },
      microphone: async () => ({ getAudioTracks: () => [microphone] }) as unknown as MediaStream,
    },
  )
  pages[me] = voice
  voice.with(people)
  return voice
}

const settled = () => new Promise((resolve) => setTimeout(resolve))
const offers = () => said.filter(([, , word]) => (word.description as { type?: string })?.type === 'offer')

describe('finding each other', () => {
  test.each([
    ['ana', 'ben'],
    ['ben', 'ana'],
  ])('%s first, then %s: the same one offers, once', async (first, second) => {
    page(first, ['ana', 'ben'])
    await settled()
    page(second, ['ana', 'ben'])
    await settled()
    expect(offers().map(([from]) => from)).toEqual(['ben'])
    expect(pages.ana!.lines.get('ben')).toBe('connected')
    expect(pages.ben!.lines.get('ana')).toBe('connected')
  })

  test('whoever is not in the call, or not in the room, is not answered', async () => {
    const voice = page('ben', ['ana', 'ben'])
    await settled()
    expect(voice.lines.size).toBe(0)
    await voice.hear('eve', { tab: 'x', here: 'asked' })
    await voice.hear('ana', null)
    await voice.hear('ana', 'nonsense')
    expect(connections.ben).toEqual([])
  })

  test('a page that comes again is met anew, the old line is closed', async () => {
    page('ben', ['ana', 'ben'])
    page('ana', ['ana', 'ben'])
    await settled()
    page('ana', ['ana', 'ben'])
    await settled()
    expect(connections.ben!.map(({ closed }) => closed)).toEqual([true, false])
    expect(pages.ben!.lines.get('ana')).toBe('connected')
  })

  test('candidates that come before the answer wait for it', async () => {
    const voice = page('ben', ['ana', 'ben'])
    await voice.hear('ana', { tab: 'a', here: 'asked' })
    await settled()
    await voice.hear('ana', { tab: 'a', call: 1, candidate: { candidate: 'one' } })
    expect(connections.ben![0]!.candidates).toEqual([])
    await voice.hear('ana', { tab: 'a', call: 1, description: { type: 'answer', sdp: 'x' } })
    expect(connections.ben![0]!.candidates).toHaveLength(1)
    await voice.hear('ana', { tab: 'another', call: 1, candidate: { candidate: 'two' } })
    await voice.hear('ana', { tab: 'a', call: 7, candidate: { candidate: 'of another call' } })
    expect(connections.ben![0]!.candidates).toHaveLength(1)
  })
})

describe('leaving', () => {
  test('who leaves the room is hung up on', async () => {
    const ben = page('ben', ['ana', 'ben'])
    page('ana', ['ana', 'ben'])
    await settled()
    ben.with(['ben'])
    expect(connections.ben![0]!.closed).toBe(true)
    expect(ben.lines.size).toBe(0)
  })

  test('who leaves the call is waited for, not dialled', async () => {
    const ben = page('ben', ['ana', 'ben'])
    const ana = page('ana', ['ana', 'ben'])
    await settled()
    ana.close()
    expect(ben.lines.size).toBe(0)
    expect(connections.ben![0]!.closed).toBe(true)
    said = []
    await settled()
    expect(said).toEqual([])
  })
})

describe('offers that meet', () => {
  test('the polite page takes its own back, the other goes on with its own', async () => {
    const ben = page('ben', ['ana', 'ben'])
    const ana = page('ana', ['ana', 'ben'])
    await settled()
    said = []
    connections.ana![0]!.restartIce()
    connections.ben![0]!.restartIce()
    await settled()
    expect(
      offers()
        .map(([from]) => from)
        .sort(),
    ).toEqual(['ana', 'ben'])
    expect(connections.ana!.map(({ taken }) => taken)).toEqual([1])
    expect(connections.ben!.map(({ taken }) => taken)).toEqual([0])
    for (const name of ['ana', 'ben']) expect(connections[name]![0]!.signalingState).toBe('stable')
    expect([ana.lines.get('ben'), ben.lines.get('ana')]).toEqual(['connected', 'connected'])
  })
})

describe('a lost line', () => {
  const pass = (time: number) => vi.advanceTimersByTimeAsync(time)

  async function pair() {
    const both = [page('ben', ['ana', 'ben']), page('ana', ['ana', 'ben'])] as const
    await vi.advanceTimersByTimeAsync(1)
    return both
  }

  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('is mended by itself, on the same connection', async () => {
    const [ben] = await pair()
    connections.ben![0]!.become('failed')
    expect(ben.lines.get('ana')).toBe('calling')
    await pass(1)
    expect(ben.lines.get('ana')).toBe('connected')
    expect(connections.ben).toHaveLength(1)
  })

  test('may come back by itself for a moment first', async () => {
    const [ben] = await pair()
    said = []
    connections.ben![0]!.become('disconnected')
    await pass(BLINK - 1)
    expect(said).toEqual([])
    connections.ben![0]!.become('connected')
    await pass(PATIENCE * RETRIES)
    expect(said).toEqual([])
    expect(ben.lines.get('ana')).toBe('connected')
  })

  test('is dialled anew where the other page has lost its end of it', async () => {
    const [ben, ana] = await pair()
    connections.ana![0]!.close()
    connections.ben![0]!.become('failed')
    await pass(PATIENCE * 2)
    expect(ben.lines.get('ana')).toBe('connected')
    expect(ana.lines.get('ben')).toBe('connected')
    expect(connections.ben!.at(-1)!.closed).toBe(false)
  })

  test('is given up after some tries, said so, and can be tried again', async () => {
    const [ben, ana] = await pair()
    reachable = false
    said = []
    connections.ben![0]!.become('failed')
    await pass(PATIENCE * (RETRIES + 1))
    expect(ben.lines.get('ana')).toBe('failed')
    await pass(PATIENCE * (RETRIES + 1))
    expect([ben.lines.get('ana'), ana.lines.get('ben')]).toEqual(['failed', 'failed'])
    const dialled = said.filter(([, , word]) => word.here === 'asked').length
    expect(dialled).toBeLessThanOrEqual(2 * RETRIES)
    await pass(PATIENCE * 10)
    expect(said.filter(([, , word]) => word.here === 'asked')).toHaveLength(dialled)
    reachable = true
    ben.again('ana')
    await pass(1)
    expect(ben.lines.get('ana')).toBe('connected')
  })

  test('is dialled again when the way to the server is back', async () => {
    const [ben] = await pair()
    reachable = false
    connections.ben![0]!.become('failed')
    await pass(PATIENCE * 2 * (RETRIES + 1))
    expect(ben.lines.get('ana')).toBe('failed')
    reachable = true
    ben.revive()
    await pass(1)
    expect(ben.lines.get('ana')).toBe('connected')
  })

  test('to somebody who never answers is a failure after a while', async () => {
    const ben = page('ben', ['ana', 'ben'])
    await ben.hear('ana', { tab: 'a', here: 'asked' })
    expect(ben.lines.get('ana')).toBe('calling')
    await pass(PATIENCE * (RETRIES + 1))
    expect(ben.lines.get('ana')).toBe('failed')
  })
})

describe('the microphone', () => {
  test('is off until tapped, on every line, and given back', async () => {
    const ben = page('ben', ['ana', 'ben'])
    page('ana', ['ana', 'ben'])
    await settled()
    const { sender } = connections.ben![0]!.transceivers[0]!
    expect(sender.track).toBeNull()
    await ben.speak(true)
    expect(sender.track).toBe(microphone)
    await ben.speak(false)
    expect(sender.track).toBeNull()
    expect(microphone.stop).toHaveBeenCalled()
  })
})
