// A server and the seats of its demo session, new for each test. One without a session, as it stands after its first start:
//   test.use({ demo: false })

import { test as base, expect } from '@playwright/test'
import { Mend } from './mend'
import { Seats } from './seats'

export const test = base.extend<{ demo: boolean; mend: Mend; seats: Seats }>({
  demo: [true, { option: true }],
  mend: async ({ demo }, use, info) => {
    const mend = await Mend.start({ demo })
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
