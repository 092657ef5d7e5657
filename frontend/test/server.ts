// A server of one connection at a time, played by hand: it hears what the app sends and says what
// the test tells it to.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Frame = Record<string, unknown>

/** One connection as the app opened it. */
export class Line {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  /** What the app sent, in its order. */
  heard: Frame[] = []
  closed = false

  send(text: string) {
    this.heard.push(JSON.parse(text) as Frame)
  }

  close() {
    this.closed = true
  }

  // The server's side.

  accept(welcome: Frame = {}) {
    this.onopen?.()
    this.say({
      welcome: { session: 's', person: 'me', role: 'participant', now: Date.now(), docs: {}, ...welcome },
    })
  }

  say(frame: unknown) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  lose(code = 1006, reason = '') {
    this.onclose?.({ code, reason })
  }

  /** The commands heard, without hello and beats. */
  get commands(): Frame[] {
    return this.heard.filter((frame) => 'do' in frame)
  }
}

export class Server {
  lines: Line[] = []

  surroundings = {
    url: 'ws://test/ws',
    random: () => 1, // the longest wait of each attempt
    open: () => {
      const line = new Line()
      this.lines.push(line)
      return line as unknown as WebSocket
    },
  }

  /** The newest connection. */
  get line(): Line {
    const line = this.lines.at(-1)
    if (!line) throw new Error('the app has not connected')
    return line
  }
}

/** An example of the protocol, as its own tests read it too. */
export function example(name: string): Frame {
  const file = join(import.meta.dirname, '..', '..', 'realtime', 'testdata', 'protocol', `${name}.json`)
  return JSON.parse(readFileSync(file, 'utf8')) as Frame
}
