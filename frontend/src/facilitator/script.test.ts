import { expect, it } from 'vitest'
import { script } from './script'

it('keeps what is spoken apart from what is only known', () => {
  expect(script('Welcome.\n\n> Look for the one\n> by the door.\n\nThank you.\n')).toEqual({
    aloud: 'Welcome.\n\nThank you.\n',
    notes: 'Look for the one\nby the door.',
  })
  expect(script('')).toEqual({ aloud: '', notes: '' })
})
