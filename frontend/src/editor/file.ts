// Programmes as files: out of the server onto this device, and the other way.

import type { Answer } from '../api'
import { TURNED_AWAY, type Account } from '../home/account.svelte'
import type { Refusal } from '../wire.gen'
import type { Copy, Mistake } from './work.svelte'

/** What the server reads; a larger file is not even sent. */
const LARGEST = 256 << 10

const unreachable: Refusal = { code: 'internal', reason: 'unreachable', message: '' }

interface Taken {
  copy?: Copy
  refusal?: Refusal
  mistakes?: Mistake[]
}

/** Has the browser save a programme's file. */
export async function exportFile(account: Account, id: string, name: string): Promise<Refusal | null> {
  const answer = await account.sure(() =>
    account.ask<Blob>(async (token) => {
      const response = await request(`/api/programmes/${encodeURIComponent(id)}/file`, token)
      return response instanceof Response ? { ok: await response.blob() } : response
    }),
  )
  if ('refusal' in answer) return answer.refusal === TURNED_AWAY ? null : answer.refusal
  const link = document.createElement('a')
  link.href = URL.createObjectURL(answer.ok)
  link.download = `${name}.yaml`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return null
}

/** Takes a file in; one with mistakes comes back with all of them. */
export async function importFile(account: Account, file: File): Promise<Taken> {
  if (file.size > LARGEST) return { refusal: { code: 'invalid', reason: 'programme_large', message: '' } }
  let mistakes: Mistake[] | undefined
  const answer = await account.ask<Copy>(async (token) => {
    const path = `/api/programmes/import?name=${encodeURIComponent(file.name)}`
    const response = await request(path, token, file)
    if (response instanceof Response) return { ok: (await response.json()) as Copy }
    mistakes = response.mistakes
    return response
  })
  return 'ok' in answer ? { copy: answer.ok } : { refusal: answer.refusal, mistakes }
}

async function request(
  path: string,
  token: string,
  file?: File,
): Promise<Response | (Answer<never> & { mistakes?: Mistake[] })> {
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` }
  if (file) headers['Content-Type'] = 'application/yaml'
  try {
    const response = await fetch(path, { method: file ? 'POST' : 'GET', headers, body: file })
    if (response.ok) return response
    const said = (await response.json()) as { error: Refusal; mistakes?: Mistake[] }
    return { refusal: said.error, mistakes: said.mistakes }
  } catch {
    return { refusal: unreachable }
  }
}
