// A server in earnest: the first account, the facilitator's home, a session of one's own, and what stays of it.

import type { Page } from '@playwright/test'
import { look } from './look'
import type { Mend } from './mend'
import { come, en, forward, phone, way } from './seats'
import { test, expect } from './test'

const password = 'four quiet words here'

test.use({ demo: false })

async function account(mend: Mend, page: Page) {
  await page.goto(mend.printed('setup'))
  await page.getByLabel(en.home_name, { exact: true }).fill('Marisol')
  await page.getByLabel(en.home_password, { exact: true }).fill(password)
  await page.getByRole('button', { name: en.home_setup_make }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(en.home_hello.replace('{name}', 'Marisol'))
}

/** Opens a session of the first programme on the shelf. */
async function begin(page: Page, shown = false) {
  await page.getByRole('button', { name: en.home_start }).first().click()
  if (shown) await look(page, 'facilitator', 'en-opening')
  await page.getByRole('button', { name: en.home_open_room, exact: true }).click()
}

test('from the set-up link to a session that is over', async ({ mend, seats }) => {
  const page = await seats.window({ viewport: { width: 1440, height: 900 } })
  await account(mend, page)
  await look(page, 'facilitator', 'en-home')
  await begin(page, true)
  await expect(way(page)).toBeVisible()
  const code = new URL(page.url()).pathname.split('/').pop()!

  const participant = await seats.window({ viewport: phone })
  await participant.goto(mend.origin)
  await participant
    .getByLabel(en.door_code, { exact: true })
    .fill(`${code.slice(0, 3)} ${code.slice(3).toLowerCase()}`)
  await participant.getByRole('button', { name: en.door_next }).click()
  await come(participant, 'Quillfeather')
  await forward(page)

  await page.goto(`${mend.origin}/lead`)
  await page.getByRole('button', { name: en.home_open_of.replace('{code}', code) }).click()
  await page.getByRole('button', { name: en.menu, exact: true }).click()
  await page.getByRole('button', { name: en.lead_close, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: en.lead_close, exact: true }).click()
  await page.getByRole('button', { name: en.lead_close_sure, exact: true }).click()
  await expect(page.getByText(en.lead_over, { exact: true })).toBeVisible()

  await page.goto(`${mend.origin}/lead`)
  await expect(page.getByText(en.home_over_more)).toBeVisible()
  await expect(page.getByText('Quillfeather')).toHaveCount(0)
  await expect.poll(() => mend.words('Quillfeather', password)).toEqual([])
})

test('the set-up link works once, and signing out everywhere ends every device', async ({ mend, seats }) => {
  const first = await seats.window()
  const link = mend.printed('setup')
  await account(mend, first)
  expect(new URL(first.url()).hash).toBe('')

  const second = await seats.window()
  await second.goto(link)
  await second.getByLabel(en.home_name, { exact: true }).fill('Mallory')
  await second.getByLabel(en.home_password, { exact: true }).fill(password)
  await second.getByRole('button', { name: en.home_setup_make }).click()
  await expect(second.getByRole('alert')).toBeVisible()

  await second.goto(`${mend.origin}/lead`)
  await second.getByLabel(en.home_name, { exact: true }).fill('Marisol')
  await second.getByLabel(en.home_password, { exact: true }).fill('not the password')
  await second.getByRole('button', { name: en.home_enter, exact: true }).click()
  await expect(second.getByRole('alert')).toBeVisible()
  await look(second, 'facilitator', 'en-sign-in')
  await second.getByLabel(en.home_password, { exact: true }).fill(password)
  await second.getByRole('button', { name: en.home_enter, exact: true }).click()
  await expect(second.getByRole('heading', { name: en.home_programmes, exact: true })).toBeVisible()

  await second.getByRole('button', { name: en.home_sign_out, exact: true }).click()
  await second.getByRole('button', { name: en.home_sign_out_everywhere }).click()
  await first.reload()
  await expect(first.getByRole('button', { name: en.home_enter, exact: true })).toBeVisible()
})

test('accounts and running sessions outlive a restart', async ({ mend, seats }) => {
  const page = await seats.window()
  await account(mend, page)
  await begin(page)
  await expect(way(page)).toBeVisible()
  const code = new URL(page.url()).pathname.split('/').pop()!
  await mend.again()
  expect(mend.child.said.join('\n')).not.toContain('setup: ')
  await page.goto(`${mend.origin}/lead`)
  await page.getByRole('button', { name: en.home_open_of.replace('{code}', code) }).click()
  await expect(way(page)).toBeVisible()
})
