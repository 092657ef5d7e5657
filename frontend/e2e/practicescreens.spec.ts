// Everybody's screens in a practice room, through a whole round on real pages, in both languages: for axe, for 320 pixels,
// and for people to look at.

import { test as base, expect, type Page } from '@playwright/test'
import { join } from 'node:path'
import { Client, lead } from './api'
import { look, narrow, readable } from './look'
import { Mend } from './mend'
import { come, en, es, forward, Seats } from './seats'

const test = base.extend<{ mend: Mend; seats: Seats }>({
  mend: async ({}, use) => {
    const mend = await Mend.start({ flags: ['--programme', 'practising-amends'] })
    await use(mend)
    await mend.clear()
  },
  seats: async ({ browser, mend }, use) => {
    const seats = new Seats(browser, mend.links)
    await use(seats)
    await seats.close()
    expect(seats.offences).toEqual([])
  },
})

const screens = join(import.meta.dirname, '..', 'test-results', 'screens')
const long = 'Guadalupe Montserrat de los Ángeles Rí'
const words = { en, es }
const situation = 'I took my brother’s bicycle and told my mother it was stolen.'

for (const locale of ['en', 'es'] as const) {
  test(`a whole round on three phones, ${locale}`, async ({ mend, seats }) => {
    const say = words[locale]
    const leader = new Client(mend.origin, (await lead(mend.links)).token)
    const round = new Round(await seats.facilitator({ locale }), leader, say)
    const stage = await seats.stage({ locale })
    for (const alias of [long, 'Ana', 'Cho']) {
      await round.join(await seats.window({ locale }), mend.links.join, alias)
    }
    const named = locale === 'en' ? 'practice' : 'es-practice'
    /** Those marked whole in all sizes and lights; the others on the smallest phone, in the dark in English. */
    const see = async (page: Page, name: string, whole?: 'phone' | 'facilitator' | 'stage') => {
      if (whole) return look(page, whole, `${named}-${name}`)
      const before = page.viewportSize()!
      await page.emulateMedia({ colorScheme: locale === 'en' ? 'dark' : 'light' })
      await page.setViewportSize({ width: 360, height: 740 })
      await page.screenshot({ path: `${screens}/${locale}-practice-${name}.png`, animations: 'disabled' })
      await readable(page, `${locale}, ${name}`)
      await page.setViewportSize(before)
      await narrow(page, `${locale}, ${name}`)
    }
    const tap = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
    const all = () => [...round.phones.values()]
    const reading = { en: 'Somewhere a person you once avoided', es: 'En algún lugar, alguien' }[locale]

    await forward(round.facilitator, say)
    await round.order('agenda.open', { step: 'threes' })
    await test.step('before the rooms', async () => {
      const [phone] = all() as [Page]
      await expect(phone.getByText(say.practice_part)).toBeVisible()
      await phone.getByText(say.practice_not_with).click()
      await see(phone, '00-wishing')
      await phone.getByLabel(say.practice_rest).check()
      await expect(phone.getByText(reading)).toBeVisible()
      await see(phone, '01-resting', 'phone')
      await phone.getByText(say.practice_change_part).click()
      await phone.getByLabel(say.practice_play).check()
      await expect(phone.getByText(say.practice_forming)).toBeVisible()
    })
    await round.order('practice.form')
    await round.order('practice.open')
    const { speaker, listener, observer } = await round.roles()

    await test.step('agreeing', async () => {
      await expect(
        listener.getByText(say.practice_scenario_waits.replace('{alias}', round.alias(speaker))),
      ).toBeVisible()
      await speaker.getByLabel(say.practice_scenario).selectOption('own')
      await speaker.getByLabel(say.practice_own, { exact: true }).fill(situation)
      await see(speaker, '10-consent-own')
      expect(round.sent.join()).not.toContain('bicycle')
      await tap(speaker, say.practice_own_show)
      await expect(speaker.getByText(say.practice_own_shown)).toBeVisible()
      expect(round.sent.join()).toContain('bicycle')
      await speaker.getByLabel(say.practice_scenario).selectOption('tools-of-a-sibling')
      await tap(speaker, say.practice_difficulty_2)
      await tap(speaker, say.practice_stance_angry)
      await listener.getByLabel(say.practice_limits, { exact: true }).fill('Nothing about hospitals, please')
      await listener.getByLabel(say.practice_stop_word, { exact: true }).fill('umbrella')
      await tap(listener, say.practice_agree)
      await expect(speaker.getByText('umbrella').first()).toBeVisible()
      await see(speaker, '11-consent-speaker', 'phone')
      await see(listener, '12-consent-listener')
      for (const phone of [speaker, observer]) await tap(phone, say.practice_agree)
    })

    await test.step('preparing', async () => {
      await expect(speaker.getByText(say.practice_prepare_speaker)).toBeVisible()
      await speaker
        .getByLabel(say.practice_draft)
        .fill('I took the tools from your shed and sold them for 350 dollars.')
      await see(speaker, '20-prepare-speaker')
      await see(listener, '21-prepare-listener')
      await see(observer, '22-prepare-observer')
      for (const phone of all()) await tap(phone, say.practice_ready)
    })

    await test.step('rehearsing', async () => {
      await expect(observer.getByText(say.practice_rehearse_observer)).toBeVisible()
      await observer.getByLabel(say.practice_heard).fill('three hundred and fifty dollars')
      await tap(observer, say.practice_do_specific)
      await tap(observer, say.practice_do_silence)
      await observer.getByLabel(say.practice_heard).fill('sold them for')
      await observer.reload()
      await expect(observer.getByLabel(say.practice_heard)).toHaveValue('sold them for')
      await expect(observer.getByText('three hundred and fifty dollars')).toBeVisible()
      await see(speaker, '30-rehearse-speaker')
      await see(listener, '31-rehearse-listener')
      await see(observer, '32-rehearse-observer', 'phone')
      await see(round.facilitator, '33-rehearse', 'facilitator')
    })

    await test.step('a stop, and going on', async () => {
      await listener.getByRole('button', { name: say.practice_stop }).click()
      for (const phone of all()) await expect(phone.getByText(say.practice_paused_more)).toBeVisible()
      await expect(observer.getByText(say.practice_do_specific)).toHaveCount(0)
      await tap(speaker, say.practice_choose_on)
      await expect(listener.getByText(say.practice_choose_on).nth(1)).toBeVisible()
      await see(listener, '40-paused', 'phone')
      for (const phone of [listener, observer]) await tap(phone, say.practice_choose_on)
      await expect(observer.getByText(say.practice_rehearse_observer)).toBeVisible()
    })

    await test.step('help, and a facilitator who comes in', async () => {
      await tap(observer, say.practice_help)
      await expect(observer.getByText(say.practice_help_asked)).toBeVisible()
      await round.facilitator.getByRole('button', { name: say.lead_practice_enter }).first().click()
      await expect(listener.getByText(say.practice_visits)).toBeVisible()
      await speaker.getByText(say.practice_apart).click()
      await speaker.getByLabel(say.practice_write, { exact: true }).fill('We are not sure how to go on.')
      await tap(speaker, say.practice_send)
      await expect(round.facilitator.getByText('We are not sure how to go on.')).toBeVisible()
      await see(speaker, '50-visited-talking')
      await see(round.facilitator, '51-visiting', 'facilitator')
      await tap(round.facilitator, say.lead_practice_leave)
      await speaker.getByText(say.practice_apart).click()
      for (const phone of all()) await tap(phone, say.practice_ready)
    })

    await test.step('three views, and one moment again', async () => {
      for (const [n, name, text] of [
        [60, 'speaker', say.practice_view_speaker],
        [61, 'listener', say.practice_view_listener],
        [62, 'observer', say.practice_view_observer],
      ] as const) {
        const whose = { speaker, listener, observer }[name]
        await expect(whose.getByText(text)).toBeVisible()
        await see(whose, `${n}-view-${name}`)
        if (name === 'observer') await see(speaker, '63-view-observer-heard')
        for (const phone of all()) await tap(phone, say.practice_ready)
      }
      await expect(speaker.getByText(say.practice_again_speaker)).toBeVisible()
      await see(speaker, '64-again')
      for (const phone of all()) await tap(phone, say.practice_ready)
    })

    await test.step('stepping out, with the words of the card, also after a reload and at another step', async () => {
      const part = { en: 'your brother or sister', es: 'tu hermana o tu hermano' }[locale]
      const notMe = say.practice_out_words.replace('{who}', part).replace('{alias}', round.alias(listener))
      await expect(listener.getByText(notMe)).toBeVisible()
      await see(listener, '70-out-listener', 'phone')
      await see(observer, '71-out-observer')
      await tap(speaker, say.practice_out_tap)
      await expect(
        speaker.getByText(say.practice_out_done.replace('{alias}', round.alias(speaker))),
      ).toBeVisible()
      await see(speaker, '72-out-waits')
      await listener.reload()
      await expect(listener.getByText(notMe)).toBeVisible()
      await round.order('agenda.open', { step: 'arrive' })
      await expect(listener.getByText(notMe)).toBeVisible()
      await see(listener, '73-out-elsewhere')
      await listener.getByRole('button', { name: say.away_button }).click()
      await expect(listener.getByRole('button', { name: say.away_back })).toBeVisible()
      await expect(listener.getByText(notMe)).toBeVisible()
      await tap(listener, say.practice_out_tap)
      await listener.getByRole('button', { name: say.away_back }).click()
      await expect(listener.getByText(notMe)).toHaveCount(0)
      await expect(listener.getByRole('radio').first()).toBeVisible()
      await expect(speaker.getByRole('radio').first()).toBeVisible()
    })

    await test.step('watching only, no place yet, sitting out, and being called back', async () => {
      await round.order('agenda.open', { step: 'threes' })
      const late = await seats.window({ locale })
      await late.goto(mend.links.join)
      await come(late, 'Dee', say)
      await late.getByLabel(say.practice_watch).check()
      await tap(observer, say.practice_out_tap)
      await round.order('practice.form')
      await round.order('practice.open')
      await expect(late.getByText(say.practice_me_observer, { exact: true })).toBeVisible()
      const later = await seats.window({ locale })
      await round.join(later, mend.links.join, 'Eve')
      await expect(later.getByText(say.practice_waiting)).toBeVisible()
      const placeless = round.facilitator.getByRole('region', { name: say.lead_practice_placeless })
      await expect(placeless.getByText('Eve')).toBeVisible()
      await see(later, '78-waiting')
      await late.getByText(say.practice_change_part).click()
      await late.getByLabel(say.practice_rest).check()
      await expect(late.getByText(say.practice_resting)).toBeVisible()
      await expect(late.getByText(reading)).toBeVisible()
      await see(late, '80-resting')
      await expect(later.getByText(say.practice_me_observer, { exact: true })).toBeVisible()
      await expect(placeless).toHaveCount(0)
      await see(later, '79-late', 'phone')
      const [again] = all() as [Page]
      await round.order('practice.say', { text: 'Water is by the door.' })
      await round.order('practice.back', { minutes: 2 })
      await expect(again.getByText(say.practice_back)).toBeVisible()
      await see(again, '81-back')
      await see(stage, '81-back', 'stage')
    })

    await test.step('a room that ends, debrief and grounding, and nothing stays on the device', async () => {
      const [phone] = all() as [Page]
      await phone.getByRole('button', { name: say.practice_stop }).click()
      for (const page of all()) await tap(page, say.practice_choose_end)
      await expect(phone.getByText(say.practice_debrief, { exact: true })).toBeVisible()
      await see(phone, '90-debrief')
      await tap(round.facilitator, say.lead_practice_ground)
      await expect(phone.getByText(say.practice_debrief, { exact: true })).toHaveCount(0)
      await see(phone, '91-grounding')
      await round.order('session.close')
      for (const page of all()) {
        await expect(page.getByRole('heading', { name: say.ended_over })).toBeVisible()
        const left = () => page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))
        await expect.poll(left).not.toMatch(/bicycle|350 dollars|hospitals/)
      }
    })
    round.leader.close()
  })
}

