// The description of a programme, as the server publishes it: what there is to fill in, kind by kind. The forms are drawn
// from it, so that a new kind of exercise needs nothing here.

import { isFields, type Fields, type Value } from './draft'

export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  description?: string
  $ref?: string
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  enum?: string[]
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  maxLength?: number
  $defs?: Record<string, Schema>
}

export const TEXT = '#/$defs/text'
export const STEP = '#/$defs/step'

/** How many characters read well where a text is shown. */
export function most(text: Schema, root: Schema): number {
  const own = typeof text.additionalProperties === 'object' ? text.additionalProperties.maxLength : undefined
  const any = root.$defs?.text?.additionalProperties
  return own ?? (typeof any === 'object' ? any.maxLength : undefined) ?? 4000
}

export function ofStep(root: Schema): Record<string, Schema> {
  return root.properties?.steps?.items?.properties ?? {}
}

export function ofKind(root: Schema, kind: string): Schema | undefined {
  return root.$defs?.[kind]
}

export function kinds(root: Schema): string[] {
  return ofStep(root).kind?.enum ?? []
}

/** The least that may stand there, to be filled in. */
export function blank(schema: Schema, tongues: string[]): Value {
  if (schema.$ref === TEXT) return Object.fromEntries(tongues.map((tag) => [tag, '']))
  if (schema.enum) return schema.enum[0] ?? ''
  switch (schema.type) {
    case 'object': {
      const fields: Fields = {}
      for (const key of schema.required ?? []) {
        const inside = schema.properties?.[key]
        if (inside) fields[key] = blank(inside, tongues)
      }
      return fields
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => blank(schema.items ?? {}, tongues))
    case 'integer':
      return schema.minimum ?? 0
    case 'boolean':
      return true
  }
  return ''
}

/** The value with its texts in these languages only; what is missing in one of them stays missing. */
export function within(value: Value, schema: Schema, root: Schema, tongues: string[]): Value {
  if (Array.isArray(value)) return value.map((one) => within(one, schema.items ?? {}, root, tongues))
  if (!isFields(value)) return value
  if (schema.$ref === TEXT)
    return Object.fromEntries(Object.entries(value).filter(([tag]) => tongues.includes(tag)))
  const script = typeof value.kind === 'string' ? ofKind(root, value.kind) : undefined
  const inside: Record<string, Schema> = { ...schema.properties, ...(script && { with: script }) }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, within(one, inside[key] ?? {}, root, tongues)]),
  )
}
