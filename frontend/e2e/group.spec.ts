// What a group does together: sorting, a poll, steadying itself, who can help, and a word after the closing.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { Client, gather, lead } from './api'
import { look } from './look'
import { Mend, type Links } from './mend'
import { come, en, es, here, Seats } from './seats'
import { expect, test as base } from './test'

const board = `languages: [en, es]
place: {en: Riverside and around, es: Riverside y alrededores}
helpers:
  - topic: legal
    name: {en: Riverside legal aid, es: Ayuda legal Riverside}
    text: {en: Free. Ask before you write., es: Gratis. Pregunta antes de escribir.}
    phone: "555 0100"
    hours: {en: Weekdays 9 to 17, es: De lunes a viernes de 9 a 17}
    web: https://legal.example.org
    speaks: [en, es]
`
const comment = 'gooseberryish'

/** A server whose demo is a programme with these steps. */
const test = base.extend<{ programme: string }>({
  programme: ['', { option: true }],
  mend: async ({ programme }, use) => {
    const file = join(mkdtempSync(join(tmpdir(), 'mend-board-')), 'here.yaml')
    writeFileSync(file, board)
    const mend = await Mend.start({ flags: ['--programme', programme, '--resources', file] })
    await use(mend)
    await mend.clear()
  },
})

/** Takes the room to a step, and waits until these pages are there. */
async function to(links: Links, step: string, ...pages: Page[]) {
  const client = new Client(new URL(links.join).origin, (await lead(links)).token)
  await client.do('agenda.open', { step })
  const { agenda } = (await client.read('everyone')) as {
    agenda: Record<string, { title: { en: string; es: string } }>
  }
  client.close()
  for (const page of pages) {
    const title = (await page.locator('html').getAttribute('lang')) === 'es' ? 'es' : 'en'
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(agenda[step]!.title[title])
  }
}

