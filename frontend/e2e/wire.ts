// A WebSocket client written from the RFC, small enough to send what no browser would: broken UTF-8, frames too long, nothing at all.

import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export type Frame = Record<string, unknown>

const TEXT = 0x1
const CLOSE = 0x8
const PING = 0x9
const PONG = 0xa

export class Wire {
  readonly frames: Frame[] = []
  /** The close code, once the server closed; 1006 when the line just broke. */
  closed: number | undefined
  onclose: ((code: number) => void) | undefined
  #socket: Socket
  #bytes: Buffer = Buffer.alloc(0)
  #part: Buffer[] = []
  #upgraded = false
  #refused: string | undefined

  private constructor(origin: string, headers: Record<string, string>) {
    const url = new URL(origin)
    this.#socket = connect(Number(url.port), url.hostname)
    const lines = {
      Host: url.host,
      Origin: url.origin,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      ...headers,
    }
    const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#socket.write(`GET /ws HTTP/1.1\r\n${text.join('')}\r\n`)
    this.#socket.on('data', (data) => this.#read(data))
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.closed ??= 1006
      this.onclose?.(this.closed)
    })
  }

  /** Opens a socket; throws the status line when the server refuses to. */
  static async open(origin: string, headers: Record<string, string> = {}): Promise<Wire> {
    const wire = new Wire(origin, headers)
    await wire.until('the upgrade', () => wire.#upgraded || wire.#refused || wire.closed)
    if (!wire.#upgraded) throw new Error(wire.#refused ?? 'closed before the upgrade')
    return wire
  }

  /** Opens a socket and says hello; resolves with the welcome. */
  static async hello(origin: string, token: string, client = randomBytes(8).toString('hex')): Promise<Wire> {
    const wire = await Wire.open(origin)
    wire.say({ hello: { token, client, docs: {} } })
    await wire.frame('welcome')
    return wire
  }

  say(frame: Frame) {
    this.send(Buffer.from(JSON.stringify(frame)))
  }

  send(payload: Buffer, opcode = TEXT) {
    const mask = randomBytes(4)
    const length =
      payload.length < 126
        ? [0x80 | payload.length]
        : payload.length < 65536
          ? [0x80 | 126, payload.length >> 8, payload.length & 255]
          : [0x80 | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (payload.length >>> shift) & 255)]
    const masked = payload.map((byte, i) => byte ^ mask[i % 4]!)
    this.#socket.write(Buffer.concat([Buffer.from([0x80 | opcode, ...length]), mask, masked]))
  }

  /** The next frame, or one already heard, that has this key. */
  async frame(key: string, patience = 30_000): Promise<Frame> {
    return this.until(`a frame "${key}"`, () => this.frames.find((frame) => key in frame), patience)
  }

  /** Sends a command and waits for its answer, `ok` or `no`. */
  async ask(id: number, name: string, body: unknown = {}): Promise<Frame> {
    const heard = this.frames.length
    this.say({ id, do: name, with: body })
    return this.until(`the answer to ${name}`, () =>
      this.frames.slice(heard).find((frame) => frame.ok === id || frame.no === id),
    )
  }

  async end(patience = 30_000): Promise<number> {
    return this.until('the close', () => this.closed, patience)
  }

  /** Stops reading: the server's frames then wait in its buffers. */
  pause() {
    this.#socket.pause()
  }

  close() {
    this.#socket.destroy()
  }

  async until<T>(what: string, look: () => T | undefined, patience = 30_000): Promise<NonNullable<T>> {
    const end = Date.now() + patience
    for (;;) {
      const found = look()
      if (found) return found
      if (Date.now() > end || (this.closed && what !== 'the close')) {
        throw new Error(
          `waited for ${what}; heard ${JSON.stringify(this.frames).slice(-600)}, closed ${this.closed}`,
        )
      }
      await new Promise((done) => setTimeout(done, 5))
    }
  }

  #read(data: Buffer) {
    this.#bytes = Buffer.concat([this.#bytes, data])
    if (!this.#upgraded && !this.#upgrade()) return
    while (this.#one()) {
      // as many frames as have arrived whole
    }
  }

  #upgrade(): boolean {
    const end = this.#bytes.indexOf('\r\n\r\n')
    if (end < 0) return false
    const status = this.#bytes.subarray(0, end).toString().split('\r\n')[0]!
    this.#bytes = this.#bytes.subarray(end + 4)
    this.#upgraded = status.includes(' 101 ')
    if (!this.#upgraded) this.#refused = status
    return this.#upgraded
  }

  #one(): boolean {
    const bytes = this.#bytes
    if (bytes.length < 2) return false
    let [length, at] = [bytes[1]! & 127, 2]
    if (length >= 126) {
      const wide = length === 126 ? 2 : 8
      if (bytes.length < 2 + wide) return false
      length = wide === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
      at = 2 + wide
    }
    if (bytes.length < at + length) return false
    this.#bytes = bytes.subarray(at + length)
    this.#take(bytes[0]!, bytes.subarray(at, at + length))
    return true
  }

  #take(head: number, payload: Buffer) {
    const opcode = head & 15
    if (opcode === PING) return this.send(payload, PONG)
    if (opcode === CLOSE) {
      this.closed = payload.length >= 2 ? payload.readUInt16BE(0) : 1005
      this.send(payload.subarray(0, 2), CLOSE)
      return void this.#socket.end()
    }
    if (opcode === PONG) return
    this.#part.push(payload)
    if ((head & 0x80) === 0) return
    this.frames.push(JSON.parse(Buffer.concat(this.#part).toString()) as Frame)
    this.#part = []
  }
}
