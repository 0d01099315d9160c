/**
 * Opens the built page in headless Chromium, for the scripts that drive it: experiments, checkpoints, recordings,
 * pictures. It builds the page first when its sources are newer, and serves it like any static host would.
 */
import { type Browser, chromium, type Page } from 'playwright';
import { ensureBuilt } from '../build.ts';
import { type Adapter, findChromium, quietFlags, webgpuFlags } from './browsers.ts';
import { type ServeOptions, serve } from './serve.ts';

export interface PageOptions {
  /** Offer WebGPU; without it the page finds no adapter and computes on the CPU. */
  webgpu?: Adapter;
  /** Show the window. */
  headed?: boolean;
  /** Query and fragment of the address, such as "?preset=healthy#…". */
  search?: string;
  colorScheme?: 'light' | 'dark';
  viewport?: { width: number; height: number };
  /** Leave the browser running on Ctrl-C, because the script stops it in its own way. */
  keepOnInterrupt?: boolean;
  /** The same on SIGTERM. */
  keepOnTerm?: boolean;
  /** Where to serve dist/ from, when it matters. */
  serve?: ServeOptions;
}

export interface OpenPage {
  page: Page;
  browser: Browser;
  /** Address of the page. */
  url: string;
  close(): Promise<void>;
}

/** Headless Chromium with the flags of every script. */
export function launchChromium(
  options: Pick<PageOptions, 'webgpu' | 'headed' | 'keepOnInterrupt' | 'keepOnTerm'> = {},
): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    headless: !options.headed,
    handleSIGINT: !options.keepOnInterrupt,
    handleSIGTERM: !options.keepOnTerm,
    args: [...quietFlags, ...(options.webgpu ? webgpuFlags[options.webgpu] : [])],
  });
}

/** The page, loaded and answering `window.filtrate.ready()`. Errors of the page go to stderr. */
export async function openPage(options: PageOptions = {}): Promise<OpenPage> {
  ensureBuilt();
  const server = await serve(options.serve);
  const browser = await launchChromium(options);
  const close = async (): Promise<void> => {
    await browser.close();
    await server.close();
  };
  try {
    const page = await browser.newPage({
      colorScheme: options.colorScheme ?? 'light',
      viewport: options.viewport ?? { width: 1440, height: 900 },
      // The page is here already: nobody needs it kept for later.
      serviceWorkers: 'block',
    });
    page.on('pageerror', (error) => console.error(`page: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`page: ${message.text()}`);
    });
    await page.goto(server.url + (options.search ?? ''));
    await page.waitForFunction(() => 'filtrate' in window, undefined, { timeout: 30_000 });
    await page.evaluate(() =>
      (window as unknown as { filtrate: { ready(): Promise<unknown> } }).filtrate.ready(),
    );
    return { page, browser, url: server.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
