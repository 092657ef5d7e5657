// Which language a sentence is in, so that each is read by its own rules: by the small words that only one of them has.
// A sentence that is not sure is read by all.

export type Tongue = 'en' | 'es'

const SMALL: Record<Tongue, RegExp> = {
  en: /\b(?:the|i|i'm|im|you|u|your|ur|my|and|was|were|is|it|it's|that|to|of|for|not|did|didn't|don't|have|had|with|but|will|are|if|what|when|this|never|sorry|on|in|at|be|been|would|could|how|because|from)\b/g,
  es: /\b(?:que|q|de|del|la|el|lo|te|y|en|un|una|por|mi|tu|los|las|se|es|yo|fue|con|para|pero|si|cuando|nunca|perdon|siento|porque|ya|esta|estaba|todo|al|le|nos|usted|eso|muy|hice|tambien|sin|hay|era)\b/g,
}
const SURE = 2

/** The language of a folded sentence, when one of them speaks for it and the other does not. */
export function tongueOf(folded: string): Tongue | undefined {
  const [en, es] = [count(folded, SMALL.en), count(folded, SMALL.es)]
  if (en >= SURE && en >= 3 * es) return 'en'
  if (es >= SURE && es >= 3 * en) return 'es'
}

function count(text: string, of: RegExp): number {
  return text.match(of)?.length ?? 0
}
