import { svelte } from '@sveltejs/vite-plugin-svelte'
import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { defineConfig } from 'vitest/config'
import { firstPaint } from './scripts/firstpaint.js'
import { offline } from './scripts/offline.js'
import { rules } from './scripts/rules.js'

// The Go server of a developer; only `npm run dev` uses it.
const server = process.env.MEND_SERVER ?? 'http://127.0.0.1:8080'

// Parts of Svelte that nobody's first page uses. Svelte is one module to the bundler, so they are named here to
// stay out of it; one that is used after all is counted by `npm run size`.
const controls =
  /svelte\/src\/internal\/client\/dom\/(elements\/(bindings\/(input|select|size|universal|window)|actions|attachments|style)|blocks\/(html|svelte-element))\.js/

export default defineConfig(({ mode }) => ({
  plugins: [
    svelte(),
    offline(),
    firstPaint(),
    rules(),
    // Under test its watcher would never end; `npm test` compiles the messages first.
    mode !== 'test' &&
      paraglideVitePlugin({
        project: './project.inlang',
        outdir: './src/paraglide',
        // The choice itself is kept in locale.svelte.ts; Paraglide's own ways cost kilobytes.
        strategy: ['globalVariable', 'baseLocale'],
      }),
  ],
  // Without this Vitest takes Svelte's server build.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  build: {
    // An iPhone 6s, and what every Android from 2014 on can be brought to. Below these, much is spelled out.
    target: ['chrome91', 'firefox90', 'safari15'],
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      treeshake: { moduleSideEffects: [{ test: controls, sideEffects: false }] },
      // No class of ours or of Svelte's shadows a setter of its parent, so a field is a plain assignment.
      transform: { assumptions: { setPublicClassFields: true } },
      output: {
        codeSplitting: {
          groups: [
            {
              // What a phone needs to join, sit in the room and do the first exercise, as one file: weak Wi-Fi
              // pays for every request. `npm run size` weighs it.
              name: 'first',
              test: /\/src\/((api|care|draft\.svelte|locale\.svelte|merge|offline|prose|refusal|route|seat|session\.svelte|socket|bowl\/forget|exercises\/registry|participant\/later)\.ts|(exercises\/Welcome|join\/(Join|Threshold)|participant\/(Away|Crisis|Hand|Place|Present|Room|Seat|Support)|ui\/(Button|Languages|Live|Prose|Seam|Sheet|Still|Toast|Wait))\.svelte)/,
              priority: 1,
            },
            {
              name: 'controls',
              test: controls,
              includeDependenciesRecursively: false,
              priority: 2,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': server,
      '/ws': { target: server.replace('http', 'ws'), ws: true },
    },
  },
  test: {
    environment: 'jsdom',
    // One page for all files: making one costs more than all the tests.
    isolate: false,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
  },
}))
