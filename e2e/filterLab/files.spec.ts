/** A trainer's own files: how they are mapped and read, what is asked about them, and how they leave again. */
import { stream } from '../../src/core/random.ts';
import { expect, onePage as test } from '../support/journey.ts';
import { kept, openFile, openLab } from './lab.ts';

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
