// The single node stops, or dies, in the middle of a workshop and is started again on the same data.

import { test, expect } from './test'
import { Client, join, lead } from './api'
import { en, forward, here } from './seats'

for (const how of ['stop', 'kill'] as const) {
  test(`${how} in the middle: same code, same seats, nothing acknowledged is lost`, async ({
    mend,
    seats,
  }) => {
    const facilitator = await seats.facilitator()
    const ana = await seats.participant('Ana')
    const ben = await seats.participant('Ben')
    const title = await forward(facilitator)
    await expect(ana.getByRole('heading', { level: 1, name: title })).toBeVisible()
    await ana.getByRole('button', { name: en.hand_raise }).click()
    await expect(ana.getByRole('button', { name: en.hand_lower })).toBeVisible()
    const code = mend.links.code

    await mend[how]()
    await expect(ana.getByText(en.room_away)).toBeVisible()
    await mend.again()
    expect(mend.links.code).toBe(code)

    for (const page of [ana, ben]) await here(page)
    await expect(ana.getByRole('button', { name: en.hand_lower })).toBeVisible()
    await expect(ana.getByRole('heading', { level: 1, name: title })).toBeVisible()
    await ben.getByRole('button', { name: en.hand_raise }).click()
    await expect(ben.getByRole('button', { name: en.hand_lower })).toBeVisible()
    const next = await forward(facilitator)
    await expect(ana.getByRole('heading', { level: 1, name: next })).toBeVisible()
  })
}

test('what was answered before kill -9 is there after it, command by command', async ({ mend }) => {
  const leader = new Client(mend.origin, (await lead(mend.links)).token)
  const people = await Promise.all(
    Array.from(
      { length: 8 },
      async (_, i) => new Client(mend.origin, (await join(mend.links, `Person ${i}`)).token),
    ),
  )
  const acknowledged = new Map<number, string>()
  let going = true
  const storm = people.map(async (person, i) => {
    for (let turn = 0; going; turn++) {
      const alias = `Name ${i} ${turn}`
      const answer = await person.do('person.rename', { alias }).catch(() => undefined)
      if (answer && 'ok' in answer) acknowledged.set(i, alias)
    }
  })
  const each = () => acknowledged.size
  await expect.poll(each).toBe(people.length)
  await new Promise((done) => setTimeout(done, 300))
  await mend.kill()
  going = false
  for (const person of people) person.close()
  await Promise.all(storm)
  await mend.again()
  const everyone = await leader.read('everyone')
  const aliases = Object.values(everyone.people as Record<string, { alias: string }>).map(
    ({ alias }) => alias,
  )
  for (const [i, alias] of acknowledged) {
    const turn = (name: string) => Number(name.split(' ')[2])
    const kept = aliases.find((name) => name.startsWith(`Name ${i} `)) ?? ''
    // The answer to a later one may have been lost with the line.
    expect(turn(kept)).toBeGreaterThanOrEqual(turn(alias))
  }
})
