// A program under test: started on its own, its output read line by line, ended by its own process id.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export class Child {
  readonly said: string[] = []
  readonly log: string[] = []
  #process: ChildProcess

  /** What it writes outside of folders it is told of goes to `scratch`: it begins there, and takes it for home and /tmp. */
  constructor(file: string, args: string[], scratch?: string) {
    this.#process = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: scratch,
      env: { ...process.env, ...(scratch && { TMPDIR: scratch, HOME: scratch }) },
    })
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.said.push(line))
    createInterface({ input: this.#process.stderr! }).on('line', (line) => this.log.push(line))
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  get status(): number | null {
    return this.#process.exitCode
  }

  /** Waits until `look` finds something; fails early, with the log, when the program ends before. */
  async until<T>(what: string, look: () => T | undefined, patience = 30_000): Promise<T> {
    const end = Date.now() + patience
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (!this.running || Date.now() > end) {
        throw new Error(`waited for ${what}\n${[...this.said, ...this.log].slice(-30).join('\n')}`)
      }
      await new Promise((done) => setTimeout(done, 20))
    }
  }

  /** Sends the signal and waits for the end. A program that ignores SIGTERM for 10 s is killed, and that is an error. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (!this.running) return
    const ended = once(this.#process, 'exit')
    this.#process.kill(signal)
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(late)
    if (signal === 'SIGTERM' && this.#process.signalCode === 'SIGKILL') {
      throw new Error(`did not end within 10 s of SIGTERM\n${this.log.slice(-30).join('\n')}`)
    }
  }
}