test.describe('a class of nine', () => {
  test.use({ programme: 'peer-specialists-1' })

  test('sorts, is asked, looks for help and says what it was like', async ({ mend, seats }) => {
    const { links } = mend
    const facilitator = await seats.facilitator()
    const stage = await seats.stage()
    const ana = await seats.participant('Quillfeather')
    const ben = await seats.participant('Brambleton')
    const others = await gather(links, 7)
    const all = async (name: string) => {
      await look(ana, 'phone', `en-group-${name}`)
      await look(facilitator, 'facilitator', `en-group-${name}`)
      await look(stage, 'stage', `en-group-${name}`)
    }

    await test.step('sort: alone, then together', async () => {
      await to(links, 'which-form', facilitator, ana, ben)
      await look(ana, 'phone', 'en-group-1-sort-alone')
      const { exercise } = (await others[0]!.read('everyone')).step as { exercise: { cards: object } }
      const cards = Object.keys(exercise.cards).length
      for (const phone of [ana, ben]) {
        for (let card = 1; card <= cards; card++) {
          const at = en.sort_card.replace('{at}', String(card)).replace('{of}', String(cards))
          await expect(phone.getByText(at)).toBeVisible()
          await phone.getByRole('button', { name: phone === ana ? 'Direct' : 'Wait', exact: true }).click()
          if (card === 1) await phone.reload() // what is placed is still there
        }
        await expect(phone.getByText(en.sort_all)).toBeVisible()
      }
      for (const phone of [ana, ben]) await phone.getByRole('button', { name: en.sort_send }).click()
      await expect(ana.getByText(en.sort_wait)).toBeVisible()
      for (const page of [facilitator, stage, ana])
        await expect(page.getByText(en.outline_rest)).toHaveCount(0)
      for (const [i, client] of others.entries())
        await client.do('sort.place', { places: Array(cards).fill(i < 4 ? 1 : 2) })
      for (const page of [facilitator, stage, ana])
        await expect(page.getByText(en.outline_rest)).toBeVisible()
      await facilitator.getByRole('button', { name: 'Direct', exact: true }).click()
      for (const page of [stage, ana])
        await expect(page.getByText(en.sort_settled.replace('{place}', 'Direct'))).toBeVisible()
      await all('3-sort-together')
      await facilitator.getByRole('button', { name: en.sort_lead_next, exact: true }).click()
      await expect(facilitator.getByRole('button', { name: en.sort_lead_back, exact: true })).toBeEnabled()
    })

    await test.step('poll: nothing before it is shown, and then nothing of anybody', async () => {
      await to(links, 'our-line', facilitator, ana, ben)
      await ana.getByRole('checkbox').nth(0).check()
      await ana.getByRole('checkbox').nth(2).check()
      await look(ana, 'phone', 'en-group-4-poll-asked')
      await ana.getByRole('button', { name: en.poll_send }).click()
      await expect(ana.getByText(en.poll_wait)).toBeVisible()
      for (const [i, client] of others.entries())
        await client.do('poll.answer', { choices: i < 4 ? [1] : [2, 4] })
      await expect(facilitator.getByText(en.poll_lead_answers.replace('{count}', '8'))).toBeVisible()
      await facilitator.getByRole('button', { name: en.poll_lead_reveal }).click()
      for (const page of [facilitator, stage, ana, ben])
        await expect(page.getByText(en.outline_few).first()).toBeVisible()
      await facilitator
        .getByRole('button', { name: new RegExp(en.poll_lead_talk_on) })
        .first()
        .click()
      await expect(stage.getByText('What would change your answer?')).toBeVisible()
      await all('5-poll-shown')
    })

    await test.step('who can help: in the step, in the menu, and without a network', async () => {
      await to(links, 'who-can-help', facilitator, ana, ben)
      await ana.getByText(en.help_legal, { exact: true }).click()
      await expect(
        ana.getByRole('link', { name: en.help_call.replace('{number}', '555 0100') }),
      ).toBeVisible()
      await ana.reload() // now the service worker has this page
      await here(ana)
      await ana.context().setOffline(true)
      await ana.getByRole('button', { name: en.menu, exact: true }).click()
      await ana.getByRole('button', { name: en.help_menu }).click()
      const sheet = ana.getByRole('dialog')
      await sheet.getByText(en.help_legal, { exact: true }).click()
      await expect(sheet.getByText('555 0100')).toBeVisible()
      await sheet.getByText(en.help_debt, { exact: true }).click()
      await expect(sheet.getByText(en.help_debt_ask)).toBeVisible()
      await look(ana, 'phone', 'en-group-7-help-menu')
      await ana.context().setOffline(false)
      await ana.getByRole('button', { name: en.close, exact: true }).click()
    })

    await test.step('feedback: for whoever led, when all is over, and nowhere else', async () => {
      await to(links, 'feedback', facilitator, ana, ben)
      await ana.getByRole('radio').first().check()
      await ana.getByRole('textbox').fill(comment)
      await look(ana, 'phone', 'en-group-8-feedback')
      await ana.getByRole('button', { name: en.feedback_send }).click()
      await expect(ana.getByText(en.feedback_thanks)).toBeVisible()
      for (const client of others) await client.do('feedback.give', { places: [4, 2, 3], comment: 'zest' })
      await expect(facilitator.getByText(comment)).toHaveCount(0)
      await facilitator.getByRole('main').getByRole('button', { name: en.lead_close, exact: true }).click()
      const sheet = facilitator.getByRole('dialog')
      await sheet.getByRole('button', { name: en.lead_close, exact: true }).click()
      await sheet.getByRole('button', { name: en.lead_close_sure, exact: true }).click()
      await expect(facilitator.getByText(comment)).toBeVisible()
      await look(facilitator, 'facilitator', 'en-group-9-feedback-read')
      const saving = facilitator.waitForEvent('download')
      await facilitator.getByRole('button', { name: en.feedback_save }).click()
      expect(readFileSync(await (await saving).path(), 'utf8')).toContain(comment)
      for (const page of [stage, ben]) expect(await page.locator('body').innerText()).not.toContain(comment)
      await expect.poll(() => mend.words(comment)).toEqual([])
    })
    for (const client of others) client.close()
  })
})

