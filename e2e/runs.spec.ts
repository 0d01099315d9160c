/** Runs that last: killed, resumed to the same numbers, deleted and brought back, never written by two tabs. */
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { locateBrowser, quietFlags } from '../scripts/headless/browsers.ts';
import { stream } from '../src/core/random.ts';
import { faults } from './support/access.ts';
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

/** How often the browser is killed; each time at another point of a run. `FILTRATE_KILLS=20` takes some ten minutes. */
const kills = Number(process.env.FILTRATE_KILLS ?? 4);
/** The points are drawn from it; given again, they are the same. */
const killSeed = Number(process.env.FILTRATE_KILL_SEED ?? Date.now() % 100_000);

test('a run whose browser is killed, wherever it is, resumes to the numbers of one that was not', async ({
  baseURL,
}) => {
  test.setTimeout(60_000 + kills * 60_000);
  const folder = mkdtempSync(join(tmpdir(), 'filtrate-runs-'));
  const iterations = 8;
  const address = quick(['bw'], { iterations, evaluateEvery: 3 });
  const rng = stream(killSeed, 'kills');
  const points: string[] = [];
  /** Runs that are stored and finished. */
  let runs = 1;
  let open: BrowserContext | null = null;
  const visit = async (link: string): Promise<Page> => {
    open = await launch(folder, baseURL!);
    const page = await open.newPage();
    await page.goto(link);
    return page;
  };
  /** Waits for a point of the run that nobody chose, and kills the browser there. */
  const killSomewhere = async (page: Page, after: number): Promise<void> => {
    const at = after + rng.int(iterations - 1 - after);
    const wait = Math.floor(rng.uniform() * 1200);
    points.push(`${at} + ${wait} ms`);
    await reach(page, at);
    await page.waitForTimeout(wait);
    await kill(open!, folder);
  };
  /** Goes on with what the crash left, which is offered, or looks at it when the crash came after its end. */
  const resume = async (link: string): Promise<Page> => {
    const page = await visit(`${link}&open=runs`);
    const offer = page.getByText(/Last time not finished: BW \(\d+ of 8\)/);
    await expect(rows(page)).toHaveCount(runs + 1, { timeout: 60_000 });
    const ended = (await rows(page).first().innerText()).includes('finished, 8 iterations');
    if (ended) await rows(page).first().getByRole('button', { name: 'Show BW' }).click();
    else {
      await expect(offer).toBeVisible({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Resume' }).first().click();
    }
    return page;
  };
  try {
    const undisturbed = await visit(address);
    await expect(hero(undisturbed)).toContainText('Ready');
    await press(undisturbed, 'Space');
    await expect(hero(undisturbed)).toContainText('Finished', { timeout: 90_000 });
    const expected = await everything(undisturbed);
    expect(expected.metrics).toHaveLength(iterations + 4);
    await open!.close();

    for (let left = kills; left > 0; runs++) {
      // Calm, so that there is a run to kill however fast the machine is.
      const page = await visit(`${address}&pace=calm`);
      await expect(hero(page)).toContainText('Ready');
      await press(page, 'Space');
      await killSomewhere(page, 1);
      left--;
      // Some are killed once more while they go on.
      if (left > 0 && rng.uniform() < 0.3) {
        const again = await resume(`${address}&pace=calm`);
        await killSomewhere(again, Math.min(iterations - 2, await iteration(again)));
        left--;
      }
      const resumed = await resume(address);
      await expect(hero(resumed)).toContainText('Finished', { timeout: 90_000 });
      expect(await everything(resumed), `seed ${killSeed}, killed at ${points.join(', ')}`).toEqual(expected);
      if (left === 0) {
        await expect(rows(resumed).filter({ hasText: 'finished, 8 iterations' })).toHaveCount(runs + 1);
        await expect(rows(resumed)).toHaveCount(runs + 1);
      }
      await open!.close();
    }
  } finally {
    console.log(`killed ${points.length} times (FILTRATE_KILL_SEED=${killSeed}): ${points.join(', ')}`);
    // A browser that still runs would write into the folder while it is removed.
    await (open as BrowserContext | null)?.close().catch(() => {});
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
  await page.getByRole('menuitem', { name: 'Export as a file' }).click();
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

  expect(await faults(page, { place: '[data-part="panel-runs"]' })).toEqual([]);

  // The imported run is nobody's yet: it opens beside the other and goes on.
  await panel(page).getByRole('button', { name: 'Open Best and worst' }).first().click();
  await expect(page.getByRole('region', { name: 'Arms' }).getByRole('listitem')).toHaveCount(2);
  await transport(page).getByRole('button', { name: 'Play', exact: true }).click();
  await expect(hero(page)).toContainText('Live', { timeout: 60_000 });
});

/** A page whose browser grants so much room, and what grants more. */
async function small(page: Page, baseURL: string, quotaSize: number) {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(baseURL);
  const grant = (quotaSize: number) => session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  await grant(quotaSize);
  return { grant };
}

const noRoom = (page: Page) => page.getByRole('alert').filter({ hasText: 'no room left' });

for (const quota of [1_000_000, 1_500_000, 2_200_000]) {
  test(`a disk that is full at ${quota} bytes is told, and costs nothing that was saved`, async ({
    page,
    baseURL,
  }) => {
    // Too little for the snapshot after the fifth iteration.
    await small(page, baseURL!, quota);
    await page.goto(`${quick(['bw'], { iterations: 7 })}&open=runs`);
    await expect(hero(page)).toContainText('Ready');
    await press(page, 'Space');
    await expect(hero(page)).toContainText('Finished', { timeout: 90_000 });
    await expect(noRoom(page)).toContainText(/Saving BW stopped at iteration \d/);
    await expect(rows(page)).toContainText('Not saved beyond iteration');
    await page.reload();
    await expect(rows(page)).toContainText('of 7 iterations');
    const [, saved] = /(\d) of 7/.exec(await rows(page).innerText())!;
    expect(Number(saved)).toBeGreaterThanOrEqual(1);
    await panel(page).getByRole('button', { name: 'Open BW' }).click();
    // A row per iteration, and the look at the start.
    await expect
      .poll(async () => (await everything(page)).metrics.length)
      .toBeGreaterThanOrEqual(Number(saved) + 1);
    // It goes on as well, and still costs nothing.
    await press(page, 'Space');
    await expect(hero(page)).toContainText('Finished', { timeout: 90_000 });
    await page.reload();
    await expect(rows(page)).toContainText(new RegExp(`[${saved}-7] of 7`));
  });
}

test('what a full disk refused is saved once there is room, and room is made by what is missed least', async ({
  page,
  baseURL,
}) => {
  const { grant } = await small(page, baseURL!, 1_500_000);
  await page.goto(`${quick(['bw'], { iterations: 7 })}&open=runs`);
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await expect(hero(page)).toContainText('Finished', { timeout: 90_000 });
  await expect(noRoom(page)).toBeVisible();
  await grant(50_000_000);
  await panel(page).getByRole('button', { name: 'Try to save again' }).click();
  await expect(page.getByText('BW is saved whole')).toBeVisible();
  await expect(rows(page)).toContainText('finished, 7 iterations');
  const whole = await everything(page);
  await page.reload();
  await panel(page).getByRole('button', { name: 'Show BW' }).click();
  await expect.poll(() => everything(page)).toEqual(whole);

  await panel(page).getByRole('button', { name: 'Make room' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make room' });
  await expect(dialog).toContainText(/Samples:.*BW, seed 1.*Weights:/s);
  expect(await faults(page, { place: '[role="dialog"]' })).toEqual([]);
  await dialog.getByRole('button', { name: /^Free \d/ }).click();
  await expect(page.getByText('Deleted: the samples and weights of BW.')).toBeVisible();
  await page.reload();
  await panel(page).getByRole('button', { name: 'Show BW' }).click();
  await expect(page.getByText('The samples of iteration 7 were not kept, only its numbers.')).toBeVisible();
  const bare = await everything(page);
  expect(bare.metrics).toEqual(whole.metrics);
});

test('every deletion can be brought back, the last one first', async ({ page }) => {
  await page.goto(`${quick(['bw', 'ppo-m'], { iterations: 2 })}&open=runs`);
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await expect(hero(page)).toContainText('Finished', { timeout: 90_000 });
  await expect(rows(page)).toHaveCount(2);
  for (const name of ['BW', 'PPO-M']) {
    await page.getByRole('button', { name: `More for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(page.getByText(`Deleted: ${name}.`)).toBeVisible();
  }
  await expect(rows(page)).toHaveCount(0);
  await expect(panel(page)).toContainText('2 deletions can be brought back');
  await panel(page).getByRole('button', { name: 'Bring back PPO-M' }).click();
  await expect(rows(page)).toHaveCount(1);
  await panel(page).getByRole('button', { name: 'Bring back BW' }).click();
  await expect(rows(page)).toHaveCount(2);
});
