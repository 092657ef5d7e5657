// A facilitator writes a programme of their own: a copy, other words, another order, a file that is wrong, and the words
// on a phone. And while it runs, what is left is fitted into what remains.

import type { Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { look, readable } from './look'
import type { Mend } from './mend'
import { come, en, es, forward, laptop, phone, Seats, way } from './seats'
import { test, expect } from './test'

test.use({ demo: false })

const short = readFileSync(
  join(import.meta.dirname, '..', '..', 'facilitator', 'testdata', 'programmes', 'short.yaml'),
  'utf8',
)

async function home(mend: Mend, seats: Seats): Promise<Page> {
  const page = await seats.window({ viewport: laptop })
  await page.goto(mend.printed('setup'))
  await page.getByLabel(en.home_name, { exact: true }).fill('Marisol')
  await page.getByLabel(en.home_password, { exact: true }).fill('four quiet words here')
  await page.getByRole('button', { name: en.home_setup_make }).click()
  await expect(page.getByRole('heading', { name: en.editor_own })).toBeVisible()
  return page
}

const yaml = (text: string, name = 'short.yaml') => ({
  name,
  mimeType: 'application/yaml',
  buffer: Buffer.from(text),
})
const bring = (page: Page, text: string) => page.getByLabel(en.editor_import).setInputFiles(yaml(text))
const steps = (page: Page) => page.getByRole('region', { name: en.editor_steps })
const write = (page: Page) => page.getByRole('region', { name: en.editor_write })
const saved = (page: Page) => expect(page.locator('[data-standing=saved]')).toBeVisible()
const named = (words: string, values: Record<string, string | number>) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, String(value)), words)

// A word longer than the agenda beside a step is wide.
const title = 'From this tab, counterrevolutionarily straightforwardnesses'

