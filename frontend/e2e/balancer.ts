// Stands for the load balancer: one address, several nodes behind it, no stickiness, no knowledge of what passes.

import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

export class Balancer {
  #server: Server
  #nodes: number[] = []
  #turn = 0
  #open = new Set<Socket>()

  private constructor() {
    this.#server = createServer((socket) => this.#forward(socket, this.#nodes.length))
  }

  static async start(): Promise<Balancer> {
    const balancer = new Balancer()
    await new Promise<void>((done) => balancer.#server.listen(0, '127.0.0.1', done))
    return balancer
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Ports of the nodes, in the order in which new connections try them; every connection begins at the next one. */
  to(...ports: number[]) {
    this.#nodes = ports
    this.#turn = 0
  }

  #forward(socket: Socket, tries: number) {
    const port = this.#nodes[this.#turn++ % this.#nodes.length]
    if (port === undefined || tries === 0) return void socket.destroy()
    const node = connect(port, '127.0.0.1')
    socket.once('error', () => node.destroy())
    node.once('connect', () => {
      this.#join(socket, node)
      socket.pipe(node)
      node.pipe(socket)
    })
    node.once('error', () => {
      if (!this.#open.has(node)) this.#forward(socket, tries - 1)
    })
  }

  #join(a: Socket, b: Socket) {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#open.delete(one)
        other.destroy()
      })
    }
  }

  /** Cuts every connection that is open; new ones are taken. */
  cut() {
    for (const socket of this.#open) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((done) => this.#server.close(done))
  }
}
