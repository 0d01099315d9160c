/**
 * Journeys through the built page, served from a sub-path by a plain static server, in real browsers: Chromium
 * without WebGPU (the CPU engine), Chromium with WebGPU on the software adapter, and stock Firefox.
 */
import { defineConfig } from '@playwright/test';
import { locateBrowser, quietFlags, webgpuFlags } from './scripts/headless/browsers.ts';

// Chosen once by the parent process, inherited by the workers, so that two checkouts do not meet on one port.
process.env.FILTRATE_PORT ??= String(20_000 + Math.floor(Math.random() * 20_000));
const port = process.env.FILTRATE_PORT;
const base = '/some/course/filtrate/';

const chromium = (args: readonly string[]) => ({
  launchOptions: {
    executablePath: locateBrowser('chromium') ?? 'chromium (not installed)',
    args: [...quietFlags, ...args],
  },
});

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Two files at a time: while one waits for a trainer or a frame, the other works. Within a file tests keep their order.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  // Limits end what hangs. They are far above what a busy machine needs, and cost nothing where all is well.
  timeout: 240_000,
  // Journeys wait for real work on machines that do other work, too. What passes only at its second try is counted.
  retries: 1,
  // A browser that hangs must end the run, not stall it.
  globalTimeout: 45 * 60_000,
  expect: { timeout: 40_000 },
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${port}${base}`,
    screenshot: 'only-on-failure',
    trace: 'off',
    // Each test is a first visit: keeping the page for the next one would only take turns. e2e/offline.spec.ts allows it.
    serviceWorkers: 'block',
  },
  projects: [
    { name: 'cpu', testIgnore: ['webgpu.spec.ts', 'firefox*.spec.ts'], use: chromium([]) },
    { name: 'webgpu', testMatch: 'webgpu.spec.ts', use: chromium(webgpuFlags.software) },
    // Driven by puppeteer over WebDriver BiDi inside the tests: Playwright only runs its own Firefox.
    { name: 'firefox', testMatch: 'firefox*.spec.ts' },
  ],
  webServer: {
    command: `node --import tsx scripts/headless/serve.ts dist --port ${port} --base ${base}`,
    url: `http://localhost:${port}${base}`,
    reuseExistingServer: false,
  },
});
