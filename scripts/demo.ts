/**
 * `npm run demo`: plays a demo on the built page, to watch, to test, or to record.
 *
 *   npm run demo                          lists the demos
 *   npm run demo -- NAME [--headed] [--video DIR] [--hurry]
 */
import { parseArgs } from 'node:util';
import { demoById, demos } from '../src/demos/index.ts';
import { ensureBuilt } from './build.ts';
import { launchChromium } from './headless/page.ts';
import { serve } from './headless/serve.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    headed: { type: 'boolean', default: false },
    hurry: { type: 'boolean', default: false },
    video: { type: 'string' },
  },
});

async function play(id: string): Promise<boolean> {
  ensureBuilt();
  const size = { width: 1440, height: 900 };
  const server = await serve();
  const browser = await launchChromium({ headed: values.headed });
  try {
    const context = await browser.newContext({
      viewport: size,
      ...(values.video ? { recordVideo: { dir: values.video, size } } : {}),
    });
    const page = await context.newPage();
    await page.goto(`${server.url}?demo=${id}${values.hurry ? '&hurry=1' : ''}`);
    const player = page.locator(`[data-demo="${id}"]:not([data-demo-state="playing"])`);
    await player.waitFor({ timeout: 15 * 60_000 });
    const held = (await player.getAttribute('data-demo-state')) === 'held';
    console.log(held ? `${id}: held` : `${id}: ${await player.getByRole('status').textContent()}`);
    const video = page.video();
    await context.close();
    if (video) console.log(await video.path());
    return held;
  } finally {
    await browser.close();
    await server.close();
  }
}

const [name] = positionals;
if (name === undefined) {
  for (const { id, what } of demos) console.log(`${id.padEnd(22)} ${what}`);
} else {
  process.exitCode = (await play(demoById(name).id)) ? 0 : 1;
}
