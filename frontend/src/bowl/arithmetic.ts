// The page's end of the worker.

import type { Blinded } from './blind'
import type { Bytes } from './bytes'
import type { Task } from './worker'

type Asked = Task extends infer T ? (T extends { id: number } ? Omit<T, 'id'> : never) : never

export interface Arithmetic {
  blind(key: string, prepared: Bytes): Promise<Blinded>
  unblind(key: string, prepared: Bytes, signature: Bytes, inverse: Bytes): Promise<Bytes>
  close(): void
}

/** The worker did not come: a lost line perhaps. It may be asked for again. */
export class Unloaded extends Error {}

export function beside(): Arithmetic {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  const waiting = new Map<number, { resolve(done: unknown): void; reject(error: Error): void }>()
  let last = 0

  worker.onmessage = ({ data }: MessageEvent<{ id: number; done?: unknown; failed?: string }>) => {
    const asked = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.failed === undefined) asked?.resolve(data.done)
    else asked?.reject(new Error(data.failed))
  }
  worker.onerror = () => {
    for (const { reject } of waiting.values()) reject(new Unloaded())
    waiting.clear()
  }

  function ask<T>(task: Asked): Promise<T> {
    const id = ++last
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (done: unknown) => void, reject })
      worker.postMessage({ ...task, id })
    })
  }

  return {
    blind: (key, prepared) => ask({ do: 'blind', key, prepared }),
    unblind: (key, prepared, signature, inverse) => ask({ do: 'unblind', key, prepared, signature, inverse }),
    close() {
      worker.terminate()
      for (const { reject } of waiting.values()) reject(new Unloaded())
      waiting.clear()
    },
  }
}
