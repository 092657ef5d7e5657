// The two links a facilitator hands out. A stage link carries its key after the '#', which no server
// and no log ever sees.

export function joinLink(code: string): string {
  return `${location.origin}/j/${code}`
}

export function stageLink(code: string, key: string): string {
  return `${location.origin}/stage#${code}.${key}`
}
