// The rules of every language with their examples, for the tests and the command line. The page fetches them one by one:
// see reader.ts.

import type { Rules } from './coach'
import en from './rules/en.json'
import es from './rules/es.json'

export { coach } from './coach'

export const every = [en, es] as Rules[]
