/** Experiments in the page: the same numbers as from a script, errors that name the field, nothing lost by a reload. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { planFile, planText, runFolder } from '../src/lab/studies/studyFiles.ts';
import { somePlan, someRuns } from '../src/lab/studies/testing/someStudy.ts';
import { faults } from './support/access.ts';
import { expect, hero, press, quick, test } from './support/journey.ts';

/** Small enough that a run takes a second. */
const small = {
  prompts: 6,
  responses: 4,
  minibatches: 2,
  pool: 20,
  evaluateEvery: 2,
  evaluationSamples: 1,
  iterations: 2,
};
const spec = (change: object = {}) => ({ arms: ['ppo-m', 'bw'], seeds: 2, settings: small, ...change });

const panel = (page: Page) => page.locator('[data-part="panel-experiments"]');
const button = (page: Page, name: string | RegExp) => panel(page).getByRole('button', { name });
const run = (page: Page, name: string) => panel(page).getByRole('button', { name: new RegExp(`^${name}: `) });

async function write(page: Page, input: object): Promise<void> {
  const json = panel(page).getByRole('textbox', { name: 'The spec as JSON' });
  if (!(await json.isVisible())) await panel(page).getByText('As JSON').click();
  await json.fill(JSON.stringify(input));
}

/** The file that a button of the panel gives. */
async function file(page: Page, name: string): Promise<string> {
  const downloading = page.waitForEvent('download');
  await button(page, name).click();
  return readFileSync(await (await downloading).path(), 'utf8');
}

const finished = (page: Page) =>
  expect(
    panel(page)
      .getByRole('status')
      .filter({ hasText: /^Finished/ }),
  ).toBeVisible({ timeout: 120_000 });

/** What the automation surface computes for a spec: rows as lines, and the table. */
const scripted = (page: Page, input: object) =>
  page.evaluate(async (given) => {
    const experiment = window.filtrate.experiment(given as never, { keepSamples: false });
    experiment.start();
    await experiment.done;
    const rows = experiment.records().flatMap(({ name, seed, iterations, evaluations }) => [
      ...iterations.map(({ iteration, metrics }) => ({
        arm: name,
        seed,
        kind: 'iteration',
        iteration,
        metrics,
      })),
      ...evaluations.map(({ iteration, metrics }) => ({
        arm: name,
        seed,
        kind: 'evaluation',
        iteration,
        metrics,
      })),
    ]);
    return { rows, summary: experiment.summary(), ends: experiment.runs.map((each) => each.endedBy) };
  }, input);

/** Every number of `lines` stands in the row of the script, and no row is missing. */
function expectSame(lines: string, { rows }: Awaited<ReturnType<typeof scripted>>): void {
  const shown = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(shown).toHaveLength(rows.length);
  for (const { arm, seed, kind, step, data } of shown) {
    const same = rows.find(
      (row) => row.arm === arm && row.seed === seed && row.kind === kind && row.iteration === step,
    );
    expect(Object.keys(data).length).toBeGreaterThan(2);
    expect(same?.metrics, `${arm}, seed ${seed}, ${kind} ${step}`).toMatchObject(data);
  }
}

/** As many as one likes: FILTRATE_ARMS=ppo-s,ppo-m,bon,br,bw,rand2 FILTRATE_SEEDS=1,2,3 */
const arms = (process.env.FILTRATE_ARMS ?? 'ppo-m,bw').split(',');
const seeds = (process.env.FILTRATE_SEEDS ?? '3,5').split(',');

