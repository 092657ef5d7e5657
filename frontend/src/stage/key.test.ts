import { expect, it } from 'vitest'
import { openWith } from './key'

it('takes the code and the key out of a stage link, and nothing out of anything else', () => {
  expect(openWith('K7PX3Q.a-b_c.d')).toEqual({ code: 'K7PX3Q', key: 'a-b_c.d' })
  for (const broken of ['', 'K7PX3Q', '.key', 'K7PX3Q.']) expect(openWith(broken)).toBeNull()
})
