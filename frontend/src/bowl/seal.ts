// Answers and replies: HPKE (RFC 9180) in base mode, all of one size, so that only who they are for can
// tell them from each other.

import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { bytesOf, join, type Bytes } from './bytes'

/** Where something was sealed: what is sealed for one bowl opens in no other. */
export interface Place {
  session: string
  bowl: string
}

export interface Answer {
  text: string
  /** Where a reply to it can be sealed to. */
  replyTo: Bytes
}

const KEY = 65
const PLAIN = 2048
/** The longest answer, in bytes of UTF-8. */
export const LONGEST_ANSWER = PLAIN - KEY - 2

const suite = () =>
  new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() })

/** A key pair of one's own: both halves as bytes, to be kept on this device. */
export async function newKey(): Promise<{ public: Bytes; private: Bytes }> {
  const { kem } = suite()
  const pair = await kem.generateKeyPair()
  return {
    public: new Uint8Array(await kem.serializePublicKey(pair.publicKey)),
    private: new Uint8Array(await kem.serializePrivateKey(pair.privateKey)),
  }
}

export function sealAnswer(to: Bytes, where: Place, text: string, replyTo: Bytes): Promise<Bytes> {
  return seal(to, info('answer', where), text, replyTo)
}

export function sealReply(to: Bytes, where: Place, text: string): Promise<Bytes> {
  return seal(to, info('reply', where), text, new Uint8Array(KEY))
}

/** Opens an answer, or nothing if it is for somebody else. */
export function openAnswer(key: Bytes, where: Place, sealed: Bytes): Promise<Answer | null> {
  return open(key, info('answer', where), sealed)
}

export function openReply(key: Bytes, where: Place, sealed: Bytes): Promise<Answer | null> {
  return open(key, info('reply', where), sealed)
}

function info(what: 'answer' | 'reply', { session, bowl }: Place): ArrayBuffer {
  return bytesOf(`mend bowl ${what}\n${session}\n${bowl}`).buffer
}

async function seal(to: Bytes, about: ArrayBuffer, text: string, replyTo: Bytes): Promise<Bytes> {
  const words = bytesOf(text)
  if (words.length > LONGEST_ANSWER) throw new RangeError('this is too long for an answer')
  const plain = new Uint8Array(PLAIN)
  plain.set(join(replyTo, Uint8Array.of(words.length >> 8, words.length & 255), words))
  const hpke = suite()
  const recipientPublicKey = await hpke.kem.deserializePublicKey(to.buffer)
  const { enc, ct } = await hpke.seal({ recipientPublicKey, info: about }, plain.buffer)
  return join(new Uint8Array(enc), new Uint8Array(ct))
}

async function open(key: Bytes, about: ArrayBuffer, sealed: Bytes): Promise<Answer | null> {
  try {
    const hpke = suite()
    const recipientKey = await hpke.kem.deserializePrivateKey(key.slice().buffer)
    const enc = sealed.slice(0, KEY).buffer
    const plain = new Uint8Array(
      await hpke.open({ recipientKey, enc, info: about }, sealed.slice(KEY).buffer),
    )
    const length = (plain[KEY] ?? 0) * 256 + (plain[KEY + 1] ?? 0)
    if (plain.length !== PLAIN || length > LONGEST_ANSWER) return null
    const text = new TextDecoder().decode(plain.subarray(KEY + 2, KEY + 2 + length))
    return { text, replyTo: plain.slice(0, KEY) }
  } catch {
    return null
  }
}
