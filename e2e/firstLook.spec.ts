/** The first seconds: a picture that moves, a page that a keyboard and a screen reader can use, in any size. */
import { gzipSync } from 'node:zlib';
import type { Response } from '@playwright/test';
import { faults } from './support/access.ts';
import { expect, hero, iteration, press, quick, test, transport } from './support/journey.ts';

test('a recorded run, labelled as recorded, is in motion within two seconds of work', async ({ page }) => {
  // Time that the page's thread really works: what else the machine does meanwhile must not decide.
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto('./', { waitUntil: 'commit' });
  await expect.poll(() => iteration(page), { intervals: [50] }).toBeGreaterThan(0);
  const { metrics } = await session.send('Performance.getMetrics');
  expect(metrics.find(({ name }) => name === 'TaskDuration')?.value).toBeLessThan(2);

  await expect(hero(page)).toContainText('Recorded');
  const before = await iteration(page);
  await expect.poll(() => iteration(page)).toBeGreaterThan(before);
});

test('the first load weighs less than a megabyte gzipped, and brings no editor along', async ({ page }) => {
  const bodies: Promise<[url: string, bytes: number]>[] = [];
  const weigh = (response: Response) => {
    if (!response.url().startsWith('http')) return;
    bodies.push(response.body().then((body): [string, number] => [response.url(), gzipSync(body).length]));
  };
  page.on('response', weigh);
  await page.goto('./');
  await expect(hero(page)).toContainText('Recorded');
  await page.waitForLoadState('networkidle');
  // What comes later is not of the first load, and its body may never arrive here.
  page.off('response', weigh);
  const files = await Promise.all(bodies);
  expect(files.length).toBeGreaterThan(2);
  expect(files.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThan(1_000_000);
  expect(files.filter(([url]) => /monaco|editor/i.test(url))).toEqual([]);
});

test('with reduced motion the recording stands still at its end', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./');
  await expect(transport(page)).toContainText(/iteration\s*40\s*of\s*40/);
  await expect(hero(page)).toContainText('Recorded');
});

test('neither the first page nor one with every panel open has anything to mend for axe and the keyboard', async ({
  page,
}) => {
  // Looks of axe at several thousand elements.
  test.slow();
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto('./');
  await expect(hero(page)).toContainText('Recorded');
  expect(await faults(page)).toEqual([]);

  await page.goto(`${quick(['bw', 'ppo-m'])}&open=settings,inspector,filters,training,finding`);
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'ArrowRight');
  await expect(hero(page)).toContainText('Paused', { timeout: 60_000 });
  await page.getByRole('button', { name: /^prompt 1, rank 1/ }).click();
  await expect(page.locator('.monaco-editor').first()).toContainText('function');
  expect(await faults(page)).toEqual([]);
  await press(page, '?');
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await faults(page)).toEqual([]);
});

test('a narrow screen shows everything without scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(quick(['bw']));
  await expect(hero(page)).toContainText('Ready');
  await expect(transport(page)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test('a damaged link opens, and says what it changed and why', async ({ page }) => {
  await page.goto('./#arms=bw,nonsense&1.beta=700&1.customFilter=z:%20broken&seed=-4&colour=green');
  await expect(hero(page)).toContainText('Ready');
  for (const said of [
    /arms may hold .*"nonsense" was ignored/,
    /beta must be a number from 0 to 5, and is 700/,
    /customFilter is damaged/,
    /seed must be a whole number from 0 to/,
    /"colour" means nothing here/,
  ]) {
    await expect(page.getByText(said)).toBeVisible();
  }
});
