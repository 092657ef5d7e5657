// A mistake in words. The server names each in English, for those who write files; what follows from the description of a
// programme is said in the language of the screen.

import { m } from '../paraglide/messages'
import { tongueName } from './tongue'
import { isFields, type Value } from './draft'
import { most, TEXT, type Schema } from './schema'
import type { Mistake } from './work.svelte'

export function mending(
  mistake: Mistake,
  schema: Schema,
  value: Value | undefined,
  root: Schema,
  tongue = '',
) {
  return known(schema, value, root, tongue) ?? mistake.what
}

function known(schema: Schema, value: Value | undefined, root: Schema, tongue: string): string | undefined {
  if (schema.$ref === TEXT) {
    const words = isFields(value) ? value[tongue] : undefined
    const limit = most(schema, root)
    if (typeof words !== 'string') return m.mistake_missing({ tongue: tongueName(tongue) })
    if (!words.trim()) return m.mistake_empty()
    const count = [...words.trim()].length
    return count > limit ? m.mistake_long({ count, most: limit }) : undefined
  }
  if (schema.enum && !schema.enum.includes(String(value))) return m.mistake_choice()
  if (schema.type === 'integer' && schema.minimum !== undefined && schema.maximum !== undefined)
    return m.mistake_range({ from: schema.minimum, to: schema.maximum })
  const count = Array.isArray(value) ? value.length : 0
  if (schema.type === 'array' && (count < (schema.minItems ?? 0) || count > (schema.maxItems ?? Infinity)))
    return m.mistake_items({ from: schema.minItems ?? 0, to: schema.maxItems ?? '…' })
  if (schema.type === 'string' && !String(value ?? '').trim()) return m.mistake_empty()
}
