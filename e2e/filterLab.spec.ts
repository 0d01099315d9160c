/** The filter lab on a trainer's own file, and from there to a new arm. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { stream } from '../src/core/random.ts';
import { faults } from './support/access.ts';
import { expect, hero, open, quick, onePage as test } from './support/journey.ts';

/** A rollout dump of verl: 60 prompts, five responses each, a reward that knows something, and two bad lines. */
function verlFile(): string {
  const rng = stream(1, 'verl file');
  const lines: string[] = [];
  for (let prompt = 0; prompt < 60; prompt++) {
    for (let sample = 0; sample < 5; sample++) {
      const acc = rng.uniform() < 0.45 ? 1 : 0;
      const score = Math.tanh((acc ? 0.4 : -0.3) + 0.5 * rng.normal());
      lines.push(
        JSON.stringify({
          input: `Prompt ${prompt}`,
          output: `return ${rng.int(10)}`,
          gts: '',
          score,
          acc,
          step: 10,
        }),
      );
    }
  }
  return [
    ...lines,
    '{"input": "cut o',
    JSON.stringify({ input: 'x', output: 'y', score: null, step: 10 }),
    '',
  ].join('\n');
}

const lab = (page: Page): Locator => page.getByRole('region', { name: 'Filter lab' });
/** Rows that the edited filter keeps. */
const kept = async (page: Page) => Number.parseInt(await lab(page).getByTestId('kept').innerText(), 10);

async function openLab(page: Page): Promise<Locator> {
  await open(page, `${quick(['bw'])}&open=filters`);
  await expect(hero(page)).toContainText('Ready');
  return lab(page);
}

async function openFile(page: Page): Promise<Locator> {
  const panel = await openLab(page);
  await panel.getByText('Your own rollouts').click();
  await panel.getByLabel('Choose rollout files').setInputFiles({
    name: '10.jsonl',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(verlFile()),
  });
  await expect(panel.getByText('verl rollout dump (legacy trainer)')).toBeVisible();
  await panel.getByRole('button', { name: 'Read the file' }).click();
  await expect(panel.getByText('300 rows', { exact: true })).toBeVisible();
  return panel;
}

test('a dropped verl file is mapped, read, compared, and leaves as a verl plugin', async ({ page }) => {
  const panel = await openFile(page);
  await expect(panel.getByTitle('As many as most groups of the file have')).toContainText('5');
  await expect(panel).toContainText('2 rows dropped');
  await panel.getByText('Dropped rows and why').click();
  await expect(panel.getByText(/line 301/)).toBeVisible();

  await panel.getByRole('radio', { name: 'BW', exact: true }).check();
  expect(await kept(page)).toBe(120);
  const row = panel.getByRole('row', { name: /^BW / });
  await expect(row).toContainText(/0\.\d{3}.*0\.\d\d … 0\.\d\d/, { timeout: 30_000 });
  await expect(row).toContainText('40 %');
  await expect(panel.getByText(/has the highest R² per response/)).toBeVisible({ timeout: 30_000 });

  await panel.getByText(/^Take it away/).click();
  await expect(panel.getByRole('region', { name: 'filtrate_verl.py' })).toContainText('register_adv_est');
  await expect(panel.getByRole('region', { name: 'pyproject.toml' })).toContainText('verl.plugins');
  const legacy = panel.getByRole('region', { name: 'filtrate_verl_legacy.sh' });
  await expect(legacy).toContainText('use_pf_ppo=True');
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Kept rows as JSONL' }).click();
  const stream = await (await download).createReadStream();
  let text = '';
  for await (const chunk of stream) text += chunk;
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(120);
  expect(new Set(rows.map((each) => each.rank))).toEqual(new Set([1, 5]));
});

