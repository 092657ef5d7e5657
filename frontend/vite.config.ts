import { svelte } from '@sveltejs/vite-plugin-svelte'
import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { defineConfig } from 'vitest/config'

// The Go server of a developer; only `npm run dev` uses it.
const server = process.env.MEND_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig(({ mode }) => ({
  plugins: [
    svelte(),
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
    // Phones of 2020 and an iPhone 6s. Below these, private class members are spelled out for several kilobytes.
    target: ['chrome87', 'firefox90', 'safari15'],
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What every seat needs is one file rather than twenty: weak Wi-Fi pays for every request.
        codeSplitting: {
          groups: [
            {
              name: 'parts',
              test: /src\/((session\.svelte|socket|merge|care|prose|seat|api|refusal|locale\.svelte|route)\.ts|join\/Threshold|participant\/Crisis|ui\/(Button|Languages|Live|Prose|Seam|Sheet|Still|Toast|Wait)\.)/,
              minShareCount: 2,
              priority: 1,
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
