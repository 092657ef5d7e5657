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
  await write(page).getByLabel(en.field_stage, { exact: true }).fill('All are welcome.')
  await expect(onStage.getByText('All are welcome.')).toBeAttached()
  await write(page).getByRole('button', { name: 'Spanish' }).click()
  await write(page).getByLabel(en.field_phone, { exact: true }).fill('Siéntate donde quieras.')
  await expect(onPhone.getByText('Siéntate donde quieras.')).toBeVisible()
  await expect(onPhone.getByRole('button', { name: es.support_ask })).toHaveCount(0) // a picture, not a phone
  await saved(page)
  await look(page, 'facilitator', 'en-editor')

  // What is wrong is said beside its field, and undone.
  await write(page).getByLabel(en.field_phone, { exact: true }).fill('')
  await expect(write(page).getByText('the text in “es” is empty')).toBeVisible()
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
  await write(page).getByLabel(en.field_title, { exact: true }).first().fill('From this tab')
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
  await expect(participant.getByRole('heading', { level: 1 })).toHaveText('From this tab')
  await expect(participant.getByText('Sit anywhere.')).toBeVisible()

  // Five minutes more for a step to come, and the whole fits again with one tap, and is as it was with another.
  const later = page.locator('li[data-ahead]').nth(1)
  const planned = page.getByText(en.lead_ends_planned.split('{time}')[1]!.split('{')[0]!)
  await later.locator('.title').click()
  await later.getByRole('button', { name: en.lead_more_five }).click()
  await expect(planned).toBeVisible()
  await readable(page, 'the desk, behind')
  await page.getByRole('button', { name: en.fit_into.split('{')[0] }).click()
  await expect(page.getByRole('button', { name: en.fit_undo })).toBeVisible()
  await expect(planned).toHaveCount(0)
  await page.getByRole('button', { name: en.fit_undo }).click()
  await expect(page.getByRole('button', { name: en.fit_undo })).toHaveCount(0)
  await expect(planned).toBeVisible()
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