/** Three steps, 12 prompts of four: where all fail, the shaping of the reward still tells them apart. */
function shapedFile(): string {
  const rng = stream(2, 'shaped');
  const rows = Array.from({ length: 3 * 12 * 4 }, (_, i) => {
    const prompt = Math.floor(i / 4) % 12;
    const outcome = prompt % 2 === 0 && rng.uniform() < 0.5 ? 1 : 0;
    return {
      step: Math.floor(i / 48),
      prompt_id: `p${prompt}`,
      sample: i % 4,
      prompt: `Prompt ${prompt}`,
      response: `answer ${i}`,
      reward: 0.7 * outcome + 0.3 * rng.uniform(),
      outcome,
      score: outcome,
    };
  });
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

test('phantom groups are warned of, and a prompt filter on the truth drops them before BW; steps and discarded rows are looked at', async ({
  page,
}) => {
  const panel = await openLab(page);
  await panel.getByText('Your own rollouts').click();
  await panel.getByLabel('Choose rollout files').setInputFiles({
    name: 'shaped.jsonl',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(shapedFile()),
  });
  await panel.getByRole('button', { name: 'Read the file' }).click();
  const phantoms = panel.getByRole('region', { name: 'Phantom groups' });
  await expect(phantoms).toContainText('filter on the outcome instead', { timeout: 60_000 });
  await phantoms.getByText('What each prompt filter does with them').click();
  const contrast = phantoms.getByRole('row', { name: /^Contrast/ });
  await expect(contrast).toContainText('36 of 36');
  await panel.getByLabel('Which prompts').selectOption('Contrast');
  await expect.poll(() => kept(page)).toBe(72);
  await panel.getByLabel('Filter on').selectOption('the true score');
  await expect.poll(() => kept(page)).toBeLessThan(40);
  await expect(contrast.getByRole('cell').last()).toContainText(/^0 of /, { timeout: 60_000 });

  const table = panel.getByRole('region', { name: 'Filters compared', exact: true });
  await expect(table.getByRole('row', { name: /^edited: Contrast, BW/ })).toBeVisible({ timeout: 60_000 });
  await expect(table.getByRole('row', { name: /^Negatives only/ })).toBeVisible({ timeout: 60_000 });
  await table.getByRole('button', { name: 'sign agreement', exact: true }).click();
  await expect(table.getByRole('row').nth(1)).toContainText('edited: Contrast, BW');
  await expect(table).toContainText('By sign agreement, edited: Contrast, BW is highest');

  await panel.getByText('Over the steps: does another filter become better?').click();
  await expect(panel.getByRole('figure', { name: 'Do the criteria agree?' })).toBeVisible({
    timeout: 60_000,
  });
  await panel.getByText('What is discarded, and why: Contrast, BW').click();
  const discarded = panel.getByRole('region', { name: /^Discarded responses/ });
  await expect(discarded).toContainText('its prompt has no contrast', { timeout: 60_000 });
  await discarded.focus();
  await page.keyboard.press('ArrowDown');
  await expect(panel.getByText(/^answer \d+$/)).toBeVisible();

  await panel.getByText(/^Take it away/).click();
  await expect(panel.getByText('give the module those numbers in place of the rewards')).toBeVisible();
  await expect(panel.getByRole('region', { name: 'pyproject.toml' })).toContainText('verl.plugins');
});

test('a threshold follows the mouse and the arrow keys, and can be taken back', async ({ page }) => {
  const panel = await openFile(page);
  await panel.getByRole('radio', { name: 'top-bott' }).check();
  const handle = panel.getByRole('slider', { name: 'Upper threshold' });
  const fit = panel.getByText(/^R² of all/);
  const [keptBefore, fitBefore] = [await kept(page), await fit.innerText()];

  await handle.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft');
  expect(await kept(page)).toBeGreaterThan(keptBefore);
  await expect(fit).not.toHaveText(fitBefore);

  const afterKeys = await kept(page);
  const box = (await handle.boundingBox())!;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + 40, middle.y, { steps: 8 });
  await page.mouse.up();
  expect(await kept(page)).toBeLessThan(afterKeys);

  await panel.getByRole('button', { name: 'Undo' }).click();
  expect(await kept(page)).toBe(afterKeys);
  await panel.getByRole('button', { name: 'Redo' }).click();
  expect(await kept(page)).toBeLessThan(afterKeys);
});

