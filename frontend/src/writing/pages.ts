// What people write here, as it is kept on their device and as they take it with them.

import type { Side } from '../asks/asks'
import type { Page } from '../device/page'
import { m } from '../paraglide/messages'

export interface Words {
  words: string
  /** Begun outside of a session, from this side. */
  side?: Side
}

export interface Self {
  neglect: string
  kind: string
  practical: string
  forgiveness: string
}

/** Answers by card; what each answers stands beside it. */
export interface Answers {
  answers: Record<string, { to: string; words: string }>
  tonight: string
}

export const blankWords = (side?: Side): Words => ({ words: '', ...(side && { side }) })
export const blankSelf = (): Self => ({ neglect: '', kind: '', practical: '', forgiveness: '' })
export const blankAnswers = (): Answers => ({ answers: {}, tonight: '' })

export const wordsPage = ({ words }: Words): Page => ({ parts: [{ text: words }] })

export const selfPage = (value: Self): Page => ({
  parts: [
    { heading: m.self_neglect(), text: value.neglect },
    { heading: m.self_kind(), text: value.kind },
    { heading: m.self_practical(), text: value.practical },
    { heading: m.self_forgiveness(), text: value.forgiveness },
  ],
})

export const answersPage = ({ answers, tonight }: Answers): Page => ({
  parts: [
    ...Object.values(answers).map(({ to, words }) => ({ heading: to, text: words })),
    { heading: m.answerno_tonight(), text: tonight },
  ],
})

/** Long enough for a letter, short enough for a device. */
export const LONGEST = 20_000
