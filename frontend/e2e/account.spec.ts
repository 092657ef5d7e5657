// Facilitators' accounts: passkeys with Chromium's virtual authenticator, a code app, an invitation, and leaving.

import type { Page } from '@playwright/test'
import { createHmac } from 'node:crypto'
import { look } from './look'
import { en, laptop } from './seats'
import { test, expect } from './test'

const password = 'four quiet words here'

test.use({ demo: false })

/** The same address under a name: browsers give a bare IP address no passkeys. */
const named = (link: string) => link.replace('127.0.0.1', 'localhost')

async function authenticator(page: Page) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options })
}

/** What a code app shows (RFC 6238). */
function code(secret: string, at = Date.now()): string {
  const bits = [...secret.replace(/\s/g, '')]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const sum = createHmac('sha1', key).update(step).digest()
  const from = sum[19]! & 15
  return String((sum.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

const hello = (page: Page, name: string) =>
  expect(page.getByRole('heading', { level: 1 })).toHaveText(en.home_hello.replace('{name}', name))

test('passkeys, a code app, an invitation, leaving', async ({ mend, seats }) => {
  const page = await seats.window({ viewport: laptop })
  await authenticator(page)

  await test.step('an account with a passkey and no password', async () => {
    await page.goto(named(mend.printed('setup')))
    await page.getByLabel(en.home_name, { exact: true }).fill('Marisol')
    await look(page, 'facilitator', 'en-account-setup')
    await page.getByRole('button', { name: en.account_setup_make_passkey }).click()
    await hello(page, 'Marisol')
    await page.getByRole('button', { name: en.home_sign_out, exact: true }).click()
    await page.getByRole('button', { name: en.home_sign_out_here }).click()
    await look(page, 'facilitator', 'en-account-sign-in')
    await page.getByRole('button', { name: en.account_enter_passkey }).click()
    await hello(page, 'Marisol')
  })

  await test.step('one’s own account, and a reload in it', async () => {
    await page.getByRole('link', { name: en.account_title }).click()
    await page.getByLabel(en.account_passkey_label).fill('Office laptop')
    await expect(page.getByText(en.account_password_none)).toBeVisible()
    await page.reload()
    await page.getByLabel(en.account_password_new, { exact: true }).fill(password)
    await page.getByRole('button', { name: en.account_password_change }).click()
    await expect(page.getByText(en.account_password_changed)).toBeVisible()
    await look(page, 'facilitator', 'en-account')
  })

  let recovery: string[] = []
  await test.step('a code app', async () => {
    await page.getByRole('button', { name: en.account_codes_begin }).click()
    const secret = (await page.locator('section code').first().textContent())!
    await page.getByLabel(en.account_code, { exact: true }).fill('000000')
    await page.getByRole('button', { name: en.account_codes_confirm }).click()
    await expect(page.getByRole('alert')).toHaveText(en.refusal_wrong_code)
    await page.getByLabel(en.account_code, { exact: true }).fill(code(secret))
    await page.getByRole('button', { name: en.account_codes_confirm }).click()
    await expect(page.getByText(en.account_recovery_once)).toBeVisible()
    recovery = await page.locator('.once code').allTextContents()
    await expect(page.getByText(en.account_codes_on)).toBeVisible()
    expect(recovery).toHaveLength(10)
  })

  await test.step('what the server knows, in both languages and for every seat', async () => {
    const reader = await seats.window()
    await reader.goto(`${mend.origin}/knows`)
    await expect(reader.getByText(en.knows_kept)).toBeVisible()
    await reader.getByRole('button', { name: en.knows_facilitator }).click()
    await expect(reader.getByText('hash of your password')).toBeVisible()
    await look(reader, 'phone', 'en-knows')
    await reader.getByRole('button', { name: 'Español' }).click()
    await expect(reader.getByText('huella de tu contraseña')).toBeVisible()
  })

  await test.step('a password alone does not do any more', async () => {
    const phone = await seats.window()
    await phone.goto(`${mend.origin}/lead`) // by its number, where there are no passkeys
    await expect(phone.getByRole('button', { name: en.account_enter_passkey })).toHaveCount(0)
    await phone.getByLabel(en.home_name, { exact: true }).fill('Marisol')
    await phone.getByLabel(en.home_password, { exact: true }).fill(password)
    await phone.getByRole('button', { name: en.home_enter, exact: true }).click()
    await expect(phone.getByRole('heading', { level: 1 })).toHaveText(en.account_second)
    await look(phone, 'phone', 'en-account-second')
    await phone.getByLabel(en.account_code, { exact: true }).fill(recovery[0]!)
    await phone.getByRole('button', { name: en.home_enter, exact: true }).click()
    await hello(phone, 'Marisol')
  })

  await test.step('the other device is signed out', async () => {
    await page.reload()
    await page.getByRole('listitem').getByRole('button', { name: en.home_sign_out }).click()
    await expect(page.getByText(en.account_device_this)).toBeVisible()
    await expect(page.getByRole('listitem').getByRole('button', { name: en.home_sign_out })).toHaveCount(0)
  })

  await test.step('an invitation, and leaving', async () => {
    await page.getByRole('link', { name: en.account_to_home }).click()
    await page.getByRole('link', { name: en.organisation_title }).click()
    await page.getByRole('button', { name: en.organisation_invite_make }).click()
    const link = (await page.locator('.link code').textContent())!
    const second = await seats.window()
    await second.goto(link.replace('localhost', '127.0.0.1'))
    await second.getByLabel(en.home_name, { exact: true }).fill('Benito')
    await second.getByLabel(en.home_password, { exact: true }).fill(password)
    await second.getByRole('button', { name: en.home_setup_make }).click()
    await hello(second, 'Benito')
    await expect(second.getByRole('link', { name: en.organisation_title })).toHaveCount(0)
    await page.reload()
    const row = page.getByRole('button', { name: en.organisation_change_of.replace('{name}', 'Benito') })
    await expect(row).toBeVisible()
    await page.getByText(en.trail_title, { exact: true }).click()
    await expect(page.getByText(en.trail_invitation_make)).toBeVisible()
    await expect(page.getByText(en.trail_whole)).toBeVisible()
    await look(page, 'facilitator', 'en-organisation')
    await page.getByRole('button', { name: en.demand_ask }).click()
    await expect(page.getByRole('button', { name: en.demand_end })).toBeVisible()
    await expect(page.getByRole('list', { name: en.demand_who })).toHaveText('Benito')
    await look(page, 'facilitator', 'en-organisation-demand')
    await second.reload()
    await expect(second.getByRole('heading', { level: 1 })).toHaveText(en.demanded_title)
    await look(second, 'phone', 'en-demanded')
    await second.getByRole('button', { name: en.account_codes_begin }).click()
    const secret = (await second.locator('section code').first().textContent())!
    await second.getByLabel(en.account_code, { exact: true }).fill(code(secret))
    await second.getByRole('button', { name: en.account_codes_confirm }).click()
    await second.getByRole('button', { name: en.demanded_on }).click()
    await hello(second, 'Benito')
    await page.reload()
    await expect(page.getByRole('list', { name: en.demand_who })).toHaveCount(0)
    await row.click()
    await page.getByRole('button', { name: en.organisation_leave, exact: true }).click()
    await look(page, 'facilitator', 'en-organisation-leave')
    await page.getByRole('button', { name: en.organisation_leave_sure }).click()
    await expect(row).toHaveCount(0)
    await second.reload()
    await expect(second.getByRole('button', { name: en.home_enter, exact: true })).toBeVisible()
  })
})
