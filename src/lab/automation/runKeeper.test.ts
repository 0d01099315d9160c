import { expect, it } from 'vitest';
import { noCosts } from '../../rlhf/loop/costs.ts';
import { parseSpec } from '../settings/experimentSpec.ts';
import type { ExperimentRun } from '../state/experimentEvents.ts';
import { row } from '../testing/scriptedWorker.ts';
import type { ArmSnapshot } from '../trainer/protocol.ts';
import { keepRun, type RunKeeper } from './runKeeper.ts';

const [arm] = parseSpec({ arms: ['bw'] }).arms;
const run = { index: 0, arm: 'BW', seed: 4 } as ExperimentRun;
const backend = { name: 'simd', device: 'test', reason: 'a test' } as const;

const snapshot = (iteration: number): ArmSnapshot => {
  const column = Float32Array.of(iteration, 1);
  return {
    iteration,
    networks: { policy: { weights: column, time: iteration, m: column, v: column } },
    costs: { ...noCosts, updateTokens: 7, seconds: 2 },
    rewardScale: { mean: 0, deviation: 1 },
  };
};

/** A script that keeps runs in memory. */
function memory(everySeconds = 60) {
  const files: Uint8Array<ArrayBuffer>[] = [];
  const damaged: string[] = [];
  const keeper: RunKeeper = {
    read: async () => files.at(-1) ?? null,
    save: async (_, file) => void files.push(file),
    damaged: (_, message) => void damaged.push(message),
    everySeconds,
  };
  return { keeper, files, damaged };
}

const begin = (keeper: RunKeeper, now = () => 0) => keepRun(keeper, { run, arm, limits: null, backend }, now);

it('hands out what was computed up to the last snapshot when a run is cut off, and takes it back', async () => {
  const { keeper, files } = memory();
  const { line, past } = await begin(keeper);
  expect(past).toBeNull();
  line!.hear({ type: 'evaluation', record: { iteration: 0, metrics: { heldPass: 0.4 } } });
  for (const iteration of [1, 2]) line!.hear({ type: 'iteration', record: row(iteration) });
  line!.hear({ type: 'snapshot', snapshot: snapshot(2) });
  line!.hear({ type: 'iteration', record: row(3) });
  expect(files).toHaveLength(0);
  await line!.release();
  expect(files).toHaveLength(1);

  const again = await begin(keeper);
  expect(again.past!.rows.iterations.map(({ iteration }) => iteration)).toEqual([1, 2]);
  expect(again.past!.rows.evaluations).toEqual([{ iteration: 0, metrics: { heldPass: 0.4 } }]);
  expect(again.past!.rows.snapshot).toEqual(snapshot(2));
  // What it went on from is still kept when it is cut off again before its next snapshot.
  again.line!.hear({ type: 'rewound', iteration: 2 });
  await again.line!.release();
  expect(files).toHaveLength(1);
});

it('saves every so often while a run computes, and nothing once it is finished', async () => {
  const { keeper, files } = memory(30);
  let now = 0;
  const { line } = await begin(keeper, () => now);
  for (const [iteration, at] of [
    [5, 10],
    [10, 40],
    [15, 50],
    [20, 75],
  ]) {
    now = at * 1000;
    line!.hear({ type: 'iteration', record: row(iteration) });
    line!.hear({ type: 'snapshot', snapshot: snapshot(iteration) });
  }
  line!.hear({ type: 'state', state: 'finished' });
  await line!.release();
  expect(files).toHaveLength(2);
});

it('begins a run anew whose file is damaged, and leaves one that another has finished', async () => {
  const { keeper, files, damaged } = memory();
  files.push(Uint8Array.of(1, 2, 3));
  expect((await begin(keeper)).past).toBeNull();
  expect(damaged[0]).toContain('gzip');
  await expect(begin({ ...keeper, read: async () => 'done' })).rejects.toMatchObject({ state: 'stopped' });
});
