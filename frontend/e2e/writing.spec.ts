// What people write for themselves, each exercise in all its seats: no word of it leaves the device, and a letter that is
// let go is nowhere any more. And a weak amend said better, through a bowl.

import { test as base, expect, type BrowserContext, type Page } from '@playwright/test'
import { join } from 'node:path'
import asks from '../src/asks/asks.json' with { type: 'json' }
import { gather } from './api'
import { look } from './look'
import { Mend } from './mend'
import { come, en, es, forward, here, Seats } from './seats'

const file = join(import.meta.dirname, 'programmes', 'writing.yaml')

const test = base.extend<{ mend: Mend; seats: Seats }>({
  mend: async ({}, use, info) => {
    const mend = await Mend.start({ flags: ['--programme', file] })
    await use(mend)
    if (info.status !== info.expectedStatus) await info.attach('log', { body: mend.child.log.join('\n') })
    await mend.clear()
  },
  seats: async ({ browser, mend }, use) => {
    const seats = new Seats(browser, mend.links)
    await use(seats)
    await seats.close()
    expect(seats.offences).toEqual([])
  },
})

/** Everything a browser window sends: requests with their bodies, and what goes over its sockets. */
function overhear(context: BrowserContext, page: Page): string[] {
  const sent: string[] = []
  context.on('request', (request) => {
    sent.push(decodeURIComponent(request.url()), request.postDataBuffer()?.toString() ?? '')
  })
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(payload.toString())))
  return sent
}

/** All that the browser keeps for this site, as it lies there. */
function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const words = [JSON.stringify({ ...localStorage, ...sessionStorage })]
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const asked = indexedDB.open(name!)
        asked.onsuccess = () => resolve(asked.result)
        asked.onerror = () => reject(asked.error)
      })
      for (const store of [...db.objectStoreNames]) {
        const rows = await new Promise<unknown[]>((resolve, reject) => {
          const asked = db.transaction(store).objectStore(store).getAll()
          asked.onsuccess = () => resolve(asked.result)
          asked.onerror = () => reject(asked.error)
        })
        words.push(JSON.stringify(rows))
      }
      db.close()
    }
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) words.push(request.url)
    }
    return words.join('\n')
  })
}

const field = (page: Page, label: string) => page.getByRole('textbox', { name: label, exact: true })

