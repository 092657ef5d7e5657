import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { actions } from './trail'

const core = join(import.meta.dirname, '..', '..', '..', 'facilitator')

function source(name: string): string {
  return readFileSync(join(core, name), 'utf8')
}

/** The names in a list of audit.go. */
function listed(name: string): string[] {
  const list = new RegExp(`var ${name} = \\[\\]string{([^}]*)}`).exec(source('audit.go'))![1]!
  return [...list.matchAll(/"([\w.]+)"/g)].map((match) => match[1]!)
}

test('everything a room’s audit trail may name has words', () => {
  const keepers = readdirSync(core)
    .filter((name) => /(?<!_test)\.go$/.test(name))
    .flatMap((name) => [...source(name).matchAll(/{name: "([\w.]+)", who: forKeepers/g)])
    .map((match) => match[1]!)
  const named = [...keepers.filter((name) => !listed('unaudited').includes(name)), ...listed('audited')]
  expect(named.length).toBeGreaterThan(12)
  expect(named.filter((name) => !(name in actions))).toEqual([])
})
