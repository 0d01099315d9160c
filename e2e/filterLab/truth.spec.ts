/** The true score of responses that came without one: their programs run on the tests of a problem pack. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stream } from '../../src/core/random.ts';
import { expect, onePage as test } from '../support/journey.ts';
import { openLab } from './lab.ts';

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