test('no word that is written for oneself leaves the device', async ({ mend, seats }) => {
  const facilitator = await seats.facilitator()
  const stage = await seats.stage()
  const phone = await seats.window()
  const sent = overhear(phone.context(), phone)
  await phone.goto(mend.links.join)
  await come(phone, 'Ana')
  const family = await seats.window({ locale: 'es' })
  await family.goto(mend.links.join)
  await come(family, 'Rosa', es)
  await family.getByRole('button', { name: es.family_family }).click()
  await expect(family.getByText(es.family_change)).toBeVisible()

  await test.step('a letter, with the coach, the questions and the care that comes first', async () => {
    await forward(facilitator)
    await expect(phone.getByText('What did it cost them?')).toBeVisible()
    await expect(family.getByText(asks.family.letter.prompts[0]!.es)).toBeVisible()
    await expect(family.getByText('Solo para ti.')).toBeHidden() // spoken to those in recovery
    await look(family, 'phone', 'writing-family-letter')
    await field(phone, en.letter_words).fill('wordmarkletter. I lied to Luis. I am sorry, but I was tired.')
    await expect(phone.getByText(en.coach_but_asks)).toBeVisible()
    await expect(phone.getByText(en.coach_names.replace('{names}', '“Luis”'))).toBeVisible()
    await phone.getByText(en.writing_prompts).click()
    await expect(phone.getByText('What did it cost them?')).toBeHidden()
    await look(phone, 'phone', 'writing-letter')
    await field(phone, en.letter_words).fill('wordmarkletter. I want to die.')
    const care = phone.getByRole('listitem').filter({ hasText: en.coach_care })
    await expect(care.getByRole('button', { name: en.support_button })).toBeVisible()
    await care.getByRole('button', { name: en.crisis_button }).click()
    await expect(phone.getByRole('dialog').getByText(en.crisis_intro)).toBeVisible()
    await phone.getByRole('dialog').getByRole('button', { name: en.close, exact: true }).click()
    await look(phone, 'phone', 'writing-care')

    await field(phone, en.letter_words).fill('wordmarkletter. I left you at the station.')
    await facilitator.getByRole('button', { name: en.lead_writing_start }).click()
    await expect(phone.getByRole('timer')).toBeVisible()
    await look(facilitator, 'facilitator', 'writing-letter')
    await look(stage, 'stage', 'writing-letter')
    await phone.getByRole('button', { name: en.letter_read }).click()
    await expect(phone.getByRole('dialog').getByText('wordmarkletter. I left you')).toBeVisible()
    await phone.getByRole('dialog').getByRole('button', { name: en.close, exact: true }).click()
    await phone.getByRole('button', { name: en.letter_keep }).click()
    await expect(phone.getByText(en.letter_kept)).toBeVisible()
    await phone.reload()
    await here(phone)
    await expect(field(phone, en.letter_words)).toHaveValue('wordmarkletter. I left you at the station.')
  })

  await test.step('let go, it is nowhere any more', async () => {
    expect(await kept(phone)).toContain('wordmarkletter')
    await phone.getByRole('button', { name: en.letter_go, exact: true }).click()
    await expect(phone.getByText(en.letter_go_ask)).toBeVisible()
    await phone.getByRole('button', { name: en.letter_go_sure }).click()
    await expect(phone.getByText(en.letter_gone)).toBeVisible()
    await look(phone, 'phone', 'writing-letter-gone')
    await expect.poll(() => kept(phone)).not.toContain('wordmark')
    await phone.reload()
    await here(phone)
    await expect(field(phone, en.letter_words)).toHaveValue('')
  })

  await test.step('the other’s shoes, and one sentence by choice', async () => {
    await forward(facilitator)
    await field(phone, en.shoes_words).fill('wordmarkshoes. You made me wait. I never told anybody.')
    await expect(family.getByText(asks.family.othershoes.prompt.es)).toBeVisible()
    await phone.waitForTimeout(700) // the coach has read, and says nothing of the other's words
    await expect(phone.getByText(en.coach_blame_asks)).toBeHidden()
    await phone.getByText(en.bring_choose, { exact: true }).click()
    await phone.getByRole('checkbox', { name: 'I never told anybody.' }).check()
    await look(phone, 'phone', 'writing-shoes')
  })

  await test.step('amends to oneself', async () => {
    await forward(facilitator)
    await expect(family.getByText(asks.family.selfamends.practical.es)).toBeVisible()
    await look(family, 'phone', 'writing-family-self')
    await field(phone, en.self_neglect).fill('wordmarkneglect')
    await field(phone, en.self_kind).fill('wordmarkkind')
    await field(phone, en.self_practical).fill('wordmarkpractical')
    await field(phone, en.self_forgiveness).fill('wordmarkforgive')
    await look(phone, 'phone', 'writing-self')
    await look(stage, 'stage', 'writing-self')
  })

  await test.step('a card, a try, the answers, and tonight', async () => {
    await forward(facilitator)
    await expect(phone.getByText(en.answerno_soon)).toBeVisible()
    await look(stage, 'stage', 'writing-no-before')
    await facilitator.getByRole('button', { name: en.answerno_lead_next }).click()
    await expect(phone.getByText('You come here after all this time')).toBeVisible()
    const { words, answers } = asks.answerno.anger
    await expect(family.getByText(words.es)).toBeVisible()
    await expect(family.getByText(answers[0]!.es)).toBeHidden()
    await field(phone, en.answerno_mine).fill('wordmarkanger, and I will go.')
    await expect(facilitator.getByText('You have every right to be angry.')).toBeVisible()
    expect(await phone.content()).not.toContain('You have every right')
    await facilitator.getByRole('button', { name: en.answerno_lead_time.replace('{count}', '3') }).click()
    await expect(phone.getByRole('timer')).toBeVisible()
    await facilitator.getByRole('button', { name: en.answerno_lead_show }).click()
    await expect(phone.getByText('You have every right to be angry.')).toBeVisible()
    await expect(family.getByText(answers[0]!.es)).toBeVisible()
    await look(family, 'phone', 'writing-family-no')
    await look(phone, 'phone', 'writing-no')
    await look(facilitator, 'facilitator', 'writing-no')
    await look(stage, 'stage', 'writing-no')
    await facilitator.getByRole('button', { name: en.answerno_lead_next }).click()
    await expect(field(phone, en.answerno_mine)).toHaveValue('')
    await facilitator.getByRole('button', { name: en.answerno_lead_back }).click()
    await expect(field(phone, en.answerno_mine)).toHaveValue('wordmarkanger, and I will go.')
    await facilitator.getByRole('button', { name: en.answerno_lead_next }).click()
    await facilitator.getByRole('button', { name: en.answerno_lead_night }).click()
    await phone.getByRole('button', { name: 'Eat something warm.' }).click()
    await expect(field(phone, en.answerno_tonight)).toHaveValue('Eat something warm.')
    await field(phone, en.answerno_tonight).pressSequentially(' wordmarktonight')
    await look(phone, 'phone', 'writing-no-tonight')
    await look(stage, 'stage', 'writing-no-tonight')
  })

  // What the recording can hear, it would have heard: a raised hand is in it.
  await phone.getByRole('button', { name: en.hand_raise }).click()
  await expect(facilitator.getByText(en.people_hand).first()).toBeVisible()
  expect(sent.join('\n')).toContain('hand.raise')
  for (const page of [facilitator, stage]) expect(await page.content()).not.toContain('wordmark')
  expect(mend.words('wordmark')).toEqual([])
  expect(sent.filter((text) => text.includes('wordmark'))).toEqual([])

  // After the session they are there, to be read and written on.
  await phone.goto(`${mend.origin}/mine`)
  for (const title of [en.shoes_title, en.self_title, en.answerno_title])
    await expect(phone.getByRole('heading', { name: title })).toBeVisible()
  await expect(phone.getByRole('heading', { name: en.letter_title })).toBeHidden()
  const self = phone.getByRole('listitem').filter({ hasText: en.self_title })
  await self.getByRole('button', { name: en.mine_write }).click()
  await expect(field(phone, en.self_practical)).toHaveValue('wordmarkpractical')
})

