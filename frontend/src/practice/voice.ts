// Voice between the people of one room, from browser to browser. Nothing of it passes the server but what two pages need
// to find each other. Which of two pages gives way when both make an offer at once is settled beforehand (“perfect
// negotiation”): the polite one takes its own back. A line that breaks is mended a few times, then said to be lost.

/** The most people a call holds: each sends to each. */
export const MOST = 4

/** How often a lost line is mended or dialled anew by itself. */
export const RETRIES = 3

/** How long two pages look for a way to each other before the next try, in milliseconds. */
export const PATIENCE = 15_000

/** How long a broken line may come back by itself. */
export const BLINK = 5_000

export type Line = 'calling' | 'connected' | 'failed'

interface Word {
  /** The page that says it; somebody may have two. */
  tab: string
  /** The page it is meant for. */
  for?: string
  /** I am in the call: begin anew with me. */
  here?: 'asked' | 'answered'
  /** I have left the call. */
  bye?: true
  /** Which of the connections between these pages the rest is about. */
  call?: number
  description?: RTCSessionDescriptionInit
  candidate?: RTCIceCandidateInit
}

export interface Surroundings {
  open(ice: RTCIceServer[]): RTCPeerConnection
  microphone(): Promise<MediaStream>
}

interface Peer {
  connection: RTCPeerConnection
  tab: string
  call: number
  early: RTCIceCandidateInit[]
  offering: boolean
  answering: boolean
  ignoring: boolean
}

interface Options {
  me: string
  ice: RTCIceServer[]
  send(to: string, word: unknown): void
  /** A line changed, or somebody's sound came. */
  changed(): void
}

export class Voice {
  lines = new Map<string, Line>()
  sounds = new Map<string, MediaStream>()
  speaking = false
  #options: Options
  #around: Surroundings
  #tab = crypto.getRandomValues(new Uint32Array(2)).join('-')
  #peers = new Map<string, Peer>()
  #people: string[] = []
  #tries = new Map<string, number>()
  #patience = new Map<string, ReturnType<typeof setTimeout>>()
  #calls = 0
  #microphone: MediaStreamTrack | null = null
  #closed = false

