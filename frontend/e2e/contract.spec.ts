// What PROTOCOL.md and openapi.json promise to a program that is not our web app.

import { createHmac } from 'node:crypto'
import { test, expect } from './test'
import { Wire } from './wire'
import { join, lead, post } from './api'

test('health, readiness and the description of the API', async ({ mend }) => {
  for (const path of ['/healthz', '/readyz']) expect((await fetch(mend.origin + path)).status, path).toBe(200)
  const api = (await (await fetch(`${mend.origin}/api/openapi.json`)).json()) as { paths: object }
  expect(Object.keys(api.paths)).toEqual(expect.arrayContaining(['/api/join', '/healthz', '/readyz']))
})

test('a hello is welcomed, and the documents of the seat follow', async ({ mend }) => {
  const seat = await join(mend.links, 'Quiet Otter')
  const wire = await Wire.hello(mend.origin, seat.token)
  const welcome = (await wire.frame('welcome')).welcome as Record<string, unknown>
  expect(welcome).toMatchObject({ session: seat.session, person: seat.person, role: 'participant' })
  expect(Math.abs(Number(welcome.now) - Date.now())).toBeLessThan(5_000)
  const heard = () => wire.frames.filter((frame) => 'doc' in frame).map((frame) => frame.doc)
  await expect.poll(() => new Set(heard())).toEqual(new Set(['everyone', `person/${seat.person}`]))
  wire.say({ beat: 1 })
  expect((await wire.frame('beat')).beat).toBeGreaterThan(1)
  wire.close()
})

test('who comes back with its revisions gets what is missing and no more', async ({ mend }) => {
  const seat = await join(mend.links, 'Quiet Otter')
  const first = await Wire.hello(mend.origin, seat.token)
  const own = `person/${seat.person}`
  const latest = (name: string) =>
    first.frames.filter((frame) => frame.doc === name).at(-1)?.rev as number | undefined
  await expect.poll(() => latest('everyone') && latest(own)).toBeTruthy()
  const docs = { everyone: latest('everyone'), [own]: latest(own) }
  first.close()
  const second = await Wire.open(mend.origin)
  second.say({ hello: { token: seat.token, client: 'another-tab', docs } })
  const welcome = (await second.frame('welcome')).welcome as { docs: object }
  expect(welcome.docs).toMatchObject({ [own]: docs[own] })
  await new Promise((done) => setTimeout(done, 300))
  expect(second.frames.filter((frame) => frame.doc === own)).toEqual([])
  second.close()
})

test('commands that are unknown, malformed or not for this seat are refused, and the line stays', async ({
  mend,
}) => {
  const wire = await Wire.hello(mend.origin, (await join(mend.links, 'Quiet Otter')).token)
  const refusal = async (id: number, name: string, body?: unknown) => (await wire.ask(id, name, body)).error
  expect(await refusal(1, 'moon.howl')).toMatchObject({ code: 'invalid', reason: 'unknown_command' })
  expect(await refusal(2, 'person.join', { person: 'x', alias: 'Ghost' })).toMatchObject({ code: 'invalid' })
  expect(await refusal(3, 'agenda.next')).toMatchObject({ code: 'denied', reason: 'not_leading' })
  expect(await refusal(4, 'person.rename', { alias: 7 })).toMatchObject({
    code: 'invalid',
    reason: 'command_form',
  })
  expect(await wire.ask(5, 'hand.raise')).toMatchObject({ ok: 5 })
  wire.close()
})

test('a replayed command is answered again and applied once', async ({ mend }) => {
  const seat = await lead(mend.links)
  const first = await Wire.hello(mend.origin, seat.token, 'same-tab')
  expect(await first.ask(1, 'agenda.next')).toMatchObject({ ok: 1 })
  expect(await first.ask(2, 'agenda.next')).toMatchObject({ ok: 2 })
  expect(await first.ask(2, 'agenda.next')).toMatchObject({ ok: 2 })
  first.close()
  const second = await Wire.hello(mend.origin, seat.token, 'same-tab')
  expect(await second.ask(2, 'agenda.next')).toMatchObject({ ok: 2 })
  const everyone = (
    await second.until('everyone', () => second.frames.find((frame) => frame.doc === 'everyone'))
  ).is as {
    agenda: Record<string, { order: number; state: string }>
  }
  const now = Object.values(everyone.agenda).find((step) => step.state === 'now')
  expect(now?.order).toBe(1)
  second.close()
})