test('a programme of one’s own, from a copy to the words on a phone', async ({ mend, seats }) => {
  const page = await home(mend, seats)
  await page
    .getByRole('button', { name: en.editor_copy_of.split(':')[0] })
    .first()
    .click()
  await expect(steps(page).getByRole('listitem').first()).toBeVisible()
  await saved(page)

  // Another order, by the keyboard; the grip keeps the focus.
  const titles = steps(page).locator('.title')
  const [first, second] = await titles.allTextContents()
  await page.getByRole('button', { name: named(en.editor_move, { title: first! }) }).press('ArrowDown')
  await expect(titles.first()).toHaveText(second!)
  await expect(page.getByRole('button', { name: named(en.editor_move, { title: first! }) })).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(titles.first()).toHaveText(first!)

  // Other words and minutes; both seats show them, in both languages.
  await steps(page).getByRole('button', { name: first }).first().click()
  await write(page).getByLabel(en.field_phone, { exact: true }).fill('Sit where you like.')
  await write(page).getByLabel(en.field_minutes, { exact: true }).fill('9')
  const onPhone = page.frameLocator(`iframe[title="${en.editor_preview_phone}"]`)
  const onStage = page.frameLocator(`iframe[title="${en.editor_preview_stage}"]`)
  await expect(onPhone.getByText('Sit where you like.')).toBeVisible()
  await write(page).evaluate((form) => form.scrollTo(0, 300))
  await write(page).getByLabel(en.field_stage, { exact: true }).fill('All are welcome.')
  await expect(onStage.getByText('All are welcome.')).toBeAttached()
  expect(await write(page).evaluate((form) => form.scrollTop)).toBeGreaterThan(0) // writing does not leap to the top
  await write(page).getByRole('button', { name: 'Spanish' }).click()
  await write(page).getByLabel(en.field_phone, { exact: true }).fill('Siéntate donde quieras.')
  await expect(onPhone.getByText('Siéntate donde quieras.')).toBeVisible()
  await expect(onPhone.getByRole('button', { name: es.support_ask })).toHaveCount(0) // a picture, not a phone
  await saved(page)
  await look(page, 'facilitator', 'en-editor')

  // What is wrong is said beside its field, and undone.
  await write(page).getByLabel(en.field_phone, { exact: true }).fill('')
  await expect(write(page).getByText(en.mistake_empty)).toBeVisible()
  await expect(
    steps(page)
      .getByText(named(en.editor_mistakes, { count: 1 }))
      .first(),
  ).toBeVisible()
  await page.getByRole('button', { name: en.editor_undo, exact: true }).click()
  await expect(write(page).getByLabel(en.field_phone, { exact: true })).toHaveValue('Siéntate donde quieras.')
  await write(page).getByRole('button', { name: 'English' }).click()

  // A step from the library, and away again; what was not saved outlives a reload.
  const before = await titles.count()
  await page.getByRole('button', { name: en.editor_add, exact: true }).click()
  await page.getByRole('dialog').getByLabel(en.editor_kind, { exact: true }).selectOption('quiet')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: named(en.editor_add_blank, { kind: en.kind_quiet }) })
    .click()
  await expect(titles).toHaveCount(before + 1)
  await expect(
    steps(page)
      .getByText(/to mend/)
      .first(),
  ).toBeVisible()
  await write(page).getByRole('button', { name: en.editor_remove_step }).click()
  await expect(titles).toHaveCount(before)
  await page.context().setOffline(true)
  await steps(page).getByRole('button', { name: first }).first().click()
  await write(page).getByLabel(en.field_phone, { exact: true }).fill('Sit anywhere.')
  await page.context().setOffline(false)
  await page.reload()
  await expect(write(page).getByLabel(en.field_phone, { exact: true })).toHaveValue('Sit anywhere.')
  await saved(page)

  // In two tabs: both are kept.
  const tab = await page.context().newPage()
  await tab.goto(page.url())
  await write(tab).getByLabel(en.field_title, { exact: true }).first().fill('From the other tab')
  await saved(tab)
  await write(page).getByLabel(en.field_title, { exact: true }).first().fill(title)
  await expect(page.getByRole('heading', { name: en.editor_conflict })).toBeVisible()
  await page.getByRole('button', { name: en.editor_go_on }).click()
  await saved(page)
  await tab.close()
  await expect(steps(page).getByText(en.editor_right)).toBeVisible()
  await page.getByRole('button', { name: en.editor_versions }).click()
  await expect(page.getByRole('dialog').getByRole('listitem')).not.toHaveCount(0)
  await page.keyboard.press('Escape')

  // Out as a file, and a session from it.
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: en.editor_export }).click()
  const file = readFileSync(await (await download).path(), 'utf8')
  expect(file).toContain('Sit anywhere.')
  await page.getByRole('link', { name: en.editor_back }).click()
  await bring(page, file.replace('minutes: 9', 'minutes: 999'))
  await expect(page.getByRole('alert')).toContainText('999')
  await page
    .getByRole('button', { name: named(en.home_start_of, { title: 'x' }).split('x')[0] })
    .first()
    .click()
  await page.getByRole('button', { name: en.home_open_room }).click()
  await expect(way(page)).toBeVisible()
  const code = new URL(page.url()).pathname.split('/').pop()!
  const participant = await seats.window({ viewport: phone })
  await participant.goto(`${mend.origin}/j/${code}`)
  await come(participant, 'Quillfeather')
  await forward(page)
  await expect(participant.getByRole('heading', { level: 1 })).toHaveText(title)
  await expect(participant.getByText('Sit anywhere.')).toBeVisible()

  // Five minutes more for a step to come, and the whole fits again with one tap, and is as it was with another.
  const later = page.locator('li[data-ahead]').nth(1)
  const planned = page.getByText(en.lead_ends_planned.split('{time}')[1]!.split('{')[0]!)
  await later.locator('.title').click()
  await later.getByRole('button', { name: en.lead_more_five }).click()
  await expect(planned).toBeVisible()
  await readable(page, 'the desk, behind')
  await page.setViewportSize({ width: 1280, height: 800 })
  const sideways = (pane: Element) => pane.scrollWidth - pane.clientWidth
  expect(await page.getByRole('region', { name: en.lead_agenda }).evaluate(sideways)).toBe(0)
  await page.getByRole('button', { name: en.fit_into.split('{')[0] }).click()
  await expect(page.getByRole('button', { name: en.fit_undo })).toBeVisible()
  await expect(planned).toHaveCount(0)
  await page.getByRole('button', { name: en.fit_undo }).click()
  await expect(page.getByRole('button', { name: en.fit_undo })).toHaveCount(0)
  await expect(planned).toBeVisible()
})

