import { afterEach, expect, test, vi } from 'vitest'
import { base64url, bytes, make, passkeysHere, show } from './passkeys'

afterEach(() => vi.unstubAllGlobals())

const raw = (...values: number[]) => new Uint8Array(values).buffer

test('bytes go to base64url and back', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i)
  expect(bytes(base64url(all.buffer))).toEqual(all)
  expect(base64url(raw(251, 255))).toBe('-_8')
})

test('a bare address has no passkeys', () => {
  expect(passkeysHere('rooms.example.org')).toBe(false) // nor has jsdom
  vi.stubGlobal('PublicKeyCredential', class {})
  expect(passkeysHere('rooms.example.org')).toBe(true)
  expect(passkeysHere('localhost')).toBe(true)
  expect(passkeysHere('192.168.1.4')).toBe(false)
  expect(passkeysHere('[::1]')).toBe(false)
})

test('what is asked for a new passkey reaches the browser as bytes, and its answer the server as text', async () => {
  let asked: PublicKeyCredentialCreationOptions | undefined
  const create = ({ publicKey }: { publicKey: PublicKeyCredentialCreationOptions }) => {
    asked = publicKey
    const response = { clientDataJSON: raw(1), attestationObject: raw(2) }
    return Promise.resolve({ id: 'Aw', rawId: raw(3), type: 'public-key', response })
  }
  vi.stubGlobal('navigator', { credentials: { create } })
  const publicKey = {
    rp: { id: 'rooms.example.org', name: 'Mend' },
    user: { id: 'AAE', name: 'Rosa' },
    challenge: 'AgM',
    excludeCredentials: [{ id: 'BA', type: 'public-key' }],
  }
  expect(await make({ publicKey, ticket: 't' })).toEqual({
    ticket: 't',
    credential: {
      id: 'Aw',
      rawId: 'Aw',
      type: 'public-key',
      response: { clientDataJSON: 'AQ', attestationObject: 'Ag' },
    },
  })
  expect(asked?.rp.id).toBe('rooms.example.org')
  expect(asked?.user.id).toEqual(new Uint8Array([0, 1]))
  expect(asked?.challenge).toEqual(new Uint8Array([2, 3]))
  expect(asked?.excludeCredentials?.[0]?.id).toEqual(new Uint8Array([4]))
})

test('somebody who turns a passkey away has made no mistake', async () => {
  const get = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  vi.stubGlobal('navigator', { credentials: { get } })
  expect(await show({ publicKey: { challenge: 'AgM' }, ticket: 't' })).toBeNull()
})
