// Builds, once for all tests, the program and the NATS server that go.mod names. The web app inside is what `npm run build` left in dist.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const top = join(import.meta.dirname, '..', '..')

export default function build() {
  const folder = mkdtempSync(join(tmpdir(), 'mend-e2e-'))
  for (const [name, source] of [
    ['mend', './cmd/mend'],
    ['nats-server', 'github.com/nats-io/nats-server/v2'],
  ] as const) {
    execFileSync('go', ['build', '-o', join(folder, name), source], { cwd: top, stdio: 'inherit' })
  }
  process.env.MEND_PROGRAMS = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

/** Where a built program lies. */
export function program(name: 'mend' | 'nats-server'): string {
  return join(process.env.MEND_PROGRAMS ?? '', name)
}
