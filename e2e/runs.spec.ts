/** Runs that last: killed, resumed to the same numbers, deleted and brought back, never written by two tabs. */
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { locateBrowser, quietFlags } from '../scripts/browsers.ts';
import { expect, hero, iteration, press, quick, reach, test, transport } from './support/journey.ts';

/** A browser whose storage outlives it. */
const launch = (folder: string, baseURL: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, {
    executablePath: locateBrowser('chromium') ?? 'chromium (not installed)',
    args: [...quietFlags],
    baseURL,
  });

/** Ends the whole browser as a crash does: nothing gets to say goodbye. */
async function kill(context: BrowserContext, folder: string): Promise<void> {
  const closed = context.waitForEvent('close');
  const [pid] = /\d+$/.exec(readlinkSync(join(folder, 'SingletonLock')))!;
  process.kill(Number(pid), 'SIGKILL');
  await closed;
}

const panel = (page: Page) => page.getByRole('region', { name: 'Saved runs' });
const rows = (page: Page) => panel(page).getByRole('listitem');

/** Every number that seed and settings determine, with every response. */
const everything = (page: Page) =>
  page.evaluate(async () => {
    const { metrics, rollouts } = await window.filtrate.exportRun();
    return { metrics: metrics.trim().split('\n'), rollouts: rollouts.trim().split('\n') };
  });

test('a run whose browser was killed resumes to the numbers of one that was not', async ({ baseURL }) => {
  const folder = mkdtempSync(join(tmpdir(), 'filtrate-runs-'));
  const address = quick(['bw'], { iterations: 12, evaluateEvery: 3 });
  let open: BrowserContext | null = null;
  try {
    const first = await launch(folder, baseURL!);
    open = first;
    const page = await first.newPage();
    // Slow enough that a snapshot is on disk before the kill, however fast the machine is.
    await page.goto(`${address}&pace=calm`);
    await expect(hero(page)).toContainText('Ready');
    await press(page, 'Space');
    await reach(page, 7);
    await kill(first, folder);

    const second = await launch(folder, baseURL!);
    open = second;
    const again = await second.newPage();
    await again.goto(address);
    await expect(again.getByText(/Last time not finished: BW \(\d+ of 12\)/)).toBeVisible({
      timeout: 60_000,
    });
    await again.getByRole('button', { name: 'Resume' }).first().click();
    // Its curves are there before anything computes, and it goes on from the fifth iteration, not from the first.
    await expect.poll(() => iteration(again)).toBeGreaterThanOrEqual(5);
    await expect(hero(again)).toContainText(/Live|Finished/, { timeout: 60_000 });
    expect(await iteration(again)).toBeGreaterThanOrEqual(5);
    await expect(hero(again)).toContainText('Finished', { timeout: 90_000 });
    const resumed = await everything(again);
    expect(resumed.metrics).toHaveLength(12 + 5);

    await press(again, 'r');
    await press(again, 'Space');
    await expect(hero(again)).toContainText('Finished', { timeout: 90_000 });
    expect(await everything(again)).toEqual(resumed);

    await press(again, 'u');
    await expect(rows(again)).toHaveCount(2);
    await expect(rows(again).filter({ hasText: 'finished, 12 iterations' })).toHaveCount(2);
  } finally {
    // A browser that still runs would write into the folder while it is removed.
    await open?.close().catch(() => {});
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

test('runs are listed, named, exported, deleted and brought back; a second tab only reads', async ({
  page,
}) => {
  await page.goto(`${quick(['bw'], { iterations: 200 })}&open=runs`);
  await expect(hero(page)).toContainText('Ready');
  await expect(panel(page)).toContainText('None yet', { timeout: 60_000 });
  await press(page, 'Space');
  await reach(page, 5);
  await press(page, 'Space');
  await expect(rows(page)).toContainText(/BW.*of 200 iterations, on the page/s);
  await expect(rows(page)).toContainText('prompts per iteration 6');

  await page.getByRole('button', { name: 'More for BW' }).click();
  await page.getByRole('menuitem', { name: 'Name and note' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Best and worst');
  await page.getByRole('textbox', { name: 'Note' }).fill('for Monday');
  await page.getByRole('textbox', { name: 'Note' }).press('Enter');
  await expect(rows(page)).toContainText('for Monday');
  await expect(page.getByRole('region', { name: 'Arms' })).toContainText('Best and worst');

  const other = await page.context().newPage();
  await other.goto('./#open=runs');
  await expect(rows(other)).toContainText('open in another tab');
  await other.getByRole('button', { name: 'Show Best and worst' }).click();
  await expect(other.getByText(/read-only, as it was at iteration/)).toBeVisible();
  await expect(other.getByRole('region', { name: 'Arms' })).toContainText('Best and worst');
  await expect(other.getByRole('list', { name: /Responses in order of reward/ })).toBeVisible();
  await other.getByRole('button', { name: 'More for Best and worst' }).click();
  await other.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(other.getByText(/was not deleted: another tab is writing it/)).toBeVisible();
  await other.close();

  await page.getByRole('button', { name: 'More for Best and worst' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^best-and-worst-seed-1-iteration-\d+\.filtrate-run$/);
  const file = readFileSync(await download.path());

  await page.getByRole('button', { name: 'More for Best and worst' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(rows(page)).toHaveCount(0);
  await panel(page).getByRole('button', { name: 'Bring back Best and worst' }).click();
  await expect(rows(page)).toHaveCount(1);

  const give = (name: string, buffer: Buffer) =>
    page.getByLabel('Import a run').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await give('cut.filtrate-run', file.subarray(0, file.length - 1000));
  await expect(page.getByRole('alert')).toContainText('cut.filtrate-run was not imported');
  await expect(rows(page)).toHaveCount(1);
  await give('whole.filtrate-run', file);
  await expect(rows(page)).toHaveCount(2);

  for (const colorScheme of ['light', 'dark'] as const) {
    // Without motion, so that no colour is caught half-way between the themes.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).include('main').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(', ')}`)).toEqual(
      [],
    );
  }

  // The imported run is nobody's yet: it opens beside the other and goes on.
  await panel(page).getByRole('button', { name: 'Open Best and worst' }).first().click();
  await expect(page.getByRole('region', { name: 'Arms' }).getByRole('listitem')).toHaveCount(2);
  await transport(page).getByRole('button', { name: 'Play' }).click();
  await expect(hero(page)).toContainText('Live', { timeout: 60_000 });
});

test('a full disk is told, and costs nothing that was saved', async ({ page, baseURL }) => {
  // Room for rows, not for the snapshot after the fifth iteration. Browsers look at the quota when storage is opened.
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(baseURL!);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_500_000 });
  await page.goto(`${quick(['bw'], { iterations: 7 })}&open=runs`);
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await expect(hero(page)).toContainText('Finished', { timeout: 90_000 });
  await expect(page.getByRole('alert').filter({ hasText: 'Saving stopped' })).toContainText('no room left');
  await page.reload();
  await expect(rows(page)).toContainText('5 of 7 iterations');
  await panel(page).getByRole('button', { name: 'Open BW' }).click();
  await expect.poll(async () => (await everything(page)).metrics.length).toBe(5 + 1);
});
