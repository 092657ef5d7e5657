import { svelte } from '@sveltejs/vite-plugin-svelte'
import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { defineConfig } from 'vitest/config'

// The Go server of a developer; only `npm run dev` uses it.
const server = process.env.MEND_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig(({ mode }) => ({
  plugins: [
    svelte(),
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
    // Old phones: everything Svelte itself can run on.
    target: ['es2020', 'chrome87', 'firefox78', 'safari14'],
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': server,
      '/ws': { target: server.replace('http', 'ws'), ws: true },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
  },
}))
