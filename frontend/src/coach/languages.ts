// The rules of every language, to be loaded when somebody drafts. All of them apply at once: people write in more than one.

import type { Rules } from './coach'
import en from './rules/en.json'
import es from './rules/es.json'

export { coach } from './coach'

export const every: Rules[] = [en, es]
