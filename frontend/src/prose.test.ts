import { expect, test } from 'vitest'
import { blocks, plain } from './prose'

test('paragraphs, emphasis and lists', () => {
  expect(
    blocks('One *soft* and **strong** word\nand on.\n\n- first\n- second\n  goes on\n\n1. a\n2. b'),
  ).toEqual([
    {
      kind: 'p',
      parts: [
        [
          { text: 'One ' },
          { text: 'soft', as: 'em' },
          { text: ' and ' },
          { text: 'strong', as: 'strong' },
          { text: ' word and on.' },
        ],
      ],
    },
    { kind: 'ul', parts: [[{ text: 'first' }], [{ text: 'second goes on' }]] },
    { kind: 'ol', parts: [[{ text: 'a' }], [{ text: 'b' }]] },
  ])
})

test('verse keeps its lines', () => {
  expect(blocks('one  \ntwo')[0]?.parts).toEqual([[{ text: 'one' }], [{ text: 'two' }]])
})

test('a quotation and a heading', () => {
  expect(blocks('> said\n> so\n\n## Then').map((block) => block.kind)).toEqual(['quote', 'h'])
})

test('markup is only text, and a lone star too', () => {
  const text = '<img src=x onerror=alert(1)> 3 * 4 = 12, snake_case_word'
  expect(blocks(text)).toEqual([{ kind: 'p', parts: [[{ text }]] }])
})

test('plain words for a short line', () => {
  expect(plain('One *soft* word.\n\n- first')).toBe('One soft word. first')
})

// As long as a text may be, of what makes patterns look far ahead.
test.each(['*', '**', '**a', '*a ', '_a', ' _a', '[', '<', '> ', '- ', '`', '\\\n', '  \n', '*a **b _c '])(
  'much of %j is read in one go',
  (mark) => {
    const text = mark.repeat(6000 / mark.length)
    expect(plain(`x${text}`).length).toBeGreaterThan(0)
  },
)