test('a filter function that loops is refused, one that works is compared', async ({ page }) => {
  const panel = await openFile(page);
  await panel.getByRole('radio', { name: 'custom' }).check();
  const editor = panel.getByRole('region', { name: 'Filter function' });
  await expect(editor.locator('.monaco-editor')).toBeVisible();
  const write = async (source: string) => {
    await editor.locator('.monaco-editor').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(source);
  };
  await write('function filter(rewards) { return rewards.map((r) => r; }');
  await expect(editor.getByRole('status')).toContainText('Line 1: Unexpected token', { timeout: 30_000 });
  await expect(editor.locator('.squiggly-error')).toBeVisible();

  await write('function filter(rewards) { return rewards.');
  await page.keyboard.type('l');
  const offered = page.locator('.suggest-widget');
  await expect(offered).toBeVisible();
  await expect(offered).toContainText('length');
  await page.keyboard.press('Enter');
  await expect(editor.locator('.view-lines')).toContainText('return rewards.length');
  await editor
    .locator('.view-lines span', { hasText: /^rewards$/ })
    .first()
    .hover();
  await expect(page.locator('.monaco-hover:visible').first()).toContainText('rewards: number[]');
  // Tab leaves the editor.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(editor.getByRole('button', { name: 'Run in the sandbox' })).toBeFocused();

  await write('function filter(rewards) { for (;;) {} }');
  await editor.getByRole('button', { name: 'Run in the sandbox' }).click();
  await expect(editor.getByRole('status')).toContainText(/refused.*loop/i, { timeout: 30_000 });
  await expect(editor.locator('.squiggly-error')).toBeVisible();
  // It outlives the check of the syntax, which comes a moment after the typing.
  await page.waitForTimeout(1000);
  await expect(editor.locator('.squiggly-error')).toBeVisible();

  await editor.getByRole('button', { name: 'best and worst' }).click();
  await editor.getByRole('button', { name: 'Run in the sandbox' }).click();
  await expect(editor.getByRole('status')).toContainText('It ran', { timeout: 30_000 });
  expect(await kept(page)).toBe(120);
  await expect(panel.getByRole('row', { name: /edited: custom/ })).toContainText('40 %', { timeout: 30_000 });
});

