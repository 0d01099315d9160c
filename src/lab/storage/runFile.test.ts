import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { settingsWith, withChanges } from '../../rlhf/catalogue/paths.ts';
import { noSamples, type SampleColumns } from '../records/record.ts';
import { checkWhole } from '../settings/validate.ts';
import { samplesIssue } from './checkRows.ts';
import { decodeRecording, encodeRecording, RecordFileError } from './recordFile.ts';
import { readRunFile, runFileName, writeRunFile } from './runFile.ts';
import type { StoredRows, StoredRun } from './runStore.ts';
import { sampleIteration, sampleRun, sampleSnapshot } from './testing/sampleRun.ts';

const run = sampleRun({
  name: 'BW, beta 0.05',
  note: 'a note',
  settings: settingsWith({ iterations: 5 }),
  seed: 3,
  iteration: 2,
});
/** Two prompts with two responses each. */
const samples = (): SampleColumns => ({
  problem: Int32Array.of(17, 17, 3200, 3200),
  group: Int32Array.of(0, 0, 1, 1),
  starts: Int32Array.of(0, 2, 3, 6, 8),
  tokens: Uint16Array.of(5, 1, 1, 9, 200, 1, 7, 8),
  logProb: Float32Array.of(-0.5, -0.1, -2, 0, -0.25, -1, -3, -0.5),
  refLogProb: Float32Array.of(-0.5, -0.1, -2, 0, -0.25, -1, -3, -0.5),
  reward: Float32Array.of(0.5, -1, 2, 0),
  score: Float32Array.of(1, 0, 0.25, 1),
  status: Uint8Array.of(0, 3, 0, 0),
  uses: Uint16Array.of(1, 0, 2, 0),
});
const rows: StoredRows = {
  iterations: [1, 2].map((iteration) => ({ iteration, metrics: { kl: 0.1 }, samples: samples() })),
  evaluations: [0, 2].map((iteration) => ({ iteration, metrics: { heldPass: 0.4 + iteration / 20 } })),
  snapshot: sampleSnapshot(2),
  models: {
    weak: { model: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d, 9, 8), config: '{"a":1}' },
  },
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
  const settings = (changes: Record<string, unknown>) => ({
    ...run,
    settings: withChanges(run.settings, changes),
  });
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
  const short = { ...snapshot.networks.critic, m: Float32Array.of(1) };
  expect(
    await refusal(run, {
      ...rows,
      snapshot: { ...snapshot, networks: { ...snapshot.networks, critic: short } },
    }),
  ).toMatch(/"m" of the critic in the snapshot of "BW, beta 0\.05" has 1 values where 2 belong/);
  const broken = { ...snapshot.networks.policy, v: Float32Array.of(1, Number.NaN) };
  expect(
    await refusal(run, {
      ...rows,
      snapshot: { ...snapshot, networks: { ...snapshot.networks, policy: broken } },
    }),
  ).toContain('"v" of the policy in the snapshot');
});

it('takes in a recording without a snapshot, to be looked at', async () => {
  const { runs } = await decodeRecording(await writeRunFile(run, rows));
  const [{ kept: _, ...bare }] = runs;
  const file = await encodeRecording({ preset: 'healthy', command: 'a test', runs: [bare] });
  const [back] = await readRunFile(file);
  expect(back.run.finished).toBe(true);
  expect(back.rows.snapshot).toBeNull();
});

it('checks every sample against what it points into, and names the place', async () => {
  const withSamples = (change: Partial<SampleColumns>) => {
    const [first, second] = rows.iterations;
    const changed = { ...first, samples: { ...samples(), ...change } };
    return refusal(run, { ...rows, iterations: [changed, second] });
  };
  expect(await withSamples({})).toBe('taken');
  expect(await withSamples({ problem: Int32Array.of(17, 17, 3200, 99_999) })).toMatch(
    /iteration 1: column "problem" holds 99999 at 3, where 0 to \d+ is possible/,
  );
  expect(await withSamples({ group: Int32Array.of(0, 0, 2, 2) })).toContain(
    '"group" goes from 0 to 2 at row 2',
  );
  expect(await withSamples({ starts: Int32Array.of(1, 2, 3, 6, 8) })).toContain('"starts" begins at 1');
  expect(await withSamples({ starts: Int32Array.of(0, 2, 2, 6, 8) })).toContain('response 1 has 0 tokens');
  expect(await withSamples({ tokens: Uint16Array.of(5, 1, 1, 9, 200, 1, 7, 60_000) })).toContain(
    '"tokens" holds 60000 at 7',
  );
  expect(await withSamples({ score: Float32Array.of(1, 0, 1.5, 1) })).toContain('"score" holds 1.5 at 2');
  expect(await withSamples({ status: Uint8Array.of(0, 4, 0, 0) })).toContain('"status" holds 4 at 1');
  expect(await withSamples({ reward: Float32Array.of(1, Number.NaN, 0, 0) })).toContain('which is no number');
  expect(await withSamples({ logProb: new Float32Array(8).fill(0.5) })).toContain(
    'at most 0.001 is possible',
  );
  const few = { ...run, settings: withChanges(run.settings, { prompts: 1, responses: 2, keep: 1 }) };
  expect(await refusal(few, rows)).toContain('it has 4 responses, where its settings allow 2');
  const bare = [{ ...rows.iterations[0], samples: noSamples }];
  expect(await refusal(run, { ...rows, iterations: bare, evaluations: [], snapshot: null })).toBe('taken');
  const model = { model: Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 1), config: '{}' };
  expect(await refusal(run, { ...rows, models: { policy: model } })).toContain('its policy model is damaged');
});

