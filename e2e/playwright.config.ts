// The journeys: no retries, no sleeps; what is not there before its deadline has failed.

import { defineConfig } from '@playwright/test';

export const shared = defineConfig({
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  outputDir: 'test-results/artifacts',
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    // Written for every test and kept for a few: nobody gets it from a machine that is gone afterwards.
    trace: process.env.CI ? 'off' : 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROME_PATH || '/usr/bin/chromium',
      // Containers and root accounts have no user namespaces for its sandbox; the pages are ours.
      chromiumSandbox: false,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});

// What measures how long the page stands still needs the machine for itself, so it comes last.
const MEASURED = /-long\.spec\.ts$/;

export default defineConfig(shared, {
  testDir: 'tests',
  projects: [
    { name: 'journeys', testIgnore: MEASURED },
    { name: 'measured', testMatch: MEASURED, dependencies: ['journeys'] },
  ],
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
});
