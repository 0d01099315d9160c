import { expect, it } from 'vitest';
import { noSamples } from '../record.ts';
import { decodeRecording, encodeRecording } from '../recordFile.ts';
import { type ArmSettings, defaultSettings } from '../settings.ts';
import { readRunFile, runFileName, writeRunFile } from './runFile.ts';
import type { StoredRows, StoredRun } from './runStore.ts';

const run: StoredRun = {
  id: 'a',
  name: 'BW, beta 0.05',
  note: 'a note',
  session: 's',
  experiment: null,
  color: 1,
  settings: { ...defaultSettings(), iterations: 5 },
  seed: 3,
  worldSeed: 1,
  backend: { name: 'simd', reason: 'a test' },
  iteration: 2,
  firstPass: 0.4,
  lastPass: 0.5,
  finished: false,
  archived: false,
  created: 1,
  updated: 2,
  bytes: 0,
  fixedBytes: 0,
};
const model = (first: number) => ({
  weights: Float32Array.of(first, 2),
  time: 3,
  m: Float32Array.of(0, 1),
  v: Float32Array.of(4, 0),
});
const rows: StoredRows = {
  iterations: [1, 2].map((iteration) => ({ iteration, metrics: { kl: 0.1 }, samples: noSamples })),
  evaluations: [0, 2].map((iteration) => ({ iteration, metrics: { heldPass: 0.4 + iteration / 20 } })),
  snapshot: {
    iteration: 2,
    policy: model(1),
    critic: model(-1),
    costs: { samples: 1, rewardPasses: 1, criticPasses: 1, policyPasses: 1, updateTokens: 1, seconds: 1.5 },
    rewardScale: { mean: -0.25, deviation: 2 },
  },
  models: { weak: { model: Uint8Array.of(9, 8, 7), config: '{"a":1}' } },
};

const refusal = async (run_: StoredRun, rows_: StoredRows) =>
  readRunFile(await writeRunFile(run_, rows_)).then(
    () => 'taken',
    (error: Error) => error.message,
  );

it('gives a run back as it was, snapshot and models to the last bit', async () => {
  const [back] = await readRunFile(await writeRunFile(run, rows));
  expect(back.rows).toEqual(rows);
  expect(back.run).toMatchObject({
    name: run.name,
    note: 'a note',
    settings: run.settings,
    seed: 3,
    backend: { name: 'simd' },
    iteration: 2,
    firstPass: 0.4,
    lastPass: 0.5,
    finished: false,
  });
});

it('names the file after the run', () => {
  expect(runFileName(run)).toBe('bw-beta-0-05-seed-3-iteration-2.filtrate-run');
  expect(runFileName({ ...run, name: '!' })).toBe('run-seed-3-iteration-2.filtrate-run');
});

it('refuses what does not hang together, and says what and where', async () => {
  const settings = (change: Partial<ArmSettings>) => ({ ...run, settings: { ...run.settings, ...change } });
  const snapshot = rows.snapshot!;
  expect(await refusal(settings({ beta: 99 }), rows)).toMatch(/run "BW, beta 0\.05": beta must be a number/);
  expect(await refusal({ ...run, worldSeed: 7 }, rows)).toContain('world with seed 7');
  expect(await refusal({ ...run, seed: 0.5 }, rows)).toContain('seed must be a whole number');
  expect(await refusal(run, { ...rows, iterations: rows.iterations.slice(1) })).toContain(
    'iteration 1 is missing',
  );
  expect(await refusal(settings({ iterations: 1 }), rows)).toContain(
    '2 iterations where its settings allow 1',
  );
  expect(await refusal(run, { ...rows, evaluations: rows.evaluations.toReversed() })).toContain(
    'look at iteration 0 is out of order',
  );
  expect(await refusal(run, { ...rows, snapshot: { ...snapshot, iteration: 3 } })).toContain(
    'snapshot is of iteration 3, but its rows end at 2',
  );
  const short = { ...model(1), m: Float32Array.of(1) };
  expect(await refusal(run, { ...rows, snapshot: { ...snapshot, critic: short } })).toMatch(
    /"m" of the critic in the snapshot of "BW, beta 0\.05" has 1 values where 2 belong/,
  );
  const broken = { ...model(1), v: Float32Array.of(1, Number.NaN) };
  expect(await refusal(run, { ...rows, snapshot: { ...snapshot, policy: broken } })).toContain(
    '"v" of the policy in the snapshot',
  );
});

it('takes in a recording without a snapshot, to be looked at', async () => {
  const { runs } = await decodeRecording(await writeRunFile(run, rows));
  const [{ kept: _, ...bare }] = runs;
  const file = await encodeRecording({ preset: 'healthy', command: 'a test', runs: [bare] });
  const [back] = await readRunFile(file);
  expect(back.run.finished).toBe(true);
  expect(back.rows.snapshot).toBeNull();
});