test('a filter function on very many responses runs on a sample, and the page says so beside what it shows', async ({
  page,
}) => {
  const rng = stream(4, 'many');
  const total = 100_000;
  const rows = Array.from({ length: total }, (_, i) => {
    const score = rng.uniform() < 0.5 ? 1 : 0;
    return `p${i >> 2},${(score + rng.normal()).toFixed(3)},${score}`;
  });
  const panel = await openLab(page);
  await panel.getByText('Your own rollouts').click();
  await panel.getByLabel('Choose rollout files').setInputFiles({
    name: 'many.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['prompt,reward,score', ...rows].join('\r\n')),
  });
  await panel.getByRole('button', { name: 'Read the file' }).click();
  await expect(panel.getByText(/^many\.csv: 100,000 responses\. What follows a drag/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(panel.getByTestId('kept')).toContainText('in the sample');

  await panel.getByRole('radio', { name: 'custom' }).check();
  const write = panel.getByRole('button', { name: 'Write a function instead' });
  if (await write.isVisible()) await write.click();
  const editor = panel.getByRole('region', { name: 'Filter function' });
  await editor.getByRole('button', { name: 'best and worst' }).click();
  await editor.getByRole('button', { name: 'Run in the sandbox' }).click();
  const status = editor.getByRole('status');
  await expect(status).toContainText(/^It ran on a sample: [\d,]+ of 100,000 responses/, { timeout: 60_000 });
  await expect(panel.getByText(/^A filter function is tried on the sample alone/)).toBeVisible();
  const sample = Number(/sample: ([\d,]+)/.exec(await status.innerText())![1].replaceAll(',', ''));
  expect(sample).toBeGreaterThan(50_000);
  expect(sample).toBeLessThan(70_000);
  // Two of four responses to every prompt of the sample.
  await expect(panel.getByTestId('kept')).toHaveText(
    `${(sample / 2).toLocaleString('en-GB')} of ${sample.toLocaleString('en-GB')} in the sample`,
  );
  await expect(panel.getByRole('row', { name: /^BW / })).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByRole('row', { name: /edited: custom/ })).toHaveCount(0);
  await panel.getByText(/^Take it away/).click();
  await expect(panel.getByRole('button', { name: 'Kept rows as JSONL' })).toBeDisabled();
});

/** Two problems as a pack: one with tests as data, one whose prompt is to be continued and whose tests are code. */
const pack = {
  format: 'filtrate-pack/1',
  name: 'two problems',
  licence: 'CC0',
  problems: [
    {
      id: 'double',
      entry: 'double',
      tests: [1, 2, 3].map((x) => ({ args: [x], expect: 2 * x })),
      golden: 'function double(x) { return 2 * x; }',
    },
    {
      id: 'negate',
      entry: 'negate',
      prompt: '// The number with the other sign.\nfunction negate(x) {\n',
      tests: [{ code: 'console.assert(negate(2) === -2); console.assert(negate(-3) === 3);' }],
      golden: '  return -x;\n}',
    },
  ],
};

/** Rollouts without a true score: 24 responses by name, 24 by the text of the prompt, 4 to a prompt of no problem. */
function scorelessFile(): string {
  const answers: Record<string, string[]> = {
    double: [
      'function double(x) { return x + x; }',
      'Sure:\n```js\nfunction double(x) {\n  return 2 * x;\n}\n```',
      'function double(x) { return x ** 2; }',
      'function double(x) { for (;;) {} }',
    ],
    'p 1': ['  return 0 - x;\n}', 'function negate(x) { return -x; }', '  return x;\n}', '  return -x'],
    'a riddle': ['42', '43', '44', '45'],
  };
  const rng = stream(1, 'scoreless file');
  const row = (step: number, name: string, sample: number) =>
    JSON.stringify({
      format: 'pfrollout/1',
      step,
      prompt_id: name,
      sample,
      prompt: name === 'p 1' ? pack.problems[1].prompt : 'Some instruction',
      response: answers[name][sample],
      reward: (sample < 2 ? 0.5 : -0.5) + 0.6 * rng.normal(),
    });
  const steps = Array.from({ length: 6 }, (_, step) =>
    ['double', 'p 1'].flatMap((name) => [0, 1, 2, 3].map((sample) => row(step, name, sample))),
  );
  return [...steps.flat(), ...[0, 1, 2, 3].map((sample) => row(0, 'a riddle', sample))].join('\n');
}

test('responses without a true score get one from a problem pack', async ({ page }) => {
  const panel = await openLab(page);
  await panel.getByText('Your own rollouts').click();
  const file = (name: string, text: string) => ({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  });
  await panel.getByLabel('Choose rollout files').setInputFiles(file('rows.jsonl', scorelessFile()));
  await panel.getByRole('button', { name: 'Read the file' }).click();
  await expect(panel.getByText('52 rows', { exact: true })).toBeVisible();
  const unknown = panel.getByText(/^These responses have no true score/);
  await expect(unknown).toBeVisible();

  const truth = panel.getByRole('region', { name: 'True score from a problem pack' });
  const choose = truth.getByLabel('Choose a problem pack');
  await choose.setInputFiles(file('no.json', '{"a": 1}'));
  await expect(truth.getByRole('alert')).toContainText('no.json is no pack');
  await choose.setInputFiles(file('pack.json', JSON.stringify(pack)));
  await expect(truth.getByRole('status')).toContainText('48 of 52 rows', { timeout: 30_000 });
  await truth.getByText('Prompts without a problem: 1').click();
  await expect(truth.getByText('a riddle: 4 rows')).toBeVisible();

  await truth.getByRole('button', { name: 'Run 48 responses in the sandbox' }).click();
  await expect(truth.getByRole('status')).toContainText('48 responses scored', { timeout: 60_000 });
  const rules = truth.getByRole('list', { name: 'Rules by which programs were found' });
  await expect(rules.locator('[data-rule=whole]')).toContainText('36 ×');
  await expect(rules.locator('[data-rule=fenced]')).toContainText('6 ×');
  await expect(rules.locator('[data-rule=none]')).toContainText('6 ×');
  await rules.locator('[data-rule=fenced]').getByText('One of them').click();
  await expect(rules.getByRole('region', { name: 'Response' })).toContainText('Sure:');
  await expect(rules.getByRole('region', { name: 'Program' })).not.toContainText('Sure:');
  await expect(unknown).toBeHidden();
  await expect(panel.getByText('The true score is missing in 4 of 52 rows.')).toBeVisible();
  // Half of the responses pass: two of four to either prompt.
  await expect(panel.getByRole('row', { name: /^PPO-M / })).toContainText('0.50', { timeout: 30_000 });

  await panel.getByText(/^Take it away/).click();
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Kept rows as JSONL' }).click();
  let text = '';
  for await (const chunk of await (await download).createReadStream()) text += chunk;
  const rows: { prompt_id: string; response: string; score: number | null }[] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows.length).toBeGreaterThan(20);
  for (const { prompt_id, response, score } of rows) {
    const right = /x \+ x|2 \* x|0 - x|return -x; \}/.test(response);
    if (prompt_id === 'a riddle') expect(score).toBeNull();
    else if (right) expect(score).toBe(1);
    else expect(score).toBeLessThan(1);
  }
});

