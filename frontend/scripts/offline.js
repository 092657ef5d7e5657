// What a device needs to open its own pages (/mine) without a network, as public/sw.js fetches it ahead: the app's
// entry, that page and whatever these load later. Written beside the app as offline.json.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ENTRY = 'index.html'
const PAGE = 'src/device/Mine.svelte'
const LATER = /^src\/(amends|asks|coach|commitments|device|help|writing)\//

/** A Vite plugin; the manifest must be on. */
export function offline() {
  return {
    name: 'offline',
    apply: 'build',
    writeBundle({ dir }) {
      const manifest = JSON.parse(readFileSync(join(dir, '.vite', 'manifest.json'), 'utf8'))
      writeFileSync(join(dir, 'offline.json'), JSON.stringify(needed(manifest)))
    },
  }
}

/** The files of the entry and of the page, each once. Of what they load later, only what belongs to such pages. */
export function needed(manifest) {
  const files = new Set()
  const seen = new Set()
  collect(ENTRY)
  collect(PAGE)
  return [...files].map((file) => `/${file}`)

  function collect(name) {
    if (seen.has(name)) return
    seen.add(name)
    const chunk = manifest[name]
    if (!chunk) throw new Error(`${name} is not in the manifest`)
    files.add(chunk.file)
    for (const css of chunk.css ?? []) files.add(css)
    for (const other of chunk.imports ?? []) collect(other)
    for (const other of chunk.dynamicImports ?? []) if (LATER.test(other)) collect(other)
  }
}
