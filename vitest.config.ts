/**
 * Two kinds of tests beside the source: `*.test.ts` in Node, for pure logic, and `*.browser.test.ts` in headless
 * Chromium, for what only a browser has. WebGPU there is the software adapter, so the suite needs no GPU.
 */
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { locateBrowser, quietFlags, webgpuFlags } from './scripts/headless/browsers.ts';

const browserTests = ['src/**/*.browser.test.{ts,tsx}'];

/** They end what hangs, and are far above what a busy machine needs; preparing may take as long as a test. */
const limits = { testTimeout: 240_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    projects: [
      {
        extends: './vite.config.ts',
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{src,scripts,workers}/**/*.test.{ts,tsx}'],
          exclude: browserTests,
          ...limits,
        },
      },
      {
        extends: './vite.config.ts',
        // Found in the middle of a run, these would reload the page under the tests.
        optimizeDeps: {
          include: [
            'react',
            'react-dom',
            'react-dom/client',
            'react/jsx-dev-runtime',
            '@base-ui/react/popover',
            'uplot',
          ],
        },
        test: {
          name: 'browser',
          include: browserTests,
          ...limits,
          // One page at a time: two software adapters on two cores only slow each other down.
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: locateBrowser('chromium') ?? 'chromium (not installed)',
                args: ['--headless=new', ...quietFlags, ...webgpuFlags.software],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
