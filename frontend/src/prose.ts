// Markdown as programmes use it, and no more: paragraphs, lists, emphasis. It becomes data that
// a component draws as elements, so no text can ever become markup.

export interface Span {
  text: string
  as?: 'em' | 'strong'
}

/** A block is a paragraph, heading, quotation (parts are its lines) or a list (parts are its items). */
export interface Block {
  kind: 'p' | 'h' | 'quote' | 'ul' | 'ol'
  parts: Span[][]
}

export function blocks(markdown: string): Block[] {
  return markdown
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map(block)
}

/** The same words without their marks, on one line. */
export function plain(markdown: string): string {
  const lines = blocks(markdown).flatMap((block) => block.parts)
  return lines.map((line) => line.map((span) => span.text).join('')).join(' ')
}

function block(text: string): Block {
  const lines = text.split('\n').map((line) => line.trim())
  if (/^\d+[.)] /.test(lines[0] ?? '')) return { kind: 'ol', parts: items(lines, /^\d+[.)] /) }
  if (/^[-*] /.test(lines[0] ?? '')) return { kind: 'ul', parts: items(lines, /^[-*] /) }
  if (/^#{1,6} /.test(text)) return { kind: 'h', parts: [spans(text.replace(/^#{1,6} /, ''))] }
  if (lines.every((line) => line.startsWith('>')))
    return { kind: 'quote', parts: [spans(lines.map((line) => line.replace(/^> ?/, '')).join(' '))] }
  return { kind: 'p', parts: paragraph(text) }
}

// A line that does not start an item goes on with the one before.
function items(lines: string[], marker: RegExp): Span[][] {
  const joined: string[] = []
  for (const line of lines) {
    if (marker.test(line)) joined.push(line.replace(marker, ''))
    else joined[joined.length - 1] += ` ${line}`
  }
  return joined.map(spans)
}

// Two blanks or a backslash at the end of a line break it, as verse needs.
function paragraph(text: string): Span[][] {
  return text.split(/(?: {2,}|\\)\n/).map((line) => spans(line.replace(/\n/g, ' ').trim()))
}

function spans(text: string): Span[] {
  const found: Span[] = []
  let from = 0
  for (const match of text.matchAll(/\*\*(\S.*?)\*\*|\*([^*\s][^*]*)\*|\b_([^_]+)_\b/g)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index) })
    found.push(match[1] ? { text: match[1], as: 'strong' } : { text: match[2] ?? match[3] ?? '', as: 'em' })
    from = match.index + match[0].length
  }
  if (from < text.length) found.push({ text: text.slice(from) })
  return found
}
