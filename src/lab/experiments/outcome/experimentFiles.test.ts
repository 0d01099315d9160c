import { expect, it } from 'vitest';
import { parseSpec } from '../../settings/experimentSpec.ts';
import type { RunView } from '../../state/experimentsState.ts';
import { experimentFile, metricsFile, specOf } from './experimentFiles.ts';

it('writes a spec that gives the same runs, however it was said at first', () => {
  for (const input of [
    { preset: 'reward-hacking', seeds: [4, 9], iterations: 7 },
    {
      arms: ['bw', { method: 'br', name: 'mine', beta: 0.1 }],
      concurrency: 2,
      backend: 'simd',
      stop: { seconds: 60, plateau: { evaluations: 2, gain: 0.01 } },
    },
  ]) {
    const spec = parseSpec(input);
    const again = parseSpec(JSON.parse(JSON.stringify(specOf(spec))));
    expect({ ...again, preset: null }).toEqual({ ...spec, preset: null });
  }
});

const run: RunView = {
  index: 0,
  id: 'a',
  arm: 'BW',
  seed: 3,
  state: 'finished',
  iteration: 2,
  endedBy: 'iterations',
  error: null,
  iterations: [1, 2].map((iteration) => ({ iteration, metrics: { kl: iteration, seconds: 9 } })),
  evaluations: [0, 2].map((iteration) => ({ iteration, metrics: { heldPass: 0.4 } })),
};

it('writes every number in the order of the command, without what the clock says', () => {
  const lines = metricsFile({ runs: [run] })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    { arm: 'BW', seed: 3, step: 0, kind: 'evaluation', data: { heldPass: 0.4 } },
    { arm: 'BW', seed: 3, step: 1, kind: 'iteration', data: { kl: 1 } },
    { arm: 'BW', seed: 3, step: 2, kind: 'iteration', data: { kl: 2 } },
    { arm: 'BW', seed: 3, step: 2, kind: 'evaluation', data: { heldPass: 0.4 } },
  ]);
});

it('says how each run ended, and sums up what is not deleted', () => {
  const spec = parseSpec({ arms: ['bw'], seeds: [3, 4], iterations: 2 });
  const gone: RunView = { ...run, index: 1, seed: 4, state: 'deleted', iterations: [], evaluations: [] };
  const file = experimentFile({ id: 'x', name: 'n', spec, created: 0, seconds: 1, runs: [run, gone] }, 'BW');
  expect(file.runs.map(({ state }) => state)).toEqual(['finished', 'deleted']);
  expect(file.summary.arms[0].seeds).toEqual([3]);
});