test('the arms of the page over seeds give the numbers of a script and of the command', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto(`${quick(arms, { ...small, beta: 0.3 })}&open=experiments&engine=simd`);
  await expect(hero(page)).toContainText('Ready');
  expect(await faults(page, { place: '[data-part="panel-experiments"]' })).toEqual([]);
  await button(page, 'Take the arms on the page').click();
  await panel(page).getByRole('textbox', { name: 'Seeds' }).fill(seeds.join(', '));
  await panel(page).getByRole('combobox', { name: 'Engine' }).selectOption('simd');
  const runs = arms.length * seeds.length;
  await expect(panel(page).getByText(`${runs} runs, ${2 * runs} iterations in all.`)).toBeVisible();
  await panel(page).getByRole('textbox', { name: 'Name' }).fill('On the page');
  await button(page, 'Start').click();
  await expect(panel(page).getByRole('heading', { name: 'Experiment: On the page' })).toBeVisible();
  await finished(page);
  await expect(run(page, `BW, seed ${seeds.at(-1)}`)).toHaveAccessibleName(/: finished, 2 of 2$/);

  const lines = await file(page, 'Every number (JSON lines)');
  const specText = await file(page, 'Spec (JSON)');
  const computed = await scripted(page, JSON.parse(specText));
  expectSame(lines, computed);
  const summary = JSON.parse(await file(page, 'Summary (JSON)'));
  expect(summary.summary).toEqual(computed.summary);
  expect(summary.runs.map((each: { endedBy: string }) => each.endedBy)).toEqual(computed.ends);

  const folder = mkdtempSync(join(tmpdir(), 'experiment-page-'));
  try {
    writeFileSync(join(folder, 'spec.json'), specText);
    const command = ['--import', 'tsx', 'scripts/experiment.ts', join(folder, 'spec.json')];
    await promisify(execFile)(process.execPath, [...command, '--out', join(folder, 'out'), '--no-rollouts']);
    expect(readFileSync(join(folder, 'out/metrics.jsonl'), 'utf8')).toBe(lines);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is wrong in form or JSON is named, and nothing starts', async ({ page }) => {
  await page.goto('./#open=experiments');
  const issues = panel(page).getByRole('alert');
  const start = button(page, 'Start');
  await expect(start).toHaveAttribute('aria-disabled', 'false');
  await panel(page).getByRole('textbox', { name: 'Iterations' }).fill('many');
  await expect(issues).toContainText('settings.iterations iterations must be a whole number from 1 to 1000');
  await expect(panel(page).getByRole('textbox', { name: 'Iterations' })).toHaveAttribute(
    'aria-invalid',
    'true',
  );
  await expect(start).toHaveAttribute('aria-disabled', 'true');
  await start.press('Enter');
  await panel(page).getByRole('textbox', { name: 'Iterations' }).fill('4');
  await expect(issues).toHaveCount(0);

  await panel(page).getByText('Stop early').click();
  await panel(page).getByRole('checkbox', { name: 'A run ends on a plateau' }).check();
  await panel(page).getByRole('textbox', { name: 'that gain no more than' }).fill('7');
  await expect(issues).toContainText('stop.plateau.gain must be a number from 0 to 1, and is 7.');

  await write(page, { arms: ['rand3', { method: 'bw', beta: 9 }], seeds: 0, stopp: 1 });
  await expect(issues).toContainText('There is no field "stopp"; did you mean stop?');
  await expect(issues).toContainText('seeds must be how many (1 to 1000)');
  await write(page, { arms: ['rand3', { method: 'bw', beta: 9 }] });
  await expect(issues).toContainText('arms[0] There is no method "rand3"; did you mean rand2?');
  await expect(issues).toContainText('arms[1].beta beta must be a number from 0 to 5, and is 9.');
  await panel(page).getByRole('textbox', { name: 'The spec as JSON' }).fill('{"arms": [');
  await expect(issues).toContainText('This is no spec yet');
  await start.press('Enter');
  await expect(panel(page).getByRole('heading', { name: 'New experiment' })).toBeVisible();
  await expect(panel(page).getByText('None yet.')).toBeVisible();

  // The form follows the JSON once it can be read.
  await write(page, spec());
  await expect(issues).toHaveCount(0);
  await expect(panel(page).getByRole('textbox', { name: 'Seeds' })).toHaveValue('2');
  await button(page, 'Leave out BW').click();
  await panel(page).getByRole('combobox', { name: 'Add an arm' }).selectOption('br');
  await expect(panel(page).getByRole('textbox', { name: 'The spec as JSON' })).toHaveValue(/"ppo-m",\s+"br"/);
});

/** A file let go over a place, as the page sees it. False when nothing but the browser would have taken it. */
async function dropFile(page: Page, place: Locator, name: string, content: string): Promise<boolean> {
  const dataTransfer = await page.evaluateHandle(
    ([name, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], name));
      return data;
    },
    [name, content] as const,
  );
  await place.dispatchEvent('dragover', { dataTransfer });
  return place.evaluate(
    (element, dataTransfer) =>
      !element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })),
    dataTransfer,
  );
}

