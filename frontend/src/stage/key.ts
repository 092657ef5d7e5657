/** What a stage link says after its '#': the session's code, a dot, and the stage's key. */
export function openWith(fragment: string): { code: string; key: string } | null {
  const dot = fragment.indexOf('.')
  if (dot < 1 || dot === fragment.length - 1) return null
  return { code: fragment.slice(0, dot), key: fragment.slice(dot + 1) }
}
