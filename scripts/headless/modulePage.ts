/**
 * Runs exported functions of source modules inside headless Chromium, through Vite's development server: for
 * parity checks and benchmarks, which need a real browser but are no part of the page.
 */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { createServer } from 'vite';
import type { Adapter } from './browsers.ts';
import { launchChromium } from './page.ts';

export interface ModulePage {
  page: Page;
  /** Calls `module[name](...args)` in the page; arguments and result travel as JSON-like values. */
  call<Result>(module: string, name: string, ...args: unknown[]): Promise<Result>;
  close(): Promise<void>;
}

/** Prints what a module says with `reportProgress`. It may speak often: a line every two seconds says enough. */
export async function printProgress(page: Page): Promise<void> {
  let shown = 0;
  await page.exposeFunction('reportProgress', (line: string) => {
    if (performance.now() - shown < 2000) return;
    shown = performance.now();
    console.log(line);
  });
}

export interface ModulePageOptions {
  webgpu?: Adapter;
  /** The modules that will be called, so that their packages are bundled before the page opens. */
  modules: readonly string[];
}

export async function openModulePage(options: ModulePageOptions): Promise<ModulePage> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const server = await createServer({
    root,
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    cacheDir: 'node_modules/.vite-scripts',
    server: { port: 0, hmr: false, watch: null, host: '127.0.0.1' },
    optimizeDeps: {
      entries: [...options.modules],
      // Found only when a component has loaded already, these would give the page a second React.
      include: ['react', 'react-dom', 'react-dom/client', 'react/jsx-dev-runtime', '@base-ui/react/popover'],
    },
  });
  await server.listen();
  const browser = await launchChromium(options);
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`page: ${message.text()}`);
  });
  // An empty document of the server's own origin: modules, workers and WebGPU all need a secure origin.
  const address = server.resolvedUrls!.local[0];
  await page.route('**/blank.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>modules</title>' }),
  );
  await page.goto(new URL('blank.html', address).href);
  return {
    page,
    call: (module, name, ...args) =>
      page.evaluate(
        async ([module, name, args]) => {
          const loaded = await import(/* @vite-ignore */ `/${module}`);
          if (typeof loaded[name] !== 'function') throw new Error(`${module} does not export ${name}()`);
          return loaded[name](...args);
        },
        [module, name, args] as const,
      ),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