test('a weak amend is said better, without names, and the group picks what it learned', async ({
  mend,
  seats,
}) => {
  const facilitator = await seats.facilitator()
  const stage = await seats.stage()
  const phone = await seats.participant('Ana')
  const others = await gather(mend.links, 4)
  for (let i = 0; i < 5; i++) await forward(facilitator)

  await expect(phone.getByText(en.better_soon)).toBeVisible()
  await facilitator.getByRole('radio').first().check()
  await facilitator.getByRole('button', { name: en.bowl_lead_open, exact: true }).click()
  await expect(stage.getByText(en.better_this)).toBeVisible()
  await expect(stage.getByText('but you know how I was back then')).toBeVisible()
  await look(stage, 'stage', 'writing-better')
  await field(phone, en.better_write).fill('I am sorry I hit you, but you made me do it.')
  await expect(phone.getByText(en.coach_blame_asks)).toBeVisible()
  await look(phone, 'phone', 'writing-better')
  await field(phone, en.better_write).fill('I hit you in May. Nothing you did made me.')
  await phone.getByRole('button', { name: en.bowl_put }).click()
  await expect(phone.getByText(en.bowl_in, { exact: true })).toBeVisible()
  await facilitator.getByRole('button', { name: en.bowl_lead_close, exact: true }).click()
  await facilitator.getByRole('button', { name: en.bowl_lead_close_sure }).click()
  const share = facilitator.getByRole('listitem').filter({ hasText: 'I hit you in May.' })
  await expect(share).toBeVisible({ timeout: 90_000 })
  await share.getByRole('button', { name: en.bowl_lead_to_open }).click()
  await facilitator.getByRole('button', { name: en.bowl_lead_first }).click()
  await expect(stage.getByText('I hit you in May. Nothing you did made me.')).toBeVisible()

  await facilitator.getByRole('button', { name: en.better_lead_ask }).click()
  await phone.getByRole('checkbox', { name: /“But” takes back/ }).check()
  await look(phone, 'phone', 'writing-better-learned')
  await phone.getByRole('button', { name: en.poll_send }).click()
  await expect(phone.getByText(en.poll_yours)).toBeVisible()
  await expect(facilitator.getByText(en.better_lead_few)).toBeVisible()
  for (const client of others) await client.do('sayitbetter.pick', { choices: [1, 2] })
  await look(facilitator, 'facilitator', 'writing-better-learned')
  await facilitator.getByRole('button', { name: en.better_lead_show }).click()
  await expect(stage.getByText(en.better_learned_shown)).toBeVisible()
  await expect(phone.getByText(en.better_learned_shown)).toBeVisible()
  await look(stage, 'stage', 'writing-better-shown')
  for (const client of others) client.close()
})