test('close guesses are asked for: a sum of reward functions by its weights, and one of two true scores', async ({
  page,
}) => {
  const panel = await openLab(page);
  await panel.getByText('Your own rollouts').click();
  const rng = stream(4, 'close guesses');
  const n = 80;
  const prompts = Array.from({ length: n }, (_, i) => `p${i >> 2}`);
  // ms-swift: a table of columns on a line, a function that abstains on half of the prompts.
  const table = {
    step: prompts.map(() => '3'),
    prompt: prompts,
    completion: prompts.map((_, i) => `r${i}`),
    Judge: prompts.map((_, i) => (i < n / 2 ? null : 0.1234567890123456 + (i % 4) / 8)),
    Format: prompts.map((_, i) => (i % 4) / 4),
    is_correct: prompts.map(() => rng.uniform() < 0.5),
    passed: prompts.map(() => (rng.uniform() < 0.5 ? 1 : 0)),
  };
  await panel.getByLabel('Choose rollout files').setInputFiles({
    name: 'completions.jsonl',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(JSON.stringify(table)),
  });
  const read = panel.getByRole('button', { name: 'Read the file' });
  const rewardQuestion = panel.getByRole('alert', { name: 'A question about the reward' });
  const truthQuestion = panel.getByRole('alert', { name: 'A question about the true score' });
  await expect(rewardQuestion).toContainText('by its reward weights, which the file does not hold');
  await expect(read).toBeDisabled();
  await expect(panel.getByText('Answer the question first.')).toBeVisible();
  // The weights are an answer.
  for (const name of ['is_correct', 'passed'])
    await panel.getByRole('button', { name: `Take ${name} out of the sum` }).click();
  await expect(rewardQuestion).toBeHidden();
  await panel.getByLabel('Weight of Format').fill('0.5');
  await expect(panel.getByRole('columnheader', { name: 'Reward Judge + 0.5*Format' })).toBeVisible();
  await truthQuestion.getByRole('button', { name: 'passed' }).click();
  await expect(truthQuestion).toBeHidden();
  await expect(panel.getByLabel('True score')).toHaveValue('passed');
  await read.click();
  await expect(panel.getByText(`${n} rows`, { exact: true })).toBeVisible();
  await expect(panel.getByText('no row dropped')).toBeVisible();
  const passes = table.passed.filter((score) => score === 1).length / n;
  await expect(panel.getByRole('row', { name: /^PPO-M / })).toContainText(passes.toFixed(2), {
    timeout: 30_000,
  });
});

/** Rows without a step: six prompts, four responses each. */
function steplessFile(name: string, seed: number) {
  const rng = stream(seed, 'stepless');
  const rows = Array.from({ length: 24 }, (_, i) =>
    JSON.stringify({ input: `q${i >> 2}`, output: `a${rng.int(9)}`, reward: rng.normal() }),
  );
  return { name, mimeType: 'application/x-ndjson', buffer: Buffer.from(rows.join('\n')) };
}