test('from empty, on a phone, in one language and then another', async ({ mend, seats }) => {
  const page = await home(mend, seats)
  await page.setViewportSize(phone)
  await page.getByRole('button', { name: 'Español' }).click()
  await page.getByRole('button', { name: es.editor_empty }).click()
  const list = page.getByRole('region', { name: es.editor_steps })
  const form = page.getByRole('region', { name: es.editor_write })
  const turn = (part: string) =>
    page.getByRole('navigation', { name: es.editor_parts }).getByRole('button', { name: part }).click()
  const add = async (kind: 'checkin' | 'goaround', what: string) => {
    await turn(es.editor_steps)
    await page.getByRole('button', { name: es.editor_add, exact: true }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel(es.editor_kind, { exact: true }).selectOption(kind)
    await sheet.getByRole('button', { name: what }).first().click()
    await expect(form.getByLabel(es.field_title, { exact: true })).toBeFocused()
  }
  await expect(list.getByText(es.editor_steps_none)).toBeVisible()
  await look(page, 'facilitator', 'es-editor-empty')

  // What is taken over brings no language along that has no field here; the big screen shows no other step in its place.
  await add('checkin', es.editor_add_of.split('{')[0]!)
  const onStage = page.frameLocator(`iframe[title="${es.editor_preview_stage}"]`)
  await expect(onStage.locator('.wall')).toBeAttached()
  await turn(es.editor_steps)
  await expect(list.getByText(named(es.editor_mistakes, { count: 1 }))).toBeVisible()
  await add('goaround', named(es.editor_add_blank, { kind: es.kind_goaround }))
  await expect(onStage.locator('.wall')).toHaveCount(0)
  await form.getByLabel(es.field_say, { exact: true }).fill('Quien quiera, pasa.')
  await form.getByLabel(es.field_phone, { exact: true }).fill('Puedes pasar.')
  await form.getByLabel(es.field_stage, { exact: true }).fill('Una ronda')
  await form.getByLabel(es.field_prompt, { exact: true }).fill('¿Qué te trae hoy?')

  // The advice and the phone beside it say the same of each: twenty-four minutes for twelve.
  await form.getByLabel(es.field_minutes, { exact: true }).fill('24')
  await expect(
    form.getByText(named(es.editor_each, { turns: 12, each: '2 min', whole: '24 min' })),
  ).toBeVisible()
  const onPhone = page.frameLocator(`iframe[title="${es.editor_preview_phone}"]`)
  await turn(es.editor_look)
  await expect(onPhone.getByText(named(es.about_minutes, { count: 2 }))).toBeVisible()
  await saved(page)
  await page.reload()
  await turn(es.editor_write)
  await expect(form.getByRole('heading', { name: es.kind_goaround })).toBeVisible()

  // Another language is one more to write everything in; taken out, it leaves nothing behind.
  await turn(es.editor_steps)
  await list.getByRole('button', { name: es.editor_front }).click()
  await expect(form.getByRole('heading', { name: es.editor_front })).toBeFocused()
  await form.getByLabel(es.field_summary, { exact: true }).fill('Una ronda, y nada más.')
  await form.getByLabel('inglés', { exact: true }).check()
  await expect(
    form.getByRole('button', { name: named(es.mistake_missing, { tongue: 'inglés' }) }),
  ).toHaveCount(2)
  await form.getByRole('button', { name: 'inglés' }).first().click()
  await form.getByLabel(es.field_title, { exact: true }).fill('A round')
  await form.getByLabel('inglés', { exact: true }).uncheck()
  await expect(form.getByLabel('español', { exact: true })).toBeDisabled()
  await expect(form.getByLabel(es.field_title, { exact: true })).toHaveValue(es.editor_new)

  // In a list the focus goes with what was moved, added or taken away.
  await form.getByRole('button', { name: named(es.editor_optional, { label: es.field_teaches }) }).click()
  const more = form.getByRole('button', {
    name: named(es.editor_item_add, { label: es.field_teaches }),
    exact: true,
  })
  const item = (number: number) =>
    form.getByLabel(named(es.editor_item, { label: es.field_teaches, number }), { exact: true })
  const at = (words: string, number: number) =>
    form.getByRole('button', { name: named(words, { label: es.field_teaches, number }) })
  for (const [i, words] of ['Uno', 'Dos', 'Tres'].entries()) {
    await more.click()
    await expect(item(i + 1)).toBeFocused()
    await page.keyboard.type(words)
  }
  await at(es.editor_item_up, 3).press('Enter')
  await page.keyboard.press('Enter')
  await expect(item(1)).toHaveValue('Tres')
  await expect(at(es.editor_item_down, 1)).toBeFocused()
  for (const left of [2, 1, 0]) {
    await at(es.editor_item_remove, left + 1).press('Enter')
    await expect(left > 0 ? at(es.editor_item_remove, left) : more).toBeFocused()
  }
  await form.getByRole('button', { name: named(es.editor_without, { label: es.field_teaches }) }).click()
  await saved(page)
  await turn(es.editor_steps)
  await expect(list.getByText(es.editor_right)).toBeVisible()
})

test('a file comes in, or is answered with its lines', async ({ mend, seats }) => {
  const page = await home(mend, seats)
  await bring(page, short.replace('minutes: 2', 'minutes: 2000'))
  const alert = page.getByRole('alert')
  await expect(alert).toContainText(named(en.editor_import_place, { line: 27, column: 14 }))
  await expect(alert).toContainText('from 1 to 180 minutes')
  await look(page, 'facilitator', 'en-import')
  await bring(page, `# ${'x'.repeat(256 << 10)}`)
  await expect(alert).toContainText(en.refusal_programme_large)
  await bring(page, short.replace('Hello.', '<img src=x onerror=alert(1)>'))
  await expect(write(page).getByLabel(en.field_say, { exact: true })).toHaveValue(
    '<img src=x onerror=alert(1)>',
  )
  await page.getByRole('link', { name: en.editor_back }).click()
  await page.getByRole('button', { name: named(en.editor_remove_of, { title: 'A short one' }) }).click()
  await page.getByRole('button', { name: named(en.editor_return_of, { title: 'A short one' }) }).click()
  await expect(
    page.getByRole('link', { name: named(en.editor_edit_of, { title: 'A short one' }) }),
  ).toBeVisible()
})
