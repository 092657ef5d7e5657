import { mount, unmount } from 'svelte'
import { afterEach, expect, it } from 'vitest'
import Spread from './Spread.svelte'

let shown: Record<string, unknown> | undefined

function text(props: Parameters<typeof mount<Record<string, unknown>, never>>[1]['props']): string {
  shown = mount(Spread as never, { target: document.body, props })
  return document.body.textContent ?? ''
}

afterEach(() => {
  if (shown) void unmount(shown)
  document.body.innerHTML = ''
})

it('says no number under four, not even to a screen reader', () => {
  const said = text({
    labels: ['Hard', 'Between', 'Steady'],
    spread: { answers: 9, bins: [1, 3, 5] },
    before: { answers: 8, bins: [2, 0, 6] },
  })
  expect(said.match(/\d+/g)).toEqual(['8', '9', '6', '5'])
})
