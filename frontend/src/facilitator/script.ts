/** What a programme's author wrote for the facilitator: words to speak, and notes (quoted paragraphs) to keep to oneself. */
export function script(say: string): { aloud: string; notes: string } {
  const parts = say.split(/\n\s*\n/).filter((part) => part.trim())
  const note = (part: string) => part.trimStart().startsWith('>')
  return {
    aloud: parts.filter((part) => !note(part)).join('\n\n'),
    notes: parts
      .filter(note)
      .map((part) => part.replace(/^\s*> ?/gm, ''))
      .join('\n\n'),
  }
}
