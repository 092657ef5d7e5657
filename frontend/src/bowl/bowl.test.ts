// @vitest-environment node

import { readFileSync } from 'node:fs'
import { RSABSSA } from '@cloudflare/blindrsa-ts'
import { describe, expect, it } from 'vitest'
import * as bodies from './body'
import { blind, publicKey, unblind } from './blind'
import { decode, encode, sha256, type Bytes } from './bytes'
import { checkWords } from './check'
import { newKey, openAnswer, openReply, sealAnswer, sealReply } from './seal'

// One complete bowl, written by the server's own tests.
const example = JSON.parse(readFileSync('../realtime/testdata/bowl/example.json', 'utf8'))
const where = { session: example.session, bowl: example.bowl }
const slice = (body: Bytes, from: number, to: number) => body.slice(from, to)
const tokenOf = (body: string) => ({
  message: slice(decode(body), 8, 160),
  signature: slice(decode(body), 160, 416),
})

describe('bodies', () => {
  it('are byte for byte those of the example', async () => {
    const token = tokenOf(example.share)
    const later = tokenOf(example.later)
    const written = {
      text: example.text,
      key: decode(example.shareKey),
      lock: await sha256(decode(example.lockSecret)),
      replyLock: await sha256(decode(example.replySecret)),
    }
    expect(encode(bodies.share(token, written))).toBe(example.share)
    expect(encode(bodies.blank(token))).toBe(example.blank)
    expect(encode(bodies.later(later))).toBe(example.later)
    expect(encode(bodies.marks(later, [example.marked]))).toBe(example.mark)
    expect(encode(bodies.takeBack(later, decode(example.lockSecret)))).toBe(example.takeBack)
    const sealed = slice(decode(example.reply), 452, 452 + 2129)
    expect(encode(bodies.reply(later, decode(example.replySecret), sealed))).toBe(example.reply)
  })

  it('name their token as the server does', async () => {
    expect(await bodies.tokenName(decode(example.message))).toBe(example.token)
  })

  it('are all of one size', () => {
    const token = tokenOf(example.share)
    const written = { key: new Uint8Array(65), lock: new Uint8Array(32), replyLock: new Uint8Array(32) }
    for (const text of ['a', 'ñ'.repeat(1700)])
      expect(bodies.share(token, { ...written, text })).toHaveLength(4096)
    expect(() => bodies.share(token, { ...written, text: '語'.repeat(1300) })).toThrow(RangeError)
  })
})

describe('blind signatures', () => {
  it('are made by a server that never sees the message, and verify', async () => {
    const prepared = bodies.tokenMessage('share', where.session, where.bowl)
    const { blinded, inverse } = await blind(example.keys.share, prepared)
    const secret = await crypto.subtle.importKey(
      'pkcs8',
      decode(example.privateKeys.share),
      { name: 'RSA-PSS', hash: 'SHA-384' },
      true,
      ['sign'],
    )
    const signed = (await RSABSSA.SHA384.PSS.Randomized().blindSign(secret, blinded)) as Bytes
    const signature = await unblind(example.keys.share, prepared, signed, inverse)
    const key = await publicKey(example.keys.share)
    expect(await crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 48 }, key, signature, prepared)).toBe(
      true,
    )
    await expect(unblind(example.keys.marks, prepared, signed, inverse)).rejects.toThrow()
  })

  it('are asked of no key of another form', async () => {
    const small = await crypto.subtle.generateKey(
      { name: 'RSA-PSS', hash: 'SHA-384', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1) },
      true,
      ['sign', 'verify'],
    )
    const spki = encode(new Uint8Array(await crypto.subtle.exportKey('spki', small.publicKey)))
    await expect(publicKey(spki)).rejects.toThrow()
  })
})

describe('check words', () => {
  it('are those of the example in both languages', async () => {
    expect(await checkWords(example.keys, 'en')).toBe(example.check.en)
    expect(await checkWords(example.keys, 'es')).toBe(example.check.es)
  })
})

describe('answers', () => {
  it('open for the author of the example', async () => {
    const answer = await openAnswer(decode(example.sharePrivateKey), where, decode(example.answer))
    expect(answer?.text).toBe(example.answerText)
    expect(encode(answer!.replyTo)).toBe(example.replyTo)
    const sealed = slice(decode(example.reply), 452, 452 + 2129)
    expect((await openReply(decode(example.replyToPrivateKey), where, sealed))?.text).toBe(example.replyText)
  })

  it('open for nobody else, nor in another bowl, and are all of one size', async () => {
    const [author, other, asking] = [await newKey(), await newKey(), await newKey()]
    const short = await sealAnswer(author.public, where, 'Gracias', asking.public)
    const long = await sealAnswer(author.public, where, 'long '.repeat(300), asking.public)
    expect([short.length, long.length]).toEqual([2129, 2129])
    expect((await openAnswer(author.private, where, short))?.text).toBe('Gracias')
    expect(await openAnswer(other.private, where, short)).toBeNull()
    expect(await openAnswer(author.private, { ...where, bowl: 'another' }, short)).toBeNull()
    const back = await sealReply(asking.public, where, 'Thank you')
    expect(back).toHaveLength(2129)
    expect((await openReply(asking.private, where, back))?.text).toBe('Thank you')
  })
})

it('is explained by the two sentences that the screen says', () => {
  const page = readFileSync('../facilitator/BOWL.md', 'utf8').replace(/\n(> ?)?/g, ' ')
  const screen = JSON.parse(readFileSync('messages/en.json', 'utf8'))
  for (const sentence of [screen.bowl_before, screen.bowl_nobody_comes]) {
    expect(sentence.match(/[.?!](\s|$)/g)).toHaveLength(1)
    expect(page).toContain(sentence)
  }
})
