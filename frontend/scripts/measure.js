// npm --prefix frontend run coach:measure: what the draft coach does with the labelled sentences. The figures of those no
// rule was written on go into src/coach/labelled/README.md; what it slips on in the tuning half is printed.

import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
const load = async (file) =>
  (await runnerImport(resolve(root, file), { root, configFile: false, logLevel: 'silent' })).module
const { heldOut, labelled, measure, report } = await load('src/coach/labelled.ts')
const { every } = await load('src/coach/languages.ts')
const by = (sentences) =>
  Object.fromEntries(every.map(({ tongue }) => [tongue, measure(sentences(tongue), every)]))

const tuning = by((tongue) => labelled(tongue, 'tuning'))
for (const [tongue, { slips }] of Object.entries(tuning))
  process.stdout.write(`${slips.map((slip) => `${tongue} tuning: ${slip}\n`).join('')}`)

const table = report(by(heldOut))
process.stdout.write(`held out:\n${table}\n`)

const readme = resolve(root, 'src/coach/labelled/README.md')
const text = readFileSync(readme, 'utf8').replace(
  /(<!-- measured -->\n)[\s\S]*?(<!-- \/measured -->)/,
  (_, before, after) => `${before}\n${table}\n\n${after}`,
)
const style = JSON.parse(readFileSync(resolve(root, '.prettierrc'), 'utf8').trim() || '{}')
writeFileSync(readme, await format(text, { ...style, parser: 'markdown' }))
