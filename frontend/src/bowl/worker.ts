// Where the slow arithmetic runs.

import { blind, unblind } from './blind'
import type { Bytes } from './bytes'

export type Task =
  | { id: number; do: 'blind'; key: string; prepared: Bytes }
  | { id: number; do: 'unblind'; key: string; prepared: Bytes; signature: Bytes; inverse: Bytes }

onmessage = async ({ data }: MessageEvent<Task>) => {
  try {
    const done =
      data.do === 'blind'
        ? await blind(data.key, data.prepared)
        : await unblind(data.key, data.prepared, data.signature, data.inverse)
    postMessage({ id: data.id, done })
  } catch (failure) {
    postMessage({ id: data.id, failed: String(failure) })
  }
}
