// What a participant's phone loads before it can be used: the app, the joining page, the room and the
// first exercise, gzipped, read from the build's manifest. Ends with 1 above the limit.
// vite.config.ts puts them into one file, "first"; what it leaves out is a file of its own and counts too.

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const LIMIT = 45 * 1024
const ENTRIES = ['index.html', 'src/participant/Room.svelte', 'src/exercises/Welcome.svelte']

const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))
const first = Object.values(manifest).find((chunk) => chunk.name === 'first')

const files = new Set()
const seen = new Set()
ENTRIES.forEach(collect)

function collect(name) {
  if (seen.has(name)) return
  seen.add(name)
  const chunk = manifest[name] ?? first
  if (!chunk) throw new Error(`${name} is not in the manifest; run npm run build`)
  files.add(chunk.file)
  for (const css of chunk.css ?? []) files.add(css)
  for (const other of chunk.imports ?? []) collect(other)
}

let total = 0
for (const file of files) {
  const size = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length
  total += size
  console.log(`${String(size).padStart(7)}  ${file}`)
}
console.log(`${String(total).padStart(7)}  gzipped, of at most ${LIMIT}`)
if (total > LIMIT) process.exit(1)