const through = async (bytes: Uint8Array<ArrayBuffer>, coder: GenericTransformStream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(coder)).arrayBuffer());

/** Whatever happens to a file, reading it gives runs that hang together or says what is wrong: nothing else. */
async function survives(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  try {
    for (const { run: read, rows: back } of await readRunFile(bytes)) {
      expect(checkWhole(read.settings)).toEqual([]);
      for (const [i, row] of back.iterations.entries()) {
        expect(row.iteration).toBe(i + 1);
        expect(samplesIssue(row.samples, read.settings)).toBeNull();
      }
      expect(Number.isNaN(new Date(read.created).getTime())).toBe(false);
      // And it can be written and read again.
      await readRunFile(await writeRunFile(read, back));
    }
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RecordFileError);
    return false;
  }
}

it('refuses a file that was cut off, at whatever byte', async () => {
  const file = await writeRunFile(run, rows);
  const cuts = [...Array(40).keys(), ...[1, 2, 4, 8, 9].map((n) => file.length - n)];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), async (end) => {
      expect(await survives(file.slice(0, end))).toBe(false);
    }),
    { numRuns: 100, examples: cuts.map((cut) => [cut]) },
  );
});

it('takes in no nonsense, whatever bits were flipped: packed, in the header, or in the columns', async () => {
  const file = await writeRunFile(run, rows);
  const plain = await through(file, new DecompressionStream('gzip'));
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), bit: fc.nat(7) }), {
        minLength: 1,
        maxLength: 4,
      }),
      async (packed, flips) => {
        const bytes = (packed ? file : plain).slice();
        for (const { at, bit } of flips)
          bytes[Math.min(bytes.length - 1, Math.floor(at * bytes.length))] ^= 1 << bit;
        const damaged = packed ? bytes : await through(bytes, new CompressionStream('gzip'));
        if (await survives(damaged)) taken++;
      },
    ),
    { numRuns: 300 },
  );
  // Some flips change a number into another that is possible: no check can tell.
  expect(taken).toBeLessThan(200);
});

it('takes in every recording that comes with the page', async () => {
  const folder = new URL('../../../public/recorded/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.bin'));
  expect(files.length).toBeGreaterThan(4);
  for (const name of files) {
    const found = await readRunFile(new Uint8Array(readFileSync(new URL(name, folder))));
    expect(found.length).toBeGreaterThan(0);
  }
});

it('carries what ends the run early', async () => {
  const limits = { plateau: { evaluations: 3, gain: 0.01 }, updateTokens: 500 };
  const [limited] = await readRunFile(new Uint8Array(await writeRunFile({ ...run, limits }, rows)));
  expect(limited.run.limits).toEqual(limits);
  const [free] = await readRunFile(new Uint8Array(await writeRunFile(run, rows)));
  expect(free.run).not.toHaveProperty('limits');
});

it('opens a file of before settings had slots, and means the same by it', async () => {
  const bytes = readFileSync(new URL('./testing/version1.filtrate-run', import.meta.url));
  const [{ run: old, rows: back }] = await readRunFile(new Uint8Array(bytes));
  expect(old.settings).toEqual(
    settingsWith({
      method: 'top-bott',
      thresholdLow: -0.25,
      beta: 0.05,
      reward: 'synthetic',
      learningRate: 0.0005,
      evaluateEvery: 3,
      iterations: 9,
    }),
  );
  expect(old).toMatchObject({ name: 'top-bott', note: 'kept from before', seed: 4, iteration: 3 });
  // Files of before know no reference that moves, no models that it began with, and nothing that is remembered.
  const { reference: _, memory: __, began: ___, costs, ...rest } = sampleSnapshot(3);
  expect(back.snapshot).toEqual({ ...rest, costs: { ...costs, sampledTokens: 0, referencePasses: 0 } });
  expect(back.iterations).toEqual([1, 2, 3].map(sampleIteration));
});