/** One room of three phones, and whoever leads. */
class Round {
  phones = new Map<string, Page>()
  /** Everything the phones sent over their sockets. */
  sent: string[] = []

  constructor(
    readonly facilitator: Page,
    readonly leader: Client,
    readonly say: typeof en,
  ) {}

  async join(phone: Page, link: string, alias: string) {
    phone.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => this.sent.push(String(payload))),
    )
    await phone.goto(link)
    await come(phone, alias, this.say)
    this.phones.set(alias, phone)
  }

  async order(name: string, body: unknown = {}) {
    expect(await this.leader.do(name, body), name).toHaveProperty('ok')
  }

  alias(phone: Page): string {
    return [...this.phones].find(([, page]) => page === phone)![0]
  }

  async roles(): Promise<{ speaker: Page; listener: Page; observer: Page }> {
    const whose = async (role: string) => {
      for (const phone of this.phones.values()) {
        const me = phone.locator('.members .me')
        await expect(me).toBeVisible()
        if ((await me.innerText()).includes(role)) return phone
      }
      throw new Error(`nobody ${role}`)
    }
    return {
      speaker: await whose(this.say.practice_me_speaker),
      listener: await whose(this.say.practice_me_listener),
      observer: await whose(this.say.practice_me_observer),
    }
  }
}
