import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  globalSetup: './programs.ts',
  // Each test has a server of its own, so any of them may run beside any other; "dev test" has two at a time.
  fullyParallel: true,
  workers: 1,
  // How long is no test of ours, and the machines are shared: only what hangs runs out of time.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  // What fails once is repeated and told: a failure is one that repeats itself.
  retries: 1,
  forbidOnly: true,
  reporter: [['./reporter.ts']],
  use: {
    browserName: 'chromium',
    locale: 'en-US',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { executablePath: process.env.CHROMIUM || '/usr/bin/chromium' },
  },
})
