// Lets a phone on a weak line paint the seam of index.html as soon as it has the page. A style sheet in the head would hold
// that back until it has come; after the seam it holds back only what follows, and the app waits for it either way.

/** @returns {import('vite').Plugin} */
export function firstPaint() {
  return {
    name: 'first-paint',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const sheets = html.match(/ *<link rel="stylesheet"[^>]*>\n/g) ?? []
        if (sheets.length === 0) return html
        const rest = sheets.reduce((page, sheet) => page.replace(sheet, ''), html)
        return rest.replace('</svg>\n', `</svg>\n${sheets.join('')}`)
      },
    },
  }
}