test('many files are one form, a stranger is left out, and the page asks what the files are to each other', async ({
  page,
}) => {
  const panel = await openLab(page);
  await panel.getByText('Your own rollouts').click();
  const other = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  await panel
    .getByLabel('Choose rollout files')
    .setInputFiles([
      ...['a', 'b', 'c', 'd'].map((name, i) => steplessFile(`${name}.jsonl`, i)),
      other('metadata.jsonl', '{"run_name": "run7", "git_commit": "abc"}'),
      other('page.html', '<!doctype html><title>Sign in</title>'),
    ]);
  const step = panel.getByRole('region', { name: 'What the columns mean' });
  await expect(step.getByRole('alert')).toContainText(
    'metadata.jsonl is left out: no column looks like a reward',
  );
  await expect(step.getByRole('alert')).toContainText('page.html is a web page');
  await expect(step.getByRole('group', { name: /^4 files, a\.jsonl to d\.jsonl/ })).toBeVisible();
  await expect(step.getByRole('combobox', { name: 'Group' })).toHaveCount(1);

  await step.getByText('All 4 files read so').click();
  await step.getByRole('checkbox', { name: 'd.jsonl' }).uncheck();
  await step.getByRole('button', { name: 'Read 3 files' }).click();
  const report = panel.getByRole('region', { name: 'What was read' });
  await expect(report).toContainText('72 rows of a.jsonl, b.jsonl, c.jsonl');
  for (const name of ['metadata', 'd']) await expect(report).toContainText(`${name}.jsonl was left out.`);
  const question = report.getByRole('alert', { name: 'A question about the groups' });
  await expect(question).toContainText('6 groups have rows in more than one file. Nothing says a step.');
  await expect(
    question.getByRole('button', { name: 'Each file on its own: 18 groups of 4 (as now)' }),
  ).toBeVisible();
  await expect(report.getByText('Group sizes: all of 4')).toBeVisible();

  await question.getByRole('button', { name: 'Parts of one: 6 groups of 12' }).click();
  await expect(report.getByText('Group sizes: all of 12')).toBeVisible();
  await expect(question).toBeHidden();

  // By hand, by the order of the rows.
  await report.getByRole('button', { name: 'Change the columns' }).click();
  await expect(step.getByText('3 of 4 files read so')).toBeVisible();
  await step.getByRole('combobox', { name: 'Group' }).selectOption('so many rows in a row');
  await step.getByRole('spinbutton', { name: 'Rows in a row' }).fill('6');
  await step.getByRole('button', { name: 'Read 3 files' }).click();
  await expect(report.getByText('Group sizes: all of 6')).toBeVisible();
  await expect(report).toContainText('12 of 12 groups hold more than one prompt');
});

test('the terminal computes the true score from a pack, too, and says how the programs were found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'filtrate-truth-'));
  try {
    const [rows, problems] = [join(folder, 'rows.jsonl'), join(folder, 'pack.json')];
    writeFileSync(rows, scorelessFile());
    writeFileSync(problems, JSON.stringify(pack));
    const analyze = (...more: string[]) =>
      execFileSync(
        process.execPath,
        ['--import', 'tsx', 'scripts/analyze.ts', rows, '--pack', problems, '--filters', 'none', ...more],
        { encoding: 'utf8' },
      );
    const stdout = analyze();
    expect(stdout).toContain('48 of 52 rows answer a problem of pack.json, 48 were run');
    expect(stdout).toContain('6 × the block between fences');
    expect(stdout).toContain('| Sure:');
    const { truth, filters } = JSON.parse(analyze('--json'));
    expect(truth.rules.map(({ rule }: { rule: string }) => rule)).toEqual(['whole', 'fenced', 'none']);
    expect(filters.none.passRate).toBeCloseTo(0.5, 6);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an arm starts from the edited filter and remembers it', async ({ page }) => {
  const panel = await openFile(page);
  const bar = panel.getByRole('slider', { name: 'Weight of rank 2', exact: true });
  await bar.focus();
  await page.keyboard.press('PageUp');
  await expect(bar).toHaveAttribute('aria-valuenow', '0.2');
  await panel.getByRole('button', { name: 'Start an arm with this filter' }).click();
  await expect(page.getByRole('region', { name: 'Arms' }).getByRole('listitem')).toHaveCount(2);
  await expect(page).toHaveURL(/arms=bw,custom/);
  await expect(page).toHaveURL(/2\.rankWeights=0\.5,0\.2,0,0,0\.5/);
});

