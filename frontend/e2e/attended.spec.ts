// After a training: a page of hours on one's own device, in either language, and on paper.

import { readFileSync } from 'node:fs'
import { look } from './look'
import { Mend } from './mend'
import { come, en, es, forward, Seats } from './seats'
import { test, expect } from './test'

test('a page of hours after a training', async ({ browser }) => {
  const mend = await Mend.start({ flags: ['--programme', 'peer-specialists-1'] })
  const seats = new Seats(browser, mend.links)
  const facilitator = await seats.facilitator()
  const page = await seats.window({ locale: 'es-MX' })
  await page.goto(mend.links.join)
  await come(page, 'Plumaverde', es)
  await forward(facilitator)
  await facilitator.getByRole('button', { name: en.menu, exact: true }).click()
  await facilitator.getByRole('button', { name: en.lead_close, exact: true }).click()
  await facilitator.getByRole('dialog').getByRole('button', { name: en.lead_close, exact: true }).click()
  await facilitator.getByRole('button', { name: en.lead_close_sure, exact: true }).click()

  // What was tapped gives way, and the focus goes to what it did.
  await page.getByLabel(es.attended_name, { exact: true }).fill('R. Vega')
  await page.getByRole('button', { name: es.attended_note }).click()
  await expect(page.getByText(es.attended_noted.replace('{hours}', '2'))).toBeFocused()
  await page.getByRole('checkbox').first().uncheck()
  await look(page, 'phone', 'es-hours')

  // Ctrl+P shows the screen; the page's own button the page alone.
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByText(es.ended_over)).toBeVisible()
  await page.getByText(es.mine_yours, { exact: true }).click()
  await page.evaluate(() => (window.print = () => {}))
  await page.getByRole('button', { name: es.mine_print, exact: true }).click()
  await expect(page.getByText(es.ended_over)).toBeHidden()
  const paper = page.locator('.mend-printed')
  await expect(paper).toContainText('R. Vega')
  await expect(paper).toContainText('– ')
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  await page.emulateMedia({ media: 'screen' })

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: es.mine_download, exact: true }).click()
  const text = readFileSync(await (await download).path(), 'utf8')
  expect(text).toContain(es.attended_all.replace('{hours}', '2'))
  expect(text.match(/^– /gm)).toHaveLength(4)
  await seats.close()
  expect(seats.offences).toEqual([])
  await mend.clear()
})
