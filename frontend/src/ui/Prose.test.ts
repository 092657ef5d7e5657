// Whatever stands in somebody's file, a screen shows words: no element and no attribute that Prose did not choose.

import { mount, unmount } from 'svelte'
import { afterEach, expect, it } from 'vitest'
import Prose from './Prose.svelte'

let shown: Record<string, unknown> | undefined

function draw(text: string): HTMLElement {
  shown = mount(Prose as never, { target: document.body, props: { text } })
  return document.body
}

afterEach(() => {
  if (shown) void unmount(shown)
  document.body.innerHTML = ''
})

const payloads = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '"><script>alert(1)</script>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="data:text/html,<script>alert(1)</script>">',
  '<a href="javascript:alert(1)">go</a>',
  '[go](javascript:alert(1))',
  '[go](<javascript:alert(1)>)',
  '![](x" onerror="alert(1))',
  '<javascript:alert(1)>',
  '<https://example.org/?steal>',
  '[a]: javascript:alert(1)\n\n[a]',
  '<style>*{display:none}</style>',
  '<link rel=stylesheet href=//example.org>',
  '<meta http-equiv=refresh content="0;url=//example.org">',
  '<base href=//example.org>',
  '<form action=//example.org><input name=code></form>',
  '<math><mtext></p><img src=x onerror=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '</p><script>alert(1)</script>',
  '<!--><script>alert(1)</script>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)',
  '**<b onclick=alert(1)>bold</b>**',
  '*<i onmouseover=alert(1)>lean</i>*',
  '> <script>alert(1)</script>',
  '- <script>alert(1)</script>\n- two',
  '1. <img src=x onerror=alert(1)>',
  '# <script>alert(1)</script>',
  '```html\n<script>alert(1)</script>\n```',
  '| a | b |\n|---|---|\n| <script>alert(1)</script> | b |',
  "{@html '<script>alert(1)</script>'}",
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '<div style="position:fixed;inset:0">over all</div>',
  '<x contenteditable onblur=alert(1) tabindex=1 id=x autofocus>',
  '<details open ontoggle=alert(1)>',
  '\u0000<script>alert(1)</script>',
]

const known = ['P', 'UL', 'OL', 'LI', 'H3', 'BLOCKQUOTE', 'BR', 'EM', 'STRONG']

it.each(payloads)('%s', (text) => {
  const body = draw(text)
  for (const element of body.querySelectorAll('*')) {
    expect(known).toContain(element.tagName)
    // what the compiler adds to scope a style is all there may be
    for (const { name, value } of element.attributes) expect(`${name}=${value}`).toMatch(/^class=svelte-\w+$/)
  }
})

it('shows markup as the words it is made of', () => {
  expect(draw('<script>alert(1)</script>').textContent?.trim()).toBe('<script>alert(1)</script>')
})