test('a spec that is dropped fills the form; a file with a fault is named and costs nothing', async ({
  page,
}) => {
  await page.goto('./#open=experiments');
  const form = panel(page).getByRole('form', { name: 'New experiment' });
  const refused = form.getByRole('alert');
  const seedsField = form.getByRole('textbox', { name: 'Seeds' });
  await seedsField.fill('7, 9');

  const faulty = JSON.stringify({ arms: ['bw', { method: 'br', beta: 9 }], stop: { plateu: 1 } });
  for (const [name, content, ...texts] of [
    [
      'faulty.json',
      faulty,
      'faulty.json was not taken',
      'faulty.json: arms[1].beta beta must be a number from 0 to 5, and is 9.',
      'faulty.json: stop.plateu There is no stop rule "plateu"; did you mean plateau?',
    ],
    ['cut.json', '{"arms": ["bw"],\n "seeds": ', 'cut.json is no spec'],
    ['rows.jsonl', '{"arms": 1}\n{"arms": 2}', 'rows.jsonl is no spec', 'line 2'],
  ] as const) {
    expect(await dropFile(page, seedsField, name, content)).toBe(true);
    for (const text of texts) await expect(refused).toContainText(text);
    await expect(refused).toContainText('The form stays as it was.');
    await expect(seedsField).toHaveValue('7, 9');
    await expect(button(page, 'Start')).toHaveAttribute('aria-disabled', 'false');
  }
  await expect(refused.getByRole('listitem')).toHaveCount(1);

  const good = spec({ arms: ['bw', 'br'], seeds: [4, 5], stop: { plateau: { evaluations: 2, gain: 1 } } });
  expect(await dropFile(page, form, 'good.json', `\ufeff${JSON.stringify(good)}`)).toBe(true);
  await expect(refused).toHaveCount(0);
  await expect(seedsField).toHaveValue('4, 5');
  await expect(button(page, 'Leave out BR')).toBeVisible();
  await expect(form.getByText('2 arms × 2 seeds: 4 runs, 8 iterations in all at most.')).toBeVisible();
  await button(page, 'Start').click();
  await finished(page);
  await expect(run(page, 'BR, seed 5')).toHaveAccessibleName(/: finished, 2 of 2$/);

  // Beside the form a file is not taken, and does not replace the page either.
  const elsewhere = page.getByRole('heading', { level: 1 });
  expect(await dropFile(page, elsewhere, 'good.json', JSON.stringify(spec()))).toBe(true);
  await expect(panel(page).getByRole('heading', { name: 'Experiment: BW, BR × 2 seeds' })).toBeVisible();
});

test('a study opens from its folder and from its file; what is none says what it is, and a spec goes into the form', async ({
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'filtrate-study-'));
  const runs = someRuns(['learned', 'tests'], ['PPO-M', 'BW'], 3);
  const plan = somePlan(runs);
  mkdirSync(join(folder, runFolder));
  writeFileSync(join(folder, planFile), planText(plan));
  for (const run of runs.slice(1))
    writeFileSync(join(folder, runFolder, `${run.id}.json`), JSON.stringify(run));
  writeFileSync(join(folder, runFolder, 'strange.json'), '{}');
  const spec = join(folder, 'grid.json');
  writeFileSync(spec, JSON.stringify({ ...plan.spec, arms: ['ppo-m', 'bw'], seeds: 2, settings: small }));

  await page.goto('./#open=experiments');
  const studies = panel(page).getByRole('region', { name: 'Studies' });
  const one = studies.getByLabel('Open a study');
  await one.setInputFiles(spec);
  await expect(studies.getByRole('alert')).toContainText('grid.json is a spec: it says what to run');
  await one.setInputFiles(join(folder, planFile));
  await expect(studies.getByRole('alert')).toHaveText(/^plan\.json is no merged study: it is the list/);
  await one.setInputFiles(spec);
  await button(page, 'Put it into the form').click();
  await expect(panel(page).getByText('In each of these cells: learned; tests.')).toBeVisible();

  await studies.getByLabel('Open a folder').setInputFiles(folder);
  const told = panel(page).getByRole('status').getByRole('listitem');
  await expect(told).toHaveText([
    /strange\.json is no run of a study: it was not written by Filtrate\. It is left out\.$/,
    '1 run of 12 is missing: learned: PPO-M, seed 1.',
  ]);
  await expect(panel(page).getByText('11 of 12 runs; simd (WASM SIMD)')).toBeVisible();
  rmSync(folder, { recursive: true });
});

