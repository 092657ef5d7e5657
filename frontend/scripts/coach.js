// npm --prefix frontend run coach -- FILE: what the draft coach says of each line of a file ("-" is the standard
// input), one JSON line each. The rules of all languages apply, as on the device.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const [file, ...rest] = process.argv.slice(2)
if (!file || rest.length) fail('usage: npm --prefix frontend run coach -- FILE')

let text = ''
try {
  // npm moves to the folder of package.json; the file is meant from where it was called.
  text = readFileSync(file === '-' ? 0 : resolve(process.env.INIT_CWD ?? '.', file), 'utf8')
} catch (error) {
  fail(`cannot read ${file}: ${error.message}`)
}

const root = fileURLToPath(new URL('..', import.meta.url))
const { module } = await runnerImport(resolve(root, 'src/coach/languages.ts'), {
  root,
  configFile: false,
  logLevel: 'silent',
})
const rules = module.every

const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
if (lines.at(-1) === '') lines.pop()
process.stdout.write(
  lines.map((line) => `${JSON.stringify({ text: line, found: module.coach(line, ...rules) })}\n`).join(''),
)

function fail(words) {
  process.stderr.write(`${words}\n`)
  process.exit(2)
}
