// A programme as the editor holds it: the keys and values of its file. It is never changed in place, so that every
// step back is a value that was there before.

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value }
export type Fields = { [key: string]: Value }
export type Path = (string | number)[]

export interface Step extends Fields {
  id: string
  kind: string
  minutes: number
}

/** The place of a value as the server names it in a mistake: steps[2].say.es */
export function named(path: Path): string {
  return path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : name ? `${name}.${key}` : key),
    '',
  )
}

export function at(value: Value | undefined, path: Path): Value | undefined {
  return path.reduce<Value | undefined>((inside, key) => {
    if (Array.isArray(inside)) return inside[key as number]
    return isFields(inside) ? inside[key] : undefined
  }, value)
}

/** The value with another one at the path; undefined takes the key away. */
export function put(value: Value | undefined, path: Path, change: Value | undefined): Value {
  const [key, ...rest] = path
  if (key === undefined) return change ?? null
  if (typeof key === 'number') {
    const list = Array.isArray(value) ? [...value] : []
    if (change === undefined && rest.length === 0) list.splice(key, 1)
    else list[key] = put(list[key], rest, change)
    return list
  }
  const fields: Fields = isFields(value) ? { ...value } : {}
  if (change === undefined && rest.length === 0) delete fields[key]
  else fields[key] = put(fields[key], rest, change)
  return fields
}

export function moved<T>(list: T[], from: number, to: number): T[] {
  const rest = list.filter((_, i) => i !== from)
  return [...rest.slice(0, to), list[from]!, ...rest.slice(to)]
}

export function isFields(value: Value | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function steps(programme: Fields): Step[] {
  return (Array.isArray(programme.steps) ? programme.steps : []).filter(isFields) as Step[]
}

export function tongues(programme: Fields): string[] {
  const list = Array.isArray(programme.languages) ? programme.languages : []
  return list.filter((tag): tag is string => typeof tag === 'string' && tag !== '')
}

/** A step's name that no other one has: the same, with a number behind it. */
export function freeName(name: string, taken: string[]): string {
  if (!taken.includes(name)) return name
  const stem = name.replace(/-\d+$/, '')
  for (let n = 2; ; n++) if (!taken.includes(`${stem}-${n}`)) return `${stem}-${n}`
}

/** What somebody who copies nothing begins with: no step yet, and only the language they write in. */
export function fromEmpty(tongue: string, title: string): Fields {
  return {
    programme: 'my-programme',
    version: 1,
    languages: [tongue],
    title: { [tongue]: title },
    summary: { [tongue]: '' },
    size: { from: 4, to: 20 },
    steps: [],
  }
}
