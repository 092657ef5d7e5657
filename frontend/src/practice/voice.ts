// Voice between the people of one room, from browser to browser. Nothing of it passes the server but
// what two pages need to find each other. One of each two makes the offers, so that offers never meet.

/** The most people a call holds: each sends to each. */
export const MOST = 4

/** How long two pages look for a way to each other before it is called a failure, in milliseconds. */
const PATIENCE = 20_000

export type Line = 'calling' | 'connected' | 'failed'

interface Word {
  /** The page that says it; somebody may have two. */
  tab: string
  /** The page it is meant for. */
  for?: string
  /** I am in the call: begin anew with me. */
  here?: 'asked' | 'answered'
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
  early: RTCIceCandidateInit[]
  patience: ReturnType<typeof setTimeout>
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
    this.#say(person, { here: 'asked' })
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
    if (!this.#people.includes(from) || typeof word?.tab !== 'string') return
    if (word.for !== undefined && word.for !== this.#tab) return
    try {
      if (word.here) await this.#meet(from, word)
      else if (word.description) await this.#describe(from, word.tab, word.description)
      else if (word.candidate) await this.#candidate(from, word.tab, word.candidate)
    } catch {
      this.#become(from, 'failed')
    }
  }

  close() {
    this.#closed = true
    this.#people.forEach((person) => this.#hangUp(person))
    this.#people = []
    this.#microphone?.stop()
    this.#microphone = null
    this.speaking = false
  }

  async #meet(from: string, { tab, here }: Word) {
    this.#hangUp(from)
    if (this.#options.me < from) {
      if (here === 'asked') this.#say(from, { for: tab, here: 'answered' })
      return
    }
    const { connection } = this.#open(from, tab)
    const { sender } = connection.addTransceiver('audio', { direction: 'sendrecv' })
    await sender.replaceTrack(this.#microphone)
    await connection.setLocalDescription()
    this.#say(from, { for: tab, description: connection.localDescription! })
  }

  async #describe(from: string, tab: string, description: RTCSessionDescriptionInit) {
    const peer = description.type === 'offer' ? this.#open(from, tab) : this.#peer(from, tab)
    if (!peer) return
    const { connection } = peer
    await connection.setRemoteDescription(description)
    for (const candidate of peer.early.splice(0)) await connection.addIceCandidate(candidate)
    if (description.type !== 'offer') return
    for (const transceiver of connection.getTransceivers()) transceiver.direction = 'sendrecv'
    await this.#lend(connection)
    await connection.setLocalDescription()
    this.#say(from, { for: tab, description: connection.localDescription! })
  }

  async #candidate(from: string, tab: string, candidate: RTCIceCandidateInit) {
    const peer = this.#peer(from, tab)
    if (!peer) return
    if (peer.connection.remoteDescription) await peer.connection.addIceCandidate(candidate)
    else peer.early.push(candidate)
  }

  #open(person: string, tab: string): Peer {
    this.#hangUp(person)
    const connection = this.#around.open(this.#options.ice)
    const patience = setTimeout(() => this.#become(person, 'failed'), PATIENCE)
    const peer: Peer = { connection, tab, early: [], patience }
    this.#peers.set(person, peer)
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) this.#say(person, { for: tab, candidate: candidate.toJSON() })
    }
    connection.ontrack = ({ track }) => {
      this.sounds.set(person, new MediaStream([track]))
      this.#options.changed()
    }
    connection.onconnectionstatechange = () => this.#changed(person, peer)
    this.#become(person, 'calling')
    return peer
  }

  #changed(person: string, { connection, patience }: Peer) {
    if (connection.connectionState === 'connected') {
      clearTimeout(patience)
      this.#become(person, 'connected')
    } else if (connection.connectionState === 'failed') this.#become(person, 'failed')
    else if (connection.connectionState === 'disconnected') this.#become(person, 'calling')
  }

  #lend(connection: RTCPeerConnection) {
    return Promise.all(
      connection.getTransceivers().map(({ sender }) => sender.replaceTrack(this.#microphone)),
    )
  }

  #peer(person: string, tab: string): Peer | undefined {
    const peer = this.#peers.get(person)
    return peer?.tab === tab ? peer : undefined
  }

  #become(person: string, line: Line) {
    this.lines.set(person, line)
    this.#options.changed()
  }

  #hangUp(person: string) {
    const peer = this.#peers.get(person)
    this.#peers.delete(person)
    this.sounds.delete(person)
    this.lines.delete(person)
    if (peer) {
      clearTimeout(peer.patience)
      peer.connection.onicecandidate = peer.connection.ontrack = null
      peer.connection.onconnectionstatechange = null
      peer.connection.close()
    }
    this.#options.changed()
  }

  #say(to: string, word: Omit<Word, 'tab'>) {
    this.#options.send(to, { tab: this.#tab, ...word })
  }
}
