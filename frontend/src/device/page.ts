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

/** A page of its own for any browser, to read and to print: no script, and nothing that is fetched. */
export function pagesHTML(lang: string, date: string, pages: { title: string; page: Page }[]): string {
  const sections = pages.map(({ title, page }) => {
    const parts = written(page).map(
      ({ heading, text }) => `${heading ? `<h2>${plain(heading)}</h2>` : ''}<p>${plain(text.trim())}</p>`,
    )
    return `<section><h1>${plain(title)}</h1><p class="date">${plain(date)}</p>${parts.join('')}</section>`
  })
  return `<!doctype html><html lang="${plain(lang)}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${plain(date)}</title>
<style>body{max-width:40rem;margin:2rem auto;padding:0 1rem;font:1.1rem/1.6 Georgia,serif}h1{font-size:1.5rem;margin-top:3rem}
h2{font:600 1rem/1.4 sans-serif;margin:1.5rem 0 0}p{margin:.3rem 0;white-space:pre-wrap;overflow-wrap:anywhere}.date{font:.9rem sans-serif}
@media print{section{break-after:page}}</style>${sections.join('')}</html>
`
}

const MARKS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function plain(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => MARKS[mark] ?? mark)
}

export function pageText(title: string, page: Page, date: string): string {
  const parts = written(page).map(({ heading, text }) => [heading, text.trim()].filter(Boolean).join('\n'))
  return [`${title}\n${date}`, ...parts].join('\n\n') + '\n'
}
