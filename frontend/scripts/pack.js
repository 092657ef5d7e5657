// Packs what was built, so that a server which starts has only to hand it out: beside each file that shrinks, the same as
// .br and as .gz. What is left out here server/pages.go packs for itself.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const SHRINKS = ['.css', '.html', '.js', '.json', '.svg']
const LEAST = 1024 // bytes; below, it is sent as it is
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }

const dist = fileURLToPath(new URL('../dist', import.meta.url))
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const hidden = join(entry.parentPath, entry.name).slice(dist.length).includes('/.')
  if (!entry.isFile() || hidden || !SHRINKS.includes(extname(entry.name))) continue
  const file = join(entry.parentPath, entry.name)
  const body = readFileSync(file)
  if (body.length < LEAST) continue
  writeFileSync(`${file}.br`, brotliCompressSync(body, brotli))
  writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }))
}
