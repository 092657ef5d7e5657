// What somebody who runs the program may do wrong, and what it says then.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, lead } from './api'
import { Child } from './child'
import { Mend } from './mend'
import { program } from './programs'
import { en } from './seats'
import { test, expect } from './test'

async function refused(...flags: string[]): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'mend-refused-'))
  const given = flags.includes('--data') ? [] : ['--data', data]
  const child = new Child(program('mend'), ['serve', '--demo', ...given, ...flags])
  await child.until('the end', () => (child.running ? undefined : true), 30_000).catch(() => {})
  expect(child.running, 'it refuses to start').toBe(false)
  expect(child.status).not.toBe(0)
  expect(child.said.join('\n')).not.toContain('ready')
  rmSync(data, { recursive: true, force: true })
  return child.log.join('\n')
}

test('a data folder that another process has in use', async ({ mend }) => {
  expect(await refused('--listen', '127.0.0.1:0', '--data', mend.data)).toContain(mend.data)
})

test('plain http for the whole network, without saying so', async () => {
  expect(await refused('--listen', '0.0.0.0:0')).toMatch(/--[a-z-]*http/)
})

test('a NATS server that nobody answers for', async () => {
  expect(await refused('--listen', '127.0.0.1:0', '--nats', 'nats://127.0.0.1:9')).toContain('127.0.0.1:9')
})

test('an address that is taken', async ({ mend }) => {
  expect(await refused('--listen', new URL(mend.origin).host)).toContain(new URL(mend.origin).host)
})

test('the page of the demo without its link, or with an old one, says where to go', async ({
  mend,
  seats,
}) => {
  const page = await seats.window()
  for (const [path, words] of [
    ['/demo', en.demo_no_key_more],
    ['/demo#of-another-day', en.refusal_demo_key],
  ] as const) {
    await page.goto('about:blank')
    await page.goto(mend.origin + path)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(en.demo_no_key)
    await expect(page.getByText(words, { exact: true })).toBeVisible()
    for (const [name, href] of [
      [en.page_to_door, '/'],
      [en.home_sign_in, '/lead'],
    ] as const)
      await expect(page.getByRole('link', { name })).toHaveAttribute('href', href)
  }
})

test('no secret is printed to the log, and SIGTERM ends it with success', async ({ mend }) => {
  const keys = [mend.links.facilitator, mend.links.stage].map((link) => new URL(link).hash.slice(1))
  await mend.stop()
  expect(mend.child.status).toBe(0)
  for (const key of keys) {
    expect(key).not.toBe('')
    expect(mend.child.log.join('\n')).not.toContain(key)
  }
})

test('guests come by themselves and are shown as such', async () => {
  const mend = await Mend.start({ flags: ['--guests', '2'] })
  const leader = new Client(mend.origin, (await lead(mend.links)).token)
  const guests = async () => {
    const { people } = (await leader.read('everyone')) as { people: Record<string, { guest?: boolean }> }
    return Object.values(people).filter(({ guest }) => guest).length
  }
  await expect.poll(guests).toBe(2)
  leader.close()
  await mend.clear()
})
