import { flushSync, mount, unmount, type ComponentProps } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import Draft from './Draft.svelte'
import { moved, pieces } from './underline'
import './reader'
import './rules/en.json'
import './rules/es.json'

let page: ReturnType<typeof mount> | undefined

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(async () => {
  if (page) await unmount(page)
  page = undefined
  vi.useRealTimers()
})

async function open(props: ComponentProps<typeof Draft>) {
  page = mount(Draft, { target: document.body, props })
  flushSync()
  await vi.dynamicImportSettled()
  await rest(2000)
}

async function rest(ms: number) {
  await vi.advanceTimersByTimeAsync(ms)
  await vi.dynamicImportSettled()
  flushSync()
}

const area = () => document.querySelector('textarea')!
const underlined = () => [...document.querySelectorAll('mark')].map((mark) => mark.textContent)
const live = () => document.querySelector('[aria-live]')!.textContent

async function type(text: string, ms = 2000) {
  area().value = text
  area().dispatchEvent(new InputEvent('input', { bubbles: true }))
  flushSync()
  await rest(ms)
}

describe('Draft', () => {
  it('says nothing of a good amend', async () => {
    await open({ value: 'I took forty dollars from your purse in March.' })
    expect(underlined()).toEqual([])
    expect(document.querySelector('section')).toBeNull()
    expect(live()).toBe('')
  })

  it('underlines, and asks below', async () => {
    await open({ value: '' })
    await type('I’m sorry, but it was your fault.')
    expect(underlined()).toEqual(['but', 'your fault'])
    expect(document.querySelector('section')!.textContent).toContain('Could the first half stand by itself?')
    expect(area().value).toBe('I’m sorry, but it was your fault.')
  })

  it('waits until the hand rests, and is heard later still', async () => {
    await open({ value: '' })
    await type('Can you forgive me?', 300)
    expect(underlined()).toEqual([])
    await rest(300)
    expect(underlined()).toEqual(['Can you forgive me'])
    expect(live()).toBe('')
    await rest(1500)
    expect(live()).toBe('One place you may want to look at again')
  })

  it('goes to the place when its button is pressed, and says the question', async () => {
    await open({ value: 'I’m sorry, but it was your fault.' })
    const button = document.querySelectorAll<HTMLButtonElement>('section button')[1]!
    expect(button.getAttribute('aria-label')).toContain('your fault')
    button.click()
    flushSync()
    expect(document.activeElement).toBe(area())
    expect(area().value.slice(area().selectionStart, area().selectionEnd)).toBe('your fault')
    expect(live()).toContain('What was your part, and only yours?')
  })

  it('puts a threat to oneself first', async () => {
    await open({ value: 'Forgive me. I can’t live without you.' })
    expect(document.querySelector('section li')!.textContent).toContain('crisis line')
  })

  it('offers somebody to talk to before it says anything of a threat to oneself', async () => {
    await open({ value: 'I want to die.' })
    const grave = document.querySelector('section li')!
    const words = grave.textContent
    expect(words.indexOf('somebody to talk to now')).toBeGreaterThan(-1)
    expect(words.indexOf('somebody to talk to now')).toBeLessThan(words.indexOf('crisis line?'))
    expect([...grave.querySelectorAll('button')].map((button) => button.textContent)).toContain('Crisis help')
  })

  it('reads another language than that of the screen', async () => {
    await open({ value: 'No fue para tanto y te pido que me perdones. Perdóname por favor.' })
    expect(underlined().length).toBeGreaterThan(0)
  })

  it('reminds of relation words, and says nothing of a name at the beginning', async () => {
    await open({ value: 'Ana, I told Luis that it was you.' })
    expect(document.body.textContent).toContain('“Luis” may be a name')
    expect(document.querySelector('section')).toBeNull()
    await type('Ana, I told my brother that it was you.')
    expect(document.body.textContent).not.toContain('may be a name')
  })

  it('asks nothing of the network', async () => {
    const fetch = vi.spyOn(globalThis, 'fetch')
    await open({ value: 'Sorry for everything.' })
    expect(underlined()).toHaveLength(1)
    expect(fetch).not.toHaveBeenCalled()
  })
})

describe('an edit', () => {
  const found = [
    { kind: 'but' as const, from: 6, to: 9 },
    { kind: 'vague' as const, from: 20, to: 24 },
  ]

  it('moves what comes after it, and drops what it touches', () => {
    const text = 'Sorry but it was me. Them all.'
    expect(moved(found, text, `${text} More.`)).toEqual(found)
    expect(moved(found, text, `Oh. ${text}`).map(({ from }) => from)).toEqual([10, 24])
    expect(moved(found, text, text.replace('but', 'bXut')).map(({ kind }) => kind)).toEqual(['vague'])
  })

  it('cuts a text where findings begin and end', () => {
    expect(
      pieces('abcdef', [
        { kind: 'but', from: 1, to: 4 },
        { kind: 'vague', from: 3, to: 5 },
      ]).map(({ text, kinds }) => [text, kinds.length]),
    ).toEqual([
      ['a', 0],
      ['bc', 1],
      ['d', 2],
      ['e', 1],
      ['f', 0],
    ])
    expect(pieces('', [])).toEqual([])
  })
})