test('frames that are too long or not UTF-8 close the line with their code', async ({ mend }) => {
  const { token } = await join(mend.links, 'Quiet Otter')
  const long = await Wire.hello(mend.origin, token)
  long.send(Buffer.alloc(16 * 1024 + 1, ' '))
  expect(await long.end()).toBe(1009)
  const broken = await Wire.hello(mend.origin, token)
  broken.send(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]))
  expect(await broken.end()).toBe(1007)
  const wire = await Wire.hello(mend.origin, token)
  expect(await wire.ask(1, 'hand.raise')).toMatchObject({ ok: 1 })
  wire.close()
})

test('a line without a hello is closed after five seconds', async ({ mend }) => {
  const wire = await Wire.open(mend.origin)
  const begun = Date.now()
  expect(await wire.end()).toBe(4408)
  expect(Date.now() - begun).toBeGreaterThan(4_500)
})

test('tokens that are foreign, forged or altered open nothing', async ({ mend }) => {
  const { token } = await join(mend.links, 'Quiet Otter')
  const [, claims] = token.split('.')
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const hmac = `${encode({ alg: 'HS256', typ: 'JWT' })}.${claims}`
  const forged = {
    nothing: '',
    'no token': 'hello',
    'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${claims}.`,
    'alg HS256': `${hmac}.${createHmac('sha256', 'key').update(hmac).digest('base64url')}`,
    'another signature': token.slice(0, -8) + 'AAAAAAAA',
  }
  for (const [name, bad] of Object.entries(forged)) {
    const wire = await Wire.open(mend.origin)
    wire.say({ hello: { token: bad, client: 'some-tab', docs: {} } })
    expect(await wire.end(), name).toBe(4401)
  }
})

test('a page of another site gets no socket', async ({ mend }) => {
  await expect(Wire.open(mend.origin, { Origin: 'https://example.org' })).rejects.toThrow(' 403 ')
})

test('joining with a wrong code or a bad name is refused in words', async ({ mend }) => {
  const code = mend.links.code
  const cases = [
    [{ code: mend.links.code === 'WWWWWW' ? 'XXXXXX' : 'WWWWWW', alias: 'Oak' }, 404, 'not_found'],
    [{ code, alias: '' }, 400, 'invalid'],
    [{ code, alias: 'x'.repeat(200) }, 400, 'invalid'],
    [{ code, alias: '\u200b\u200b' }, 400, 'invalid'],
    [{ code, alias: 'Oak\u202eelddir' }, 400, 'invalid'],
  ] as const
  for (const [body, status, kind] of cases) {
    const answer = await post(mend.origin, '/api/join', body)
    expect(answer.status, JSON.stringify(body)).toBe(status)
    expect(answer.body.error).toMatchObject({ code: kind, message: expect.stringMatching(/^[A-Z].*\.$/) })
  }
})

test('a removed person and a session that is over are told so, for good', async ({ mend }) => {
  const seat = await join(mend.links, 'Quiet Otter')
  const other = await join(mend.links, 'Red Wren')
  const [otter, wren] = [
    await Wire.hello(mend.origin, seat.token),
    await Wire.hello(mend.origin, other.token),
  ]
  const leader = await Wire.hello(mend.origin, (await lead(mend.links)).token)
  expect(await leader.ask(1, 'person.remove', { person: seat.person })).toMatchObject({ ok: 1 })
  expect(await otter.end()).toBe(4403)
  const again = await Wire.open(mend.origin)
  again.say({ hello: { token: seat.token, client: 'another-tab', docs: {} } })
  expect(await again.end()).toBe(4403)
  expect(await wren.ask(1, 'session.close')).toMatchObject({ error: { code: 'denied' } })
  expect(await leader.ask(2, 'session.close')).toMatchObject({ ok: 2 })
  expect(await wren.ask(2, 'hand.raise')).toMatchObject({ error: { code: 'closed', reason: 'session_over' } })
  expect((await post(mend.origin, '/api/join', { code: mend.links.code, alias: 'Late' })).status).toBe(410)
  for (const wire of [wren, leader]) wire.close()
})

test('guessing codes is slowed down, and who has the right one is not kept out for long', async ({
  mend,
}) => {
  const answers = []
  for (let i = 0; i < 60; i++) {
    const code = ['WWWWW', 'XXXXX', 'YYYYY'][i % 3]! + 'CDFGHJKMNP'[i % 10]!
    const { status, headers } = await fetch(`${mend.origin}/api/door/${code}`)
    answers.push(status)
    if (status === 429) expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0)
  }
  expect(answers).toContain(429)
})
