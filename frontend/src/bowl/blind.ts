// Blind signatures (RFC 9474, RSABSSA-SHA384-PSS-Randomized). The arithmetic takes a slow phone a good
// part of a second, so it runs in a worker and the page stays free.

import { RSABSSA } from '@cloudflare/blindrsa-ts'
import { decode, type Bytes } from './bytes'

export interface Blinded {
  blinded: Bytes
  /** What takes the blinding off the signature again. */
  inverse: Bytes
}

const MODULUS_BYTES = 256
const scheme = RSABSSA.SHA384.PSS.Randomized()

/** Reads a public key (SubjectPublicKeyInfo) and refuses any that is not of the one form there is. */
export async function publicKey(spki: string): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey(
    'spki',
    decode(spki),
    { name: 'RSA-PSS', hash: 'SHA-384' },
    true,
    ['verify'],
  )
  const { n, e } = await crypto.subtle.exportKey('jwk', key)
  if (e !== 'AQAB' || decode(n ?? '').length !== MODULUS_BYTES) throw new Error('this is not a key of a bowl')
  return key
}

export async function blind(spki: string, prepared: Bytes): Promise<Blinded> {
  const { blindedMsg, inv } = await scheme.blind(await publicKey(spki), prepared)
  return { blinded: blindedMsg as Bytes, inverse: inv as Bytes }
}

/** Takes the blinding off. It fails if the signature is not the key's. */
export async function unblind(
  spki: string,
  prepared: Bytes,
  signature: Bytes,
  inverse: Bytes,
): Promise<Bytes> {
  return (await scheme.finalize(await publicKey(spki), prepared, signature, inverse)) as Bytes
}
