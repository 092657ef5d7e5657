// A NATS server of its own process, for tests in which two nodes share one log.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wordsIn } from './bytes'
import { Child } from './child'
import { program } from './programs'

export class Nats {
  #folder = mkdtempSync(join(tmpdir(), 'mend-nats-'))
  #child!: Child
  #port = -1
  url = ''

  static async start(): Promise<Nats> {
    const nats = new Nats()
    await nats.again()
    return nats
  }

  /** Starts, or starts again on the same port with what is stored. */
  async again(): Promise<void> {
    const config = join(this.#folder, 'nats.conf')
    writeFileSync(
      config,
      `host: 127.0.0.1
       port: ${this.#port}
       ports_file_dir: ${JSON.stringify(this.#folder)}
       jetstream { store_dir: ${JSON.stringify(join(this.#folder, 'store'))}, sync_interval: always }`,
    )
    for (const name of this.#ports()) rmSync(join(this.#folder, name))
    this.#child = new Child(program('nats-server'), ['-c', config], this.#folder)
    this.url = await this.#child.until('the ports file', () => this.#address())
    this.#port = Number(new URL(this.url).port)
  }

  stop(): Promise<void> {
    return this.#child.end()
  }

  async clear(): Promise<void> {
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** Which of the words stand anywhere in what it stored, or in its temporary files. */
  words(...words: string[]): string[] {
    return wordsIn(this.#folder, words)
  }

  #ports(): string[] {
    return readdirSync(this.#folder).filter((name) => name.endsWith('.ports'))
  }

  #address(): string | undefined {
    const [name] = this.#ports()
    if (!name) return undefined
    try {
      const ports = JSON.parse(readFileSync(join(this.#folder, name), 'utf8')) as { nats: string[] }
      return ports.nats[0]
    } catch {
      return undefined // half written
    }
  }
}
