/**
 * The built page with a hundred stored runs: how long it takes to open with their list, to draw the comparison of an
 * experiment, and to move through time with some of them on the page. Measured in the page itself, as a person
 * would meet it; the storage is filled beforehand by the page's own code.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CDPSession, chromium, type Page } from 'playwright';
import { ensureBuilt } from '../../../scripts/build.ts';
import { bundleScript } from '../../../scripts/bundle/inlineScript.ts';
import { findChromium, quietFlags } from '../../../scripts/headless/browsers.ts';
import { serve } from '../../../scripts/headless/serve.ts';
import type { BenchOptions, BenchTable } from '../../core/benchmark.ts';

/** Runs of the experiment, which the list shows as one. */
const grouped = 18;

export async function benchNode({ quick }: BenchOptions): Promise<BenchTable[]> {
  const runs = quick ? 30 : 100;
  const iterations = quick ? 20 : 60;
  ensureBuilt();
  const server = await serve();
  const folder = mkdtempSync(join(tmpdir(), 'filtrate-bench-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: findChromium(),
    args: [...quietFlags],
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
  });
  try {
    const page = await context.newPage();
    const empty = await opening(page, `${server.url}#open=runs`, 'None yet');
    const filled = await fill(page, server.url, runs, iterations);
    const opened: number[] = [];
    for (let i = 0; i < 5; i++)
      opened.push(
        await opening(page, `${server.url}?${i}#open=runs`, `${iterations} iterations`, runs - grouped + 1),
      );
    const compared: number[] = [];
    for (let i = 0; i < 3; i++) compared.push(await comparison(page, `${server.url}?c${i}#open=experiments`));
    const scrubbed: BenchTable['rows'] = [];
    for (const arms of [2, 4, 8])
      scrubbed.push(await scrubbing(page, `${server.url}?s${arms}#open=runs`, arms, iterations));
    return [
      {
        title: 'Stored runs',
        note: `${runs} runs of ${iterations} iterations, ${Math.round(filled / 1e6)} MB of samples and snapshots; from the start of navigation to the whole list, medians.`,
        rows: [
          { what: 'the page opens with its list', ms: median(opened), aim: 2000 },
          { what: 'the same with nothing stored', ms: Math.round(empty), aim: null },
          { what: 'the comparison of 6 arms × 3 seeds draws', ms: median(compared), aim: 1000 },
        ],
      },
      {
        title: 'Moving through time, stored runs on the page',
        note: 'One iteration per frame, back and forth over all of them; every panel follows.',
        rows: scrubbed,
      },
    ];
  } finally {
    await context.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (values: number[]) => Math.round(values.toSorted((a, b) => a - b)[values.length >> 1]);

async function fill(page: Page, url: string, runs: number, iterations: number): Promise<number> {
  const entry = fileURLToPath(new URL('bench/fill.ts', import.meta.url));
  const { code } = await bundleScript(entry);
  await page.goto(`${url}?fill`);
  await page.addScriptTag({ content: code });
  return page.evaluate(
    ([runs, iterations]) =>
      (globalThis as unknown as { exported: { fill(...args: number[]): Promise<number> } }).exported.fill(
        runs,
        iterations,
      ),
    [runs, iterations],
  );
}

/** Milliseconds from the start of navigation until the panel shows a text, in so many rows. */
async function opening(page: Page, url: string, text: string, rows = 0): Promise<number> {
  await page.goto('about:blank');
  await page.goto(url, { waitUntil: 'commit' });
  const time = await page.waitForFunction(
    ([text, rows]) => {
      const panel = [...document.querySelectorAll('section')].find(
        (section) => section.querySelector('h2')?.textContent === 'Saved runs',
      );
      if (!panel?.textContent?.includes(text) || panel.querySelectorAll('li').length < rows) return 0;
      return performance.now();
    },
    [text, rows] as const,
    { polling: 'raf', timeout: 60_000 },
  );
  return time.jsonValue();
}

/** Milliseconds from the click on an experiment until its curves are drawn. */
async function comparison(page: Page, url: string): Promise<number> {
  await page.goto(url);
  const show = page.getByRole('button', { name: 'Show Six methods' });
  await show.waitFor();
  const from = await page.evaluate(() => {
    const button = document.querySelector<HTMLButtonElement>('button[aria-label="Show Six methods"]')!;
    const from = performance.now();
    button.click();
    return from;
  });
  const drawn = await page.waitForFunction(
    () => {
      const canvas = document.querySelector<HTMLCanvasElement>('[aria-label="Curves over the seeds"] canvas');
      const pixels = canvas?.width
        ? canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
        : null;
      return pixels?.some((value) => value > 0) ? performance.now() : 0;
    },
    undefined,
    { polling: 'raf', timeout: 60_000 },
  );
  return (await drawn.jsonValue()) - from;
}

async function scrubbing(page: Page, url: string, arms: number, iterations: number) {
  await page.goto(url);
  const show = page.locator('li button[aria-label^="Show "][aria-disabled="false"]');
  await show.first().waitFor();
  for (let i = 0; i < arms; i++) {
    await show.first().click();
    await page.locator('li button[aria-label^="Show "][aria-disabled="true"]').nth(i).waitFor();
  }
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  // Time on the page's own thread: unlike frames per second it says little of what else the machine does.
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await busySeconds(session);
  // No functions with names in here: the compiler would have them call a helper that the page does not have.
  const times = await page.evaluate(async (iterations) => {
    const times: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowLeft', 'ArrowRight']) {
      for (let i = 1; i < iterations; i++) {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey: true, bubbles: true }));
        const now = await new Promise<number>(requestAnimationFrame);
        times.push(now - last);
        last = now;
      }
    }
    return times;
  }, iterations);
  const busy = (await busySeconds(session)) - before;
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  return {
    arms,
    'frames per second': Math.round(1000 / mean),
    'aim per second': 50,
    'median ms': median(times),
    'computing per frame ms': Math.round((1000 * busy) / times.length),
    'for 50 per second ms': 20,
  };
}

async function busySeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value;
}