test.describe('a programme of one’s own', () => {
  test.use({ programme: join(import.meta.dirname, 'group.yaml') })

  test('an order and words, and what only family reads', async ({ mend, seats }) => {
    const { links } = mend
    const facilitator = await seats.facilitator()
    const stage = await seats.stage()
    const ana = await seats.participant('Quillfeather')
    const ben = await seats.participant('Brambleton')
    const others = await gather(links, 3)
    await ana.getByRole('button', { name: en.family_family }).click()
    await expect(ana.getByText(en.family_change)).toBeVisible()
    await to(links, 'rank', facilitator, ana, ben)
    await expect(ana.getByText('You may refuse.')).toBeVisible()
    await expect(ben.getByText('You may refuse.')).toHaveCount(0)
    await ana.getByRole('button', { name: en.poll_up.replace('{name}', 'The words') }).press('Enter')
    await look(ana, 'phone', 'en-group-order')
    for (const phone of [ana, ben]) await phone.getByRole('button', { name: en.poll_send }).click()
    for (const client of others) await client.do('poll.answer', { choices: [3, 2, 1, 4] })
    await expect(facilitator.getByText(en.poll_lead_all)).toBeVisible()
    await facilitator.getByRole('button', { name: en.poll_lead_reveal }).click()
    await expect(stage.getByRole('listitem').first()).toHaveText('The words')
    await look(stage, 'stage', 'en-group-order')

    await to(links, 'word', facilitator, ana, ben)
    await ana.getByLabel(en.poll_word).fill(comment)
    await ana.getByRole('button', { name: en.poll_send }).click()
    await expect(ana.getByText(en.poll_wait)).toBeVisible()
    for (const [i, client] of others.entries())
      await client.do('poll.answer', { word: ['hope', 'Hope', 'afraid'][i] })
    await facilitator.getByRole('button', { name: en.poll_lead_gather }).click()
    await facilitator.getByRole('button', { name: `${en.poll_lead_hold}: afraid` }).click()
    await expect(facilitator.getByRole('button', { name: `${en.poll_lead_held}: afraid` })).toBeVisible()
    await look(facilitator, 'facilitator', 'en-group-words')
    await expect(stage.getByText(comment)).toHaveCount(0)
    await facilitator.getByRole('button', { name: en.poll_lead_show }).click()
    for (const page of [stage, ben]) await expect(page.getByText(comment)).toBeVisible()
    for (const page of [stage, ben]) await expect(page.getByText('afraid')).toHaveCount(0)
    await look(stage, 'stage', 'en-group-words')
    for (const client of others) client.close()
  })
})

test.describe('una sala con familias', () => {
  test.use({ programme: 'families-hearing-amends' })

  test('cada quien con sus palabras, y una pausa en común', async ({ mend, seats }) => {
    const { links } = mend
    const facilitator = await seats.facilitator({ locale: 'es' })
    const stage = await seats.stage({ locale: 'es' })
    const ana = await enter(seats, 'Guadalupe Montserrat')
    const ben = await enter(seats, 'Benjamín', { reducedMotion: 'no-preference' })

    await ana.getByRole('button', { name: es.family_family }).click()
    await expect(ana.getByText(es.family_change)).toBeVisible()
    await look(ana, 'phone', 'es-group-1-family')
    const seen = JSON.stringify(await asLead(links))
    expect(seen).not.toContain('"family"')

    await to(links, 'settle', facilitator, ana, ben)
    await expect(stage.getByText('Elige lo que te dé firmeza')).toBeVisible()
    await look(facilitator, 'facilitator', 'es-group-2-grounding')
    await facilitator.getByRole('button', { name: es.pacer_square }).click()
    await expect(stage.getByRole('group', { name: es.pacer_label })).toBeVisible()
    for (const phone of [ana, ben]) {
      await expect(phone.getByRole('group', { name: es.pacer_label })).toHaveCount(0) // nothing begins by itself
      await phone.getByRole('button', { name: new RegExp(es.grounding_along) }).click()
      await expect(phone.getByRole('group', { name: es.pacer_label })).toBeVisible()
    }
    // In step: at some moment all three say the same, and then the next part together.
    const said = async () => Promise.all([stage, ana, ben].map((page) => page.locator('.part').innerText()))
    const alike = async () => new Set(await said()).size
    await expect.poll(alike).toBe(1)
    await look(ben, 'phone', 'es-group-3-breathing')
    await stage.emulateMedia({ reducedMotion: 'no-preference' })
    await look(stage, 'stage', 'es-group-3-breathing')
    await stage.emulateMedia({ reducedMotion: 'reduce' }) // else axe may read a line that is only coming
    await ben.getByRole('button', { name: es.pacer_still }).click()
    await expect(ben.locator('.pacer svg')).toHaveCount(0)
    await ben.getByRole('button', { name: es.pacer_stop, exact: true }).click()
    await facilitator.getByRole('button', { name: 'Cinco cosas a tu alrededor' }).click()
    await expect(stage.getByText('Busca cinco cosas que puedas ver.')).toBeVisible()
    await look(stage, 'stage', 'es-group-4-guide')

    await to(links, 'support-of-your-own', facilitator, ana, ben)
    await look(ana, 'phone', 'es-group-5-help')
    await look(stage, 'stage', 'es-group-5-help')
  })
})

async function enter(seats: Seats, alias: string, options = {}): Promise<Page> {
  const page = await seats.window({ locale: 'es', ...options })
  await page.goto(seats.links!.join)
  await come(page, alias, es)
  return page
}

/** What facilitators and everybody read. */
async function asLead(links: Links) {
  const client = new Client(new URL(links.join).origin, (await lead(links)).token)
  const documents = [await client.read('facilitators'), (await client.read('everyone')).people]
  client.close()
  return documents
}
