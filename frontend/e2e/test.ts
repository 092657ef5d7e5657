// A server and the seats of its demo session, new for each test.

import { test as base, expect } from '@playwright/test'
import { Mend } from './mend'
import { Seats } from './seats'

export const test = base.extend<{ mend: Mend; seats: Seats }>({
  mend: async ({}, use, info) => {
    const mend = await Mend.start()
    await use(mend)
    if (info.status !== info.expectedStatus) {
      await info.attach('log', { body: mend.child.log.join('\n'), contentType: 'text/plain' })
    }
    await mend.clear()
  },
  seats: async ({ browser, mend }, use) => {
    const seats = new Seats(browser, mend.links)
    await use(seats)
    await seats.close()
    expect(seats.offences).toEqual([])
  },
})

export { expect }
