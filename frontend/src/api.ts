// The few plain requests there are. Everything live goes through the socket.

import type { Refusal } from './wire.gen'

export type Answer<T> = { ok: T } | { refusal: Refusal }

export function get<T>(path: string, token?: string): Promise<Answer<T>> {
  return request<T>('GET', path, undefined, token)
}

export function post<T>(path: string, body: unknown = {}, token?: string): Promise<Answer<T>> {
  return request<T>('POST', path, body, token)
}

async function request<T>(method: string, path: string, body?: unknown, token?: string): Promise<Answer<T>> {
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (token) headers.Authorization = `Bearer ${token}`
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout?.(15_000),
    })
    const answer = response.status === 204 ? {} : await response.json()
    return response.ok ? { ok: answer as T } : { refusal: (answer as { error: Refusal }).error }
  } catch {
    return { refusal: { code: 'internal', reason: 'unreachable', message: 'No answer from the server.' } }
  }
}
