// What a refusal says to a person, in their language. The wordings are many and seldom needed, so
// they are loaded only then.

import type { Refusal } from './wire.gen'

/** The wording for a refusal's reason; for one this version does not know, the server's own sentence. */
export async function refusalText(refusal: Refusal): Promise<string> {
  try {
    const { wording } = await import('./refusals')
    return wording(refusal)
  } catch {
    return refusal.message
  }
}