test('an experiment that is cut off by a reload, and then stopped, ends with the numbers of one that was not', async ({
  page,
}) => {
  const input = spec({
    arms: ['bw'],
    settings: { ...small, iterations: 14 },
    concurrency: 1,
    backend: 'simd',
  });
  await page.goto('./#open=experiments');
  await write(page, input);
  await button(page, 'Start').click();
  // Past its first snapshot.
  await expect(run(page, 'BW, seed 1')).toHaveAccessibleName(/running, ([6-9]|1\d) of 14|finished/, {
    timeout: 90_000,
  });
  await page.reload();
  await expect(page.getByText('was not finished when the page closed')).toBeVisible();
  // Nothing else is offered: its runs go on with it.
  await expect(page.getByText('Last time not finished')).toHaveCount(0);
  await page.getByRole('button', { name: 'Go on with the experiment' }).click();
  await expect(run(page, 'BW, seed 2')).toHaveAccessibleName(/running, [1-9]/, { timeout: 90_000 });
  await button(page, 'Pause').click();
  await expect(panel(page).getByRole('status').filter({ hasText: 'Paused' })).toBeVisible();
  await button(page, 'Stop, keep what is done').click();
  await expect(panel(page).getByRole('status').filter({ hasText: 'Not finished' })).toBeVisible();
  await expect(run(page, 'BW, seed 2')).toHaveAccessibleName(/stopped, [1-9]\d* of 14/);

  await page.reload();
  await button(page, /^Show BW × 2 seeds/).click();
  await expect(run(page, 'BW, seed 1')).toHaveAccessibleName('BW, seed 1: finished, 14 of 14');
  await button(page, 'Go on').click();
  await finished(page);
  expectSame(await file(page, 'Every number (JSON lines)'), await scripted(page, input));
});

test('stop rules end runs where they say, with a look at the end', async ({ page }) => {
  await page.goto('./#open=experiments');
  const settings = { ...small, iterations: 12, evaluateEvery: 3 };
  // No look gains more than everything, so the second ends the run; the budget is a matter of the first iteration.
  await write(
    page,
    spec({ settings, arms: ['bw'], seeds: 1, stop: { plateau: { evaluations: 2, gain: 1 } } }),
  );
  await button(page, 'Start').click();
  await finished(page);
  await expect(run(page, 'BW, seed 1')).toHaveAccessibleName('BW, seed 1: finished, 6 of 12: on a plateau');
  const budget = await scripted(page, spec({ settings, seeds: 1, stop: { updateTokens: 2000 } }));
  expect(budget.ends).toEqual(['updateTokens', 'updateTokens']);
  for (const arm of ['PPO-M', 'BW']) {
    const own = budget.rows.filter((row) => row.arm === arm);
    const last = own.filter((row) => row.kind === 'iteration').at(-1)!;
    expect(last.metrics.updateTokens).toBeGreaterThanOrEqual(2000);
    expect(last.iteration).toBeLessThan(12);
    expect(own.filter((row) => row.kind === 'evaluation').at(-1)!.iteration).toBe(last.iteration);
  }
  // By time: what was computed is kept, and there is nothing left to go on with. The clock goes on once there is an
  // iteration to keep, in leaps that are not yet taken for the sleep of a machine.
  await button(page, 'All experiments').click();
  const long = { ...settings, iterations: 500 };
  await write(page, spec({ settings: long, arms: ['bw'], seeds: 1, stop: { seconds: 600 } }));
  await button(page, 'Start').click();
  await expect(run(page, 'BW, seed 1')).toHaveAccessibleName(/running, [1-9]\d* of 500/, { timeout: 90_000 });
  await expect(async () => {
    await page.evaluate(() => {
      const now = performance.now.bind(performance);
      performance.now = () => now() + 50_000;
    });
    await expect(panel(page).getByRole('status').filter({ hasText: 'Its time is up' })).toBeVisible({
      timeout: 500,
    });
  }).toPass({ timeout: 90_000 });
  await expect(run(page, 'BW, seed 1')).toHaveAccessibleName(/stopped, [1-9]\d* of 500/);
  await expect(button(page, 'Go on')).toHaveCount(0);
});

