import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  globalSetup: './programs.ts',
  // One browser of several windows, a server and its log share two cores.
  workers: 1,
  // How long is no test of ours, and the machines are shared: only what hangs runs out of time.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    locale: 'en-US',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { executablePath: process.env.CHROMIUM || '/usr/bin/chromium' },
  },
})
