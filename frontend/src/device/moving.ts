// Pages on their way from one device to another, as a file in between. It is not sealed; whoever has it can read it.

import type { Body } from './drawer.svelte'
import type { Part } from './page'

export type Moved = Record<string, Body>

/** No device holds more of its owner's words; a larger file is not one of these. */
export const LARGEST = 8 << 20

const FORMAT = 'mend pages'
const MOST = 100

export function pack(sheets: Moved): string {
  return JSON.stringify({ format: FORMAT, version: 1, sheets }, null, 1)
}

/** The pages of a file, or nothing where it is not one of these. What it does not know it leaves out. */
export function unpack(text: string): Moved | null {
  try {
    const file: unknown = JSON.parse(text)
    if (!isFields(file) || file.format !== FORMAT || file.version !== 1 || !isFields(file.sheets)) return null
    const sheets = Object.entries(file.sheets).slice(0, MOST)
    const read = sheets.map(([name, body]) => [name, bodyOf(name, body)] as const)
    return read.every(([, body]) => body) ? (Object.fromEntries(read) as Moved) : null
  } catch {
    return null
  }
}

function bodyOf(name: string, body: unknown): Body | null {
  if (!/^[a-z]{1,40}$/.test(name) || !isFields(body)) return null
  const { title, value, page, at } = body
  if (typeof title !== 'string' || typeof at !== 'number' || !isFields(value) || !isFields(page)) return null
  if (!Array.isArray(page.parts) || !page.parts.every(isPart)) return null
  const parts = page.parts.map(({ heading, text }): Part => ({
    ...(heading !== undefined && { heading }),
    text,
  }))
  return { title: title.slice(0, 200), value, page: { parts }, at: Math.min(at, Date.now()) }
}

function isPart(part: unknown): part is Part {
  return (
    isFields(part) &&
    typeof part.text === 'string' &&
    (part.heading === undefined || typeof part.heading === 'string')
  )
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