  constructor(options: Options, around: Partial<Surroundings> = {}) {
    this.#options = options
    this.#around = {
      open: (iceServers) => new RTCPeerConnection({ iceServers }),
      microphone: () => navigator.mediaDevices.getUserMedia({ audio: true }),
      ...around,
    }
  }

  /** Calls those who have come and hangs up on those who have left. */
  with(people: string[]) {
    const others = people.filter((person) => person !== this.#options.me)
    const left = this.#people.filter((person) => !others.includes(person))
    const came = others.filter((person) => !this.#people.includes(person))
    this.#people = others
    left.forEach((person) => this.#hangUp(person))
    came.forEach((person) => this.#say(person, { here: 'asked' }))
  }

  /** Tries once more with somebody where it failed. */
  again(person: string) {
    this.#hangUp(person)
    this.#tries.delete(person)
    this.#await(person)
    this.#say(person, { here: 'asked' })
  }

  /** The way to the server is back: so may be that to the others. */
  revive() {
    for (const [person, line] of [...this.lines]) if (line !== 'connected') this.again(person)
  }

  /** Turns the microphone on or off; throws what the browser throws where it is not allowed. */
  async speak(on: boolean) {
    if (on && !this.#microphone) {
      const track = (await this.#around.microphone()).getAudioTracks()[0] ?? null
      if (this.#closed) return track?.stop()
      this.#microphone = track
    }
    if (!on) {
      this.#microphone?.stop()
      this.#microphone = null
    }
    this.speaking = this.#microphone !== null
    await Promise.all([...this.#peers.values()].map(({ connection }) => this.#lend(connection)))
    this.#options.changed()
  }

  /** Hears a signal; those of people who are not in the room pass by. */
  async hear(from: string, data: unknown) {
    const word = data as Word
    if (this.#closed || !this.#people.includes(from) || typeof word?.tab !== 'string') return
    if (word.for !== undefined && word.for !== this.#tab) return
    try {
      if (word.bye) this.#left(from, word.tab)
      else if (word.here) await this.#meet(from, word)
      else if (word.description) await this.#describe(from, word, word.description)
      else if (word.candidate) await this.#candidate(from, word, word.candidate)
    } catch {
      this.#lost(from)
    }
  }

  close() {
    for (const person of this.#people) {
      if (this.lines.has(person)) this.#say(person, { bye: true })
      this.#hangUp(person)
    }
    this.#closed = true
    this.#people = []
    this.#microphone?.stop()
    this.#microphone = null
    this.speaking = false
  }

  #polite(person: string) {
    return this.#options.me < person
  }

  /** The polite page waits for the first offer; later both may make one. */
  async #meet(from: string, { tab, here }: Word) {
    if (here === 'asked' && this.lines.has(from)) this.#tries.set(from, this.#tried(from) + 1)
    this.#hangUp(from)
    this.#await(from)
    if (this.#polite(from)) {
      if (here === 'asked') this.#say(from, { for: tab, here: 'answered' })
      return
    }
    const { connection } = this.#open(from, tab, ++this.#calls)
    const { sender } = connection.addTransceiver('audio', { direction: 'sendrecv' })
    await sender.replaceTrack(this.#microphone)
  }

  async #offer(person: string, peer: Peer) {
    peer.offering = true
    try {
      await peer.connection.setLocalDescription()
      this.#describeMe(person, peer)
    } catch {
      this.#lost(person)
    } finally {
      peer.offering = false
    }
  }

  async #describe(from: string, { tab, call = 0 }: Word, description: RTCSessionDescriptionInit) {
    const offered = description.type === 'offer'
    const known = this.#peers.get(from)
    const newer = known?.tab !== tab || known.call < call
    const first = offered && this.#polite(from) && newer
    const peer = first ? this.#open(from, tab, call) : this.#peer(from, tab, call)
    if (!peer) return
    const { connection } = peer
    const free = !peer.offering && (connection.signalingState === 'stable' || peer.answering)
    peer.ignoring = offered && !free && !this.#polite(from)
    if (peer.ignoring) return
    peer.answering = !offered
    await connection.setRemoteDescription(description) // the polite page's own offer is taken back by this
    peer.answering = false
    for (const candidate of peer.early.splice(0)) await connection.addIceCandidate(candidate)
    if (!offered) return
    for (const transceiver of connection.getTransceivers()) transceiver.direction = 'sendrecv'
    await this.#lend(connection)
    await connection.setLocalDescription()
    this.#describeMe(from, peer)
  }

  async #candidate(from: string, { tab, call = 0 }: Word, candidate: RTCIceCandidateInit) {
    const peer = this.#peer(from, tab, call)
    if (!peer) return
    if (!peer.connection.remoteDescription) return void peer.early.push(candidate)
    try {
      await peer.connection.addIceCandidate(candidate)
    } catch (error) {
      if (!peer.ignoring) throw error
    }
  }

  #open(person: string, tab: string, call: number): Peer {
    this.#hangUp(person)
    this.#await(person)
    const connection = this.#around.open(this.#options.ice)
    const peer: Peer = {
      connection,
      tab,
      call,
      early: [],
      offering: false,
      answering: false,
      ignoring: false,
    }
    this.#peers.set(person, peer)
    connection.onnegotiationneeded = () => this.#offer(person, peer)
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) this.#say(person, { for: tab, call, candidate: candidate.toJSON() })
    }
    connection.ontrack = ({ track }) => {
      this.sounds.set(person, new MediaStream([track]))
      this.#options.changed()
    }
    connection.onconnectionstatechange = () => this.#changed(person, connection.connectionState)
    return peer
  }

  #changed(person: string, state: RTCPeerConnectionState) {
    if (state === 'connected') {
      this.#tries.delete(person)
      clearTimeout(this.#patience.get(person))
      this.#become(person, 'connected')
    } else if (state === 'disconnected') this.#await(person, BLINK)
    else if (state === 'failed') this.#lost(person)
  }

  /** A way is being looked for; when that takes too long it is lost. */
  #await(person: string, patience = PATIENCE) {
    clearTimeout(this.#patience.get(person))
    this.#patience.set(
      person,
      setTimeout(() => this.#lost(person), patience),
    )
    this.#become(person, 'calling')
  }

  /** Mends a line that was there, then dials anew, then gives up. */
  #lost(person: string) {
    if (this.#closed || !this.#people.includes(person)) return
    const tries = this.#tried(person)
    if (tries >= RETRIES) {
      clearTimeout(this.#patience.get(person))
      return this.#become(person, 'failed')
    }
    this.#tries.set(person, tries + 1)
    this.#await(person)
    const connection = this.#peers.get(person)?.connection
    if (tries === 0 && connection?.remoteDescription && connection.signalingState !== 'closed')
      connection.restartIce()
    else this.#say(person, { here: 'asked' })
  }

  /** How often since it was last there, by either page. */
  #tried(person: string) {
    return this.#tries.get(person) ?? 0
  }

  #left(person: string, tab: string) {
    if ((this.#peers.get(person)?.tab ?? tab) !== tab) return
    this.#hangUp(person)
    this.#tries.delete(person)
  }

  #lend(connection: RTCPeerConnection) {
    return Promise.all(
      connection.getTransceivers().map(({ sender }) => sender.replaceTrack(this.#microphone)),
    )
  }

  #peer(person: string, tab: string, call: number): Peer | undefined {
    const peer = this.#peers.get(person)
    return peer?.tab === tab && peer.call === call ? peer : undefined
  }

  #become(person: string, line: Line) {
    this.lines.set(person, line)
    this.#options.changed()
  }

  #hangUp(person: string) {
    const connection = this.#peers.get(person)?.connection
    this.#peers.delete(person)
    this.sounds.delete(person)
    this.lines.delete(person)
    clearTimeout(this.#patience.get(person))
    if (connection) {
      connection.onicecandidate = connection.ontrack = connection.onnegotiationneeded = null
      connection.onconnectionstatechange = null
      connection.close()
    }
    this.#options.changed()
  }

  #describeMe(person: string, { connection, tab, call }: Peer) {
    this.#say(person, { for: tab, call, description: connection.localDescription! })
  }

  #say(to: string, word: Omit<Word, 'tab'>) {
    this.#options.send(to, { tab: this.#tab, ...word })
  }
}
