import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Voice } from './voice'

/** A connection that does what it is told and finds its way at once. */
class Connection {
  localDescription: { type: string; sdp: string } | null = null
  remoteDescription: { type: string } | null = null
  connectionState = 'new'
  onicecandidate: unknown = null
  ontrack: unknown = null
  onconnectionstatechange: (() => void) | null = null
  transceivers: {
    sender: { track: unknown; replaceTrack(track: unknown): Promise<void> }
    direction: string
  }[] = []
  candidates: unknown[] = []
  closed = false

  addTransceiver() {
    const sender = {
      track: null as unknown,
      replaceTrack: async (track: unknown) => void (sender.track = track),
    }
    this.transceivers.push({ sender, direction: 'sendrecv' })
    return { sender }
  }

  getTransceivers() {
    return this.transceivers
  }

  async setLocalDescription() {
    this.localDescription = { type: this.remoteDescription ? 'answer' : 'offer', sdp: 'x' }
  }

  async setRemoteDescription(description: { type: string }) {
    this.remoteDescription = description
    if (description.type === 'offer') this.addTransceiver()
    this.become('connected')
  }

  async addIceCandidate(candidate: unknown) {
    if (!this.remoteDescription) throw new Error('too early')
    this.candidates.push(candidate)
  }

  become(state: string) {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }

  close() {
    this.closed = true
  }
}

/** Pages that hear each other at once. */
let pages: Record<string, Voice>
let connections: Record<string, Connection[]>
let said: [string, string, Record<string, unknown>][]
let microphone: { stop: ReturnType<typeof vi.fn> }

beforeEach(() => {
  pages = {}
  connections = {}
  said = []
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
    await voice.hear('ana', { tab: 'a', candidate: { candidate: 'one' } })
    expect(connections.ben![0]!.candidates).toEqual([])
    await voice.hear('ana', { tab: 'a', description: { type: 'answer', sdp: 'x' } })
    expect(connections.ben![0]!.candidates).toHaveLength(1)
    await voice.hear('ana', { tab: 'another', candidate: { candidate: 'two' } })
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

  test('a line that fails says so, and can be tried again', async () => {
    const ben = page('ben', ['ana', 'ben'])
    page('ana', ['ana', 'ben'])
    await settled()
    connections.ben![0]!.become('failed')
    expect(ben.lines.get('ana')).toBe('failed')
    ben.again('ana')
    await settled()
    expect(ben.lines.get('ana')).toBe('connected')
  })

  test('a way that is never found is a failure after a while', async () => {
    vi.useFakeTimers()
    const ben = page('ben', ['ana', 'ben'])
    await ben.hear('ana', { tab: 'a', here: 'asked' })
    expect(ben.lines.get('ana')).toBe('calling')
    vi.advanceTimersByTime(20_000)
    expect(ben.lines.get('ana')).toBe('failed')
    vi.useRealTimers()
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
