// What the screen says where a browser keeps nothing, which is what jsdom is: it has no IndexedDB.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { flushSync } from 'svelte'
import { press, Room, seen } from '../../test/room'
import { m } from '../paraglide/messages'
import { device } from './device.svelte'
import { fileName } from './download'
import { eraseDevice } from './erase'
import { pageText, written } from './page'
import { makeLock, seal, unlock, unseal } from './pin'
import Brought from './Brought.svelte'
import { bring, leave, lines, pieces } from './lines'
import Probe from './Probe.test.svelte'

let room: Room

beforeEach(async () => {
  room = new Room()
  await device.again()
  room.enter(Probe, { session: room.session })
  await vi.waitFor(() => expect(device.open).not.toBeNull())
  flushSync()
})

afterEach(() => room.leave())

function type(words: string) {
  const field = document.querySelector('input')!
  field.value = words
  field.dispatchEvent(new Event('input', { bubbles: true }))
  flushSync()
}

test('a browser that keeps nothing says so, and what to do', async () => {
  type('my part')
  await device.open!.flush()
  flushSync()
  expect(seen()).toContain(m.mine_refused())
  expect(seen()).toContain(m.mine_refused_more())
  const files: string[] = []
  vi.stubGlobal('URL', { createObjectURL: (blob: Blob) => files.push(blob.type), revokeObjectURL: () => {} })
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {})
  press(m.mine_download_now())
  expect(files).toEqual(['text/plain;charset=utf-8'])
  vi.unstubAllGlobals()
})

test('what is written stays while the page lives, and nothing of it is sent', () => {
  type('my part')
  room.enter(Probe, { session: room.session })
  expect(document.querySelector('input')!.value).toBe('my part')
  expect(JSON.stringify(room.server.line.heard)).not.toContain('my part')
})

test('erased is erased, on the screen and from memory', async () => {
  type('my part')
  press(m.mine_erase())
  press(m.mine_erase_sure())
  await vi.waitFor(() => expect(document.querySelector('input')!.value).toBe(''))
  flushSync()
  expect(JSON.stringify(device.open!.sheets)).not.toContain('my part')
})

test('the phone handed over shows nothing of who had it', async () => {
  type('my part')
  await device.handOver()
  flushSync()
  expect(seen()).toContain(m.mine_whose())
  expect(document.body.innerHTML).not.toContain('my part')
})

test('a line that was chosen is offered where it can be written, and copied by a tap alone', () => {
  const used: string[] = []
  bring(device.open!, 'I took it.')
  bring(device.open!, 'I lied.')
  leave(device.open!, 'I lied.')
  room.enter(Brought, { session: room.session, use: (line: string) => used.push(line) })
  expect(seen()).toContain(m.bring_brought({ count: 1 }))
  expect(used).toEqual([])
  press(m.bring_use())
  expect(used).toEqual(['I took it.'])
  expect(JSON.stringify(room.server.line.heard)).not.toContain('I took it')
  leave(device.open!, 'I took it.')
  expect(lines(device.open!)).toEqual([])
})

test('a text falls into lines to choose from', () => {
  expect(pieces(['One. Two?  Three…', '', 'Four\n\nFive', 'One.'])).toEqual([
    'One.',
    'Two?',
    'Three…',
    'Four',
    'Five',
  ])
})

test('clearing the device takes what is open with it', async () => {
  type('my part')
  expect(await eraseDevice()).toBe(true)
  flushSync()
  expect(seen()).toContain(m.mine_erased_all())
  expect(document.body.innerHTML).not.toContain('my part')
})

test('a PIN seals: another opens nothing, and a page opens in its own place alone', async () => {
  vi.stubGlobal('crypto', (await import('node:crypto')).webcrypto)
  const { lock, key } = await makeLock('4711')
  expect(await unlock(lock, '4712')).toBeNull()
  const again = (await unlock(lock, '4711')) as CryptoKey
  const sealed = await seal(key as CryptoKey, 'my part', 'drawer/letter')
  expect(new TextDecoder('latin1').decode(sealed.data)).not.toContain('my part')
  expect(await unseal(again, sealed, 'drawer/letter')).toBe('my part')
  await expect(unseal(again, sealed, 'drawer/other')).rejects.toThrow()
  vi.unstubAllGlobals()
})

test('where nothing can be encrypted a PIN still asks, and is not kept itself', async () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  const { lock } = await makeLock('4711')
  expect(JSON.stringify(lock)).not.toContain('4711')
  expect(await unlock(lock, '4712')).toBeNull()
  expect(await unlock(lock, '4711')).toBe('open')
  vi.unstubAllGlobals()
})

test('a page is plain text, without what nobody filled in', () => {
  const page = {
    parts: [{ heading: 'Who', text: ' my brother ' }, { heading: 'What', text: ' ' }, { text: 'R.' }],
  }
  expect(written(page)).toHaveLength(2)
  expect(pageText('Amends map', page, '1 May')).toBe('Amends map\n1 May\n\nWho\nmy brother\n\nR.\n')
  expect(fileName('Mapa de enmiendas: ¿y ahora?')).toBe('mapa-de-enmiendas-y-ahora')
})