test('runs are compared, opened, hidden and deleted, and no other number changes', async ({ page }) => {
  await page.goto('./#open=experiments,runs');
  await write(page, spec());
  await button(page, 'Start').click();
  await finished(page);
  expect(await faults(page, { place: '[data-part="panel-experiments"]' })).toEqual([]);
  const board = panel(page).getByRole('region', { name: 'Leaderboard: table' });
  const row = (arm: string) =>
    board.getByRole('row').filter({ has: page.getByRole('rowheader', { name: arm }) });
  const before = { ppo: await row('PPO-M').innerText(), bw: await row('BW').innerText() };
  await expect(board).toContainText('minus PPO-M');
  expect(before.bw).toContain('two seeds cannot tell');
  await expect(panel(page).getByText('Two seeds cannot tell BW from PPO-M')).toBeVisible();

  await button(page, 'Leave PPO-M out of the curves').click();
  await expect(panel(page).getByRole('list', { name: 'Arms' })).toHaveText('BW');
  expect(await row('PPO-M').innerText()).toBe(before.ppo);
  expect(await row('BW').innerText()).toBe(before.bw);
  await button(page, 'Leave PPO-M out of the curves').click();

  await panel(page).getByRole('combobox', { name: 'Baseline' }).selectOption('BW');
  await expect(board).toContainText('minus BW');
  await panel(page).getByRole('checkbox', { name: 'minus BW, paired by seed' }).check();
  await expect(panel(page).getByRole('figure', { name: 'Held-out pass rate, minus BW' })).toBeVisible();
  await panel(page).getByRole('checkbox', { name: 'minus BW, paired by seed' }).uncheck();
  await panel(page).getByRole('combobox', { name: 'Baseline' }).selectOption('PPO-M');

  for (const name of ['PPO-M, seed 1', 'BW, seed 1']) {
    await run(page, name).click();
    await page.getByRole('menuitem', { name: 'Compare with another' }).click();
  }
  const words = panel(page).getByRole('region', { name: 'Two runs in words' });
  await expect(words).toContainText('Filter: PPO-M against BW');
  await expect(words).toContainText(/Update tokens: [\d,]+ against [\d,]+ \(\d+ %\)/);

  await run(page, 'PPO-M, seed 2').click();
  await page.getByRole('menuitem', { name: 'Delete it, and its numbers' }).click();
  await expect(
    panel(page).getByText('One run was deleted: its numbers are in none of the means'),
  ).toBeVisible();
  await expect(row('PPO-M')).toContainText('PPO-M1');
  // Of BW only the difference is another, because one of its pairs is gone.
  await expect(panel(page).getByRole('figure', { name: 'N, runs behind each point' })).toBeVisible();
  const cells = async (arm: string) =>
    (await row(arm).getByRole('cell').allInnerTexts()).map((text) => text.trim());
  const after = await cells('BW');
  await page
    .getByRole('region', { name: 'Saved runs' })
    .getByRole('button', { name: /^Bring back/ })
    .click();
  await expect(panel(page).getByText('One run was deleted')).toHaveCount(0);
  await expect.poll(() => row('PPO-M').innerText()).toBe(before.ppo);
  const whole = await cells('BW');
  expect(after.filter((_, i) => i !== 3 && i !== after.length - 1)).toEqual(
    whole.filter((_, i) => i !== 3 && i !== whole.length - 1),
  );

  // In the list of saved runs they stand together, folded.
  const saved = page.getByRole('region', { name: 'Saved runs' });
  await expect(saved.getByText('4 runs, 4 finished')).toBeVisible();
  await expect(saved.getByRole('button', { name: 'Show BW' })).toHaveCount(0);
  await run(page, 'BW, seed 2').click();
  await page.getByRole('menuitem', { name: 'Open on the page as an arm' }).click();
  await expect(page.getByRole('region', { name: 'Arms', exact: true })).toContainText('BW');
  await expect(hero(page).first()).toContainText('Finished');

  await button(page, 'All experiments').click();
  await button(page, /^Delete PPO-M, BW × 2 seeds/).click();
  await button(page, 'Delete PPO-M, BW × 2 seeds with its runs').click();
  await expect(panel(page).getByText('None yet.')).toBeVisible();
  await expect(saved.getByText('4 runs, 4 finished')).toHaveCount(0);
  await saved.getByRole('button', { name: /^Bring back/ }).click();
  await button(page, /^Show PPO-M, BW/).click();
  await expect.poll(() => row('PPO-M').innerText()).toBe(before.ppo);
  await press(page, 'e');
  await expect(panel(page)).toHaveCount(0);
});
