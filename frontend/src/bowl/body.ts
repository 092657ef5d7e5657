// The bodies that are posted to a bowl, byte by byte as facilitator/BOWL.md has them. All are of one
// size, whatever they hold.

import { bytesOf, encode, join, random, sha256, type Bytes } from './bytes'

export const BODY = 4096
/** The longest share, in characters. */
export const LONGEST = 2000
const MAGIC = 'mb1\n'
const FIRST = 1
const LATER = 2
const KIND = { blank: 0, share: 1, marks: 2, takeBack: 3, reply: 4 }
const AT = { form: 4, message: 8, signature: 160, kind: 416, length: 418, content: 420 }

export type Purpose = 'share' | 'marks'

/** A right to post: the prepared message and the signature under it. */
export interface Token {
  message: Bytes
  signature: Bytes
}

export interface NewShare {
  text: string
  key: Uint8Array
  /** Hashes of the secrets that take it back, and that reply. */
  lock: Uint8Array
  replyLock: Uint8Array
}

/** What is signed for a token, prepared: 32 random bytes stand before it. */
export function tokenMessage(purpose: Purpose, session: string, bowl: string): Bytes {
  return join(
    random(32),
    bytesOf('mend bowl token\n'),
    filled(purpose, 8),
    filled(session, 40),
    filled(bowl, 24),
    random(32),
  )
}

/** What a token is called where it stands among the heard and the spent ones. */
export async function tokenName(message: Bytes): Promise<string> {
  return encode((await sha256(message)).subarray(0, 16))
}

export function blank(token: Token): Bytes {
  return body(FIRST, token, KIND.blank, 0)
}

export function share(token: Token, { text, key, lock, replyLock }: NewShare): Bytes {
  const words = bytesOf(text)
  return body(FIRST, token, KIND.share, words.length, join(key, lock, replyLock, new Uint8Array(3), words))
}

export function later(token: Token): Bytes {
  return body(LATER, token, KIND.blank, 0)
}

export function marks(token: Token, shares: string[]): Bytes {
  return body(
    LATER,
    token,
    KIND.marks,
    shares.length,
    join(new Uint8Array(32), ...shares.map((id) => filled(id, 24))),
  )
}

export function takeBack(token: Token, secret: Uint8Array): Bytes {
  return body(LATER, token, KIND.takeBack, 0, secret)
}

export function reply(token: Token, secret: Uint8Array, sealed: Uint8Array): Bytes {
  return body(LATER, token, KIND.reply, sealed.length, join(secret, sealed))
}

function body(
  form: number,
  token: Token,
  kind: number,
  length: number,
  content: Uint8Array = new Uint8Array(0),
): Bytes {
  if (AT.content + content.length > BODY) throw new RangeError('this is too long for a body')
  const bytes = new Uint8Array(BODY)
  bytes.set(bytesOf(MAGIC))
  bytes[AT.form] = form
  bytes.set(token.message, AT.message)
  bytes.set(token.signature, AT.signature)
  bytes[AT.kind] = kind
  bytes[AT.length] = length >> 8
  bytes[AT.length + 1] = length & 255
  bytes.set(content, AT.content)
  return bytes
}

function filled(text: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  bytes.set(bytesOf(text))
  return bytes
}
