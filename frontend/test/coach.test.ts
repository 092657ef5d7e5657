import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const run = (file: string) => spawnSync('node', ['scripts/coach.js', file], { encoding: 'utf8' })

it('npm run coach prints one line of JSON for each line of a file, whatever its ends, and says what it cannot read', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'coach-')), 'lines.txt')
  writeFileSync(
    file,
    '\ufeffI am sorry, but you started it.\r\n\r\nNo fue para tanto.\nI took it in March.\r\nlast',
  )
  const { stdout, status } = run(file)
  expect(status).toBe(0)
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string; found: { kind: string; from: number; to: number }[] })
  expect(lines.map(({ text }) => text)).toEqual([
    'I am sorry, but you started it.',
    '',
    'No fue para tanto.',
    'I took it in March.',
    'last',
  ])
  expect(lines.map(({ found }) => found.map(({ kind }) => kind))).toEqual([
    ['but', 'blame'],
    [],
    ['minimise'],
    [],
    [],
  ])
  const [but] = lines[0]!.found
  expect(lines[0]!.text.slice(but!.from, but!.to)).toBe('but')

  const missing = run(`${file}.none`)
  expect(missing.status).toBe(2)
  expect(missing.stderr).toContain('cannot read')
}, 60_000)
