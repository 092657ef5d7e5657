// Words in a draft that may be somebody's name: capital letters in the middle of a sentence, on a word that has none by
// itself. A guess, made on the device; it reminds of relation words and never stands in the way.

const KNOWN = new Set(
  (
    'i ok okay tv dvd god lord jesus christ bible mom mum mommy mama mami ma dad daddy papa papi pop pops grandma grandpa ' +
    'grandmother grandfather abuela abuelo mother father aunt uncle tia tio aa na ca smart step steps english spanish ' +
    'american mexican monday tuesday wednesday thursday friday saturday sunday january february march april may june july ' +
    'august september october november december christmas easter thanksgiving hanukkah ramadan halloween new year years eve ' +
    'day valentine independence memorial labor fourth street avenue road park lake north south east west school church ' +
    'hospital clinic center walmart target costco facebook instagram whatsapp google uber lunes martes miercoles jueves ' +
    'viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre navidad ' +
    'pascua ano nuevo nochebuena semana santa dios biblia senor senora virgen calle avenida parque escuela iglesia ' +
    'facebook estados unidos'
  ).split(' '),
)
const PLACE = /(?:^|[^\p{L}])(?:in|at|near|en|hasta|desde|downtown)\s+$/iu
const WORD = /\p{Lu}[\p{Ll}\p{M}]+(?:-\p{Lu}[\p{Ll}\p{M}]+)*/gu
const BEGINS = /(?:^|[.!?…:;\n]["”»')\]]*|["“«¿¡(—–-])\s*$/u

/** What may be names, each once, in the order of the text. */
export function names(text: string): string[] {
  const found = [...text.matchAll(WORD)].filter(({ 0: word, index }) => {
    const [before, after] = [text.slice(0, index), text.slice(index + word.length)]
    if (/[\p{L}\p{N}'’]$/u.test(before) || /^[\p{Lu}\p{N}]/u.test(after)) return false
    return !BEGINS.test(before) && !PLACE.test(before) && !KNOWN.has(plain(word))
  })
  return [...new Set(found.map(([word]) => word))]
}

function plain(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
