// Every programme that comes with mend, from its first step to its last, on every seat and in both languages. What people do
// in each step is played in facilitator/builtin_test.go and in the other specs.

import { Client, lead } from './api'
import { look, readable } from './look'
import { Mend } from './mend'
import { en, es, Seats, come } from './seats'
import { test as base, expect } from '@playwright/test'

const programmes = [
  'making-amends',
  'practising-amends',
  'step-nine-meeting',
  'when-the-answer-is-no',
  'amends-to-myself',
  'families-hearing-amends',
  'circle-of-repair',
  'peer-specialists-1',
  'peer-specialists-2',
]

/** What most of them have. Axe reads these screens in the first two alone, and in screens.spec.ts in both languages. */
const usual = ['welcome', 'checkin', 'reading', 'goaround', 'quiet', 'closing']

interface Step {
  order: number
  kind: string
  title: { en: string; es: string }
}

const test = base.extend<{ seats: Seats }>({
  seats: async ({ browser }, use) => {
    const seats = new Seats(browser)
    await use(seats)
    await seats.close()
    expect(seats.offences).toEqual([])
  },
})

for (const [i, programme] of programmes.entries()) {
  test(`${programme}, step by step`, async ({ seats }) => {
    const mend = await Mend.start({ flags: ['--programme', programme] })
    seats.links = mend.links
    // Whoever leads has one language, the screen on the wall the other, and of the phones each has one.
    const [leads, shows] = i % 2 === 0 ? (['en', 'es'] as const) : (['es', 'en'] as const)
    const [facilitator, stage, phone, telefono] = await Promise.all([
      seats.facilitator({ locale: leads }),
      seats.stage({ locale: shows }),
      seats.participant('Ana'),
      seats.window({ locale: 'es' }),
    ])
    await telefono.goto(mend.links.join)
    await come(telefono, 'Bruno', es)

    const leader = new Client(mend.origin, (await lead(mend.links)).token)
    const { agenda } = (await leader.read('everyone')) as { agenda: Record<string, Step> }
    const steps = Object.entries(agenda).sort(([, a], [, b]) => a.order - b.order)
    const read = new Set(i > 1 ? usual : [])
    for (const [n, [id, { kind, title }]] of steps.entries()) {
      await leader.do('agenda.open', { step: id })
      await Promise.all([
        expect(facilitator.getByRole('heading', { level: 1 })).toHaveText(title[leads]),
        expect(phone.getByRole('heading', { level: 1 })).toHaveText(title.en),
        expect(telefono.getByRole('heading', { level: 1 })).toHaveText(title.es),
        expect(stage.locator('html')).toHaveAttribute('lang', shows),
        expect(stage.getByRole('heading', { level: 1 })).toHaveText(title[shows]),
      ])
      // Nothing of a step's text is left for a pack to say, and nothing is empty.
      for (const page of [facilitator, phone, telefono, stage]) {
        await expect(page.locator('body')).not.toContainText(/\{\w+\}|undefined|\[object/)
      }
      if (process.env.MEND_PICTURES === 'programmes') {
        await look(phone, 'phone', `programme-${i}-${n}-en`)
        await look(telefono, 'phone', `programme-${i}-${n}-es`)
        await look(facilitator, 'facilitator', `programme-${i}-${n}-${leads}`)
        await look(stage, 'stage', `programme-${i}-${n}-${shows}`)
        continue
      }
      if (read.has(kind)) continue // the same screens, with other words
      read.add(kind)
      await Promise.all([
        readable(phone, `${id}, phone`),
        readable(facilitator, `${id}, facilitator`),
        readable(stage, `${id}, stage`),
      ])
    }
    expect(await leader.do('session.close')).toHaveProperty('ok')
    await expect(phone.getByRole('heading', { level: 1 })).toHaveText(en.ended_over)
    leader.close()
    await mend.clear()
  })
}