test('a file’s reward is tried in the lab, as a simulation that says so', async ({ page }) => {
  const panel = await openFile(page);
  const part = panel.getByRole('region', { name: 'Try it in the lab' });
  await expect(part).toContainText('A simulation');
  await part.getByRole('button', { name: 'Open PPO-M, this filter and Rand2' }).click();
  const arms = page.getByRole('region', { name: 'Arms' });
  await expect(arms.getByRole('listitem')).toHaveText([
    /PPO-M, simulated/,
    /BW, simulated/,
    /Rand2, simulated/,
  ]);
  await expect(page).toHaveURL(/1\.reward=synthetic&1\.syntheticNoise=/);
});

test('the page and the terminal analyse the same file to the same digits', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'filtrate-analyze-'));
  try {
    const rng = stream(3, 'analysed');
    const rows = Array.from({ length: 400 }, (_, i) => {
      const score = rng.uniform() < 0.5 ? 1 : 0;
      return { prompt_id: `p${i >> 2}`, sample: i % 4, step: 1, reward: score + rng.normal(), score };
    });
    const file = join(folder, 'rows.jsonl');
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const args = [
      '--import',
      'tsx',
      'scripts/analyze.ts',
      file,
      '--json',
      '--seed',
      '7',
      '--bootstrap',
      '200',
    ];
    const terminal = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    const here = await page.evaluate(
      (rows) => window.filtrate.analyze(rows, { seed: 7, bootstrap: 200 }),
      rows,
    );
    expect(here.filters).toEqual(terminal.filters);
    expect(Object.keys(here.filters).length).toBeGreaterThan(8);
    const refused = page.evaluate(() => window.filtrate.analyze([], { groups: 1 }));
    await expect(refused).rejects.toThrow(/RangeError.*options.groups/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every figure of the lab gives its numbers, an SVG and a PNG, its labels in it', async ({ page }) => {
  const panel = await openFile(page);
  await expect(panel.getByRole('figure', { name: /Ten lines/ })).toBeVisible({ timeout: 30_000 });
  const figures = await panel.getByRole('figure').all();
  expect(figures.length).toBe(6);
  for (const figure of figures) {
    await figure.getByText('Numbers', { exact: false }).first().click();
    for (const kind of ['CSV', 'SVG', 'PNG']) {
      const download = page.waitForEvent('download');
      await figure.getByRole('button', { name: kind, exact: true }).click();
      let bytes = Buffer.alloc(0);
      for await (const chunk of await (await download).createReadStream())
        bytes = Buffer.concat([bytes, chunk]);
      const text = bytes.toString('utf8');
      // A picture within may spell anything.
      if (kind !== 'PNG') expect(text.replace(/data:image[^"]+/g, '')).not.toContain('NaN');
      if (kind === 'CSV') expect(text.split('\r\n').length).toBeGreaterThan(3);
      if (kind === 'PNG') expect(bytes.length).toBeGreaterThan(5000);
      if (kind === 'SVG') {
        const labels = await figure.locator('svg text').allTextContents();
        expect(labels.length).toBeGreaterThan(6);
        for (const label of labels) expect(text).toContain(`>${label}</text>`);
      }
    }
  }
});

test('the lab has nothing to mend for axe and the keyboard', async ({ page }) => {
  const panel = await openFile(page);
  await expect(panel.getByRole('row', { name: /^pow-3 / })).toBeVisible({ timeout: 30_000 });
  await panel.getByText(/^Take it away/).click();
  expect(await faults(page)).toEqual([]);
});
