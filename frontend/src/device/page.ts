// A worksheet as its person takes it with them: plain text to download, or a page to print or to show.

export interface Part {
  heading?: string
  text: string
}

export interface Page {
  parts: Part[]
}

/** Leaves out what nobody filled in. */
export function written(page: Page): Part[] {
  return page.parts.filter(({ text }) => text.trim())
}

export function pageText(title: string, page: Page, date: string): string {
  const parts = written(page).map(({ heading, text }) => [heading, text.trim()].filter(Boolean).join('\n'))
  return [`${title}\n${date}`, ...parts].join('\n\n') + '\n'
}
