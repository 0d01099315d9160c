/** `npm run experiment`: a comparison from the terminal, and the files that it leaves. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';

const command = ['--import', 'tsx', 'scripts/experiment.ts'];
const small = [
  'prompts=6',
  'responses=4',
  'minibatches=2',
  'pool=20',
  'evaluateEvery=2',
  'evaluationSamples=1',
];
const settings = small.flatMap((setting) => ['--set', setting]);

// Each command starts a browser of its own.
test.setTimeout(300_000);

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'experiment-'));
});
test.afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => promisify(execFile)(process.execPath, [...command, ...args]);
const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('the same command gives the same files, however its runs interleave', async () => {
  const args = ['--arms', 'ppo-m,bw', '--seeds', '2', '--iterations', '2', '--backend', 'simd', ...settings];
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  const { stdout } = await run(...args, '--concurrency', '2', '--out', first, '--tokens');
  expect(stdout).toContain('minus PPO-M');
  await run(...args, '--concurrency', '1', '--out', second, '--checkpoints', '--no-rollouts');

  const metrics = readFileSync(join(first, 'metrics.jsonl'), 'utf8');
  expect(readFileSync(join(second, 'metrics.jsonl'), 'utf8')).toBe(metrics);
  expect(lines(join(first, 'metrics.jsonl')).map(({ arm, seed, step }) => [seed, arm, step])).toEqual(
    [1, 2].flatMap((seed) => ['PPO-M', 'BW'].flatMap((arm) => [0, 1, 2, 2].map((step) => [seed, arm, step]))),
  );

  const rollouts = lines(join(first, 'rollouts.jsonl'));
  expect(rollouts).toHaveLength(4 * 2 * 6 * 4);
  expect(rollouts[0]).toMatchObject({ format: 'pfrollout/1', arm: 'PPO-M', seed: 1, step: 1, sample: 0 });
  expect(rollouts[0].logprobs).toHaveLength(rollouts[0].response_tokens.length);
  expect(existsSync(join(second, 'rollouts.jsonl'))).toBe(false);
  expect(existsSync(join(second, 'checkpoints/bw-seed2/model.safetensors'))).toBe(true);

  const summary = JSON.parse(readFileSync(join(first, 'summary.json'), 'utf8'));
  expect(summary.runs.map((run: { state: string }) => run.state)).toEqual(Array(4).fill('finished'));
  expect(summary.summary.arms[1].difference.count).toBe(2);
});

test('Ctrl-C keeps what is done', async () => {
  const out = join(folder, 'stopped');
  const args = ['--arms', 'bw', '--iterations', '500', '--backend', 'simd', '--out', out, ...settings];
  const child = spawn(process.execPath, [...command, ...args], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  await expect
    .poll(() => existsSync(join(out, 'timing.jsonl')) && readFileSync(join(out, 'timing.jsonl'), 'utf8'), {
      timeout: 90_000,
    })
    .toContain('"step":2');
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
  expect(summary.runs[0]).toMatchObject({ arm: 'BW', state: 'stopped' });
  expect(summary.summary.arms[0].iterations).toBe(summary.runs[0].iteration);
  expect(lines(join(out, 'metrics.jsonl')).at(-1).step).toBe(summary.runs[0].iteration);
});

test('a study in parts, one of them cut off and gone on with, merges to the same bytes as in one go', async () => {
  const spec = join(folder, 'grid.json');
  const settings = Object.fromEntries(
    small.map((setting) => setting.split('=')).map(([k, v]) => [k, Number(v)]),
  );
  const grid = [
    { name: 'tests', reward: 'oracle' },
    { name: 'weak', rewardModel: 'weak' },
  ];
  writeFileSync(
    spec,
    JSON.stringify({ grid, arms: ['ppo-m', 'bw'], iterations: 12, backend: 'simd', settings }),
  );
  const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
  const listed = (await run(spec, '--plan')).stdout.trim().split('\n');
  expect(listed.map((line) => line.split('\t').slice(1))).toEqual(
    ['tests', 'weak'].flatMap((cell) => ['PPO-M', 'BW'].map((arm) => [cell, arm, '1'])),
  );
  await run(spec, '--out', whole);
  const part = (index: number) => ({
    args: [...command, spec, '--out', parts, '--shards', '2', '--concurrency', '1'],
    env: { ...process.env, JOB_COMPLETION_INDEX: String(index) },
  });

  const first = part(0);
  const child = spawn(process.execPath, first.args, { env: first.env, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const finished = () => (existsSync(join(parts, 'runs')) ? readdirSync(join(parts, 'runs')) : []);
  await expect.poll(() => finished().length, { timeout: 120_000, intervals: [50] }).toBe(1);
  child.kill('SIGTERM');
  expect(await ended).toBe(75);
  expect(finished()).toHaveLength(1);

  const unfinished = await run('--merge', parts).catch((error) => error);
  expect(unfinished.code).toBe(1);
  expect(unfinished.stderr).toContain('missing');
  for (const { args, env } of [part(0), part(1)]) await promisify(execFile)(process.execPath, args, { env });
  await run('--merge', whole);
  expect((await run('--merge', parts)).stdout).toContain('minus PPO-M');
  for (const name of ['study.json', 'metrics.jsonl'])
    expect(readFileSync(join(parts, name), 'utf8')).toBe(readFileSync(join(whole, name), 'utf8'));
});

test('a wrong command says what is wrong, before anything starts', async () => {
  const fault = await run('--arms', 'rand3', '--set', 'beta=9').catch((error) => error);
  expect(fault.code).toBe(2);
  expect(fault.stderr).toContain('There is no method "rand3"; did you mean rand2?');
  expect(fault.stderr).toContain('beta must be a number from 0 to 5, and is 9.');
});
