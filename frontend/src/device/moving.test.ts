import { expect, test } from 'vitest'
import { pack, unpack } from './moving'
import { pagesHTML } from './page'

const letter = {
  title: 'My letter',
  value: { words: 'I left.' },
  page: { parts: [{ heading: 'Then', text: 'I left.' }] },
  at: 1_000,
}

test('what is taken along comes in as it was', () => {
  expect(unpack(pack({ letter }))).toEqual({ letter })
})

test.each([
  ['nothing', ''],
  ['not JSON', '{'],
  ['a list', '[]'],
  ['another file', '{"format":"calendar","version":1,"sheets":{}}'],
  ['a newer one', JSON.stringify({ format: 'mend pages', version: 2, sheets: { letter } })],
  ['a name that is a path', pack({ '../letter': letter })],
  ['a page that is a text', pack({ letter: 'I left.' as never })],
  ['parts that are not words', pack({ letter: { ...letter, page: { parts: [{ text: 3 as never }] } } })],
  ['nested ever deeper', `{"format":"mend pages","version":1,"sheets":{"letter":${'['.repeat(200_000)}`],
])('%s is refused', (_, text) => {
  expect(unpack(text)).toBeNull()
})

test('a prototype is nothing to bring in', () => {
  expect(unpack('{"format":"mend pages","version":1,"sheets":{"__proto__":{"title":"x"}}}')).toBeNull()
  expect(({} as Record<string, unknown>).title).toBeUndefined()
})

test('a page to read holds words only', () => {
  const page = { parts: [{ heading: '<b>', text: '<script>alert(1)</script> & "so"' }] }
  const html = pagesHTML('es', '"><i>', [{ title: '<img src=x onerror=alert(1)>', page }])
  const parsed = new DOMParser().parseFromString(html, 'text/html')
  expect(parsed.querySelectorAll('script, img, b, i')).toHaveLength(0)
  expect(parsed.body.textContent).toContain('<script>alert(1)</script> & "so"')
})
