// One `mend serve`, as an operator would start it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wordsIn } from './bytes'
import { Child } from './child'
import { program } from './programs'

export interface Links {
  facilitator: string
  join: string
  code: string
  stage: string
}

export interface Options {
  /** Opens a demo session at once, which is what most tests need. */
  demo?: boolean
  /** Further flags of `mend serve`. */
  flags?: string[]
  /** The data folder; by default a new one that `clear` removes. */
  data?: string
  /** The address to listen on; a restart passes the old one, so that open pages find it again. */
  listen?: string
}

export class Mend {
  readonly data: string
  /** Where it would put temporary files. */
  readonly scratch = mkdtempSync(join(tmpdir(), 'mend-scratch-'))
  /** The links into the demo session. */
  links!: Links
  /** The address people type, without a path. */
  origin = ''
  child!: Child
  #flags: string[]

  private constructor(options: Options) {
    this.data = options.data ?? mkdtempSync(join(tmpdir(), 'mend-data-'))
    this.#flags = [...(options.demo === false ? [] : ['--demo']), ...(options.flags ?? [])]
  }

  static async start(options: Options = {}): Promise<Mend> {
    const mend = new Mend(options)
    await mend.#start(options.listen ?? '127.0.0.1:0')
    return mend
  }

  async #start(listen: string) {
    const args = ['serve', '--listen', listen, '--data', this.data, ...this.#flags]
    this.child = new Child(program('mend'), args, this.scratch)
    await this.child.until('ready', () => this.child.said.find((line) => line.trim() === 'ready'))
    const demo = this.#flags.includes('--demo')
    this.origin = new URL(this.printed(demo ? 'join' : 'home')).origin
    if (!demo) return
    this.links = {
      facilitator: this.printed('facilitator'),
      join: this.printed('join'),
      code: this.printed('code'),
      stage: this.printed('stage'),
    }
  }

  /** What stands after the name on its line of standard output. */
  printed(name: string): string {
    const line = this.child.said.find((line) => line.startsWith(`${name}: `))
    if (!line) throw new Error(`no line "${name}: …" before ready:\n${this.child.said.join('\n')}`)
    return line.slice(name.length + 2).trim()
  }

  get port(): number {
    return Number(new URL(this.origin).port)
  }

  stop(): Promise<void> {
    return this.child.end('SIGTERM')
  }

  kill(): Promise<void> {
    return this.child.end('SIGKILL')
  }

  /** Starts again on the same data and the same port. */
  async again(): Promise<void> {
    await this.stop()
    await this.#start(new URL(this.origin).host)
  }

  /** Ends the program and forgets its data. */
  async clear(): Promise<void> {
    await this.stop()
    for (const folder of [this.data, this.scratch]) rmSync(folder, { recursive: true, force: true })
  }

  /** Which of the words stand anywhere in the bytes of its data and its temporary files, as they are or as JSON writes them. */
  words(...words: string[]): string[] {
    return [...new Set([this.data, this.scratch].flatMap((folder) => wordsIn(folder, words)))]
  }
}
