/** After the first visit the page opens and works without a network, and a newer version comes in one piece. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeOffline } from '../scripts/bundle/offline.ts';
import { distFolder, type StaticServer, serve } from '../scripts/headless/serve.ts';
import { test as base, expect, hero, press, quick } from './support/journey.ts';

/** A host of its own, which a test can update and take away. */
const test = base.extend<{ host: StaticServer & { folder: string } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the wanted fixtures from this pattern.
  host: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'filtrate-host-'));
    cpSync(distFolder, folder, { recursive: true });
    const server = await serve({ root: folder, base: '/people/someone/filtrate/' });
    await use({ ...server, folder });
    await server.close().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  },
});
test.use({ serviceWorkers: 'allow' });

const kept = (page: Page) =>
  expect(page.getByText('kept in your browser and opens without a network')).toBeAttached({
    timeout: 60_000,
  });

test('loaded once, the page trains and opens its editor with no network at all', async ({ page, host }) => {
  await page.goto(host.url);
  await kept(page);
  await host.close();
  await page.context().setOffline(true);

  await page.goto(new URL(quick(['bw'], { iterations: 2 }), host.url).href);
  await page.reload();
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await expect(hero(page)).toContainText('Finished', { timeout: 90_000 });
  await page.getByRole('region', { name: 'Rank strips' }).locator('[data-cell="0,0"]').click();
  const inspector = page.getByRole('region', { name: 'One program' });
  await expect(inspector.locator('.monaco-editor')).toContainText('function', { timeout: 30_000 });

  // The judge is as closed behind the worker as in front of it.
  const verdicts = await page.evaluate(() =>
    window.filtrate.judge({ entry: 'f', tests: [{ args: [2], expected: 4 }] }, [
      'function f(x) { return x * 2; }',
      'function f(x) { return fetch("./index.html") && x * 2; }',
      'function f(x) { return caches.keys() && x * 2; }',
    ]),
  );
  expect(verdicts.map(({ score }) => score)).toEqual([1, 0, 0]);

  // The recorded runs are there too, and so is what was computed.
  await page.goto(host.url);
  await expect(hero(page)).toContainText('Recorded');
  await press(page, 'u');
  await expect(page.getByRole('region', { name: 'Saved runs' })).toContainText('finished, 2 iterations');
});

test('a newer version is announced, and used whole from the next load on', async ({ page, host }) => {
  const mark = page.locator('meta[name="the second version"]');
  await page.goto(host.url);
  await kept(page);
  await page.reload();
  await expect(mark).not.toBeAttached();

  const index = join(host.folder, 'index.html');
  writeFileSync(
    index,
    readFileSync(index, 'utf8').replace('</head>', '<meta name="the second version" /></head>'),
  );
  await writeOffline(host.folder);
  await page.reload();
  // This load looked for a newer version and found one, but goes on with what it began with.
  await expect(page.getByText('There is a newer version of this page')).toBeVisible({ timeout: 60_000 });
  await expect(mark).not.toBeAttached();

  // A second tab keeps the version of the first.
  const second = await page.context().newPage();
  await second.goto(host.url);
  await expect(hero(second)).toBeVisible();
  expect(await second.content()).not.toContain('the second version');
  await second.close();

  // The browser may take a while to forget a tab that was closed.
  await expect(async () => {
    await page.reload();
    await expect(mark).toBeAttached({ timeout: 5000 });
  }).toPass();
  await expect(hero(page)).toContainText('Recorded');
  await kept(page);
  const caches = await page.evaluate(async () => (await window.caches.keys()).length);
  expect(caches).toBe(1);
});
