import { describe, expect, it } from 'vitest';
import { noSamples } from '../records/record.ts';
import { parseSpec } from '../settings/experimentSpec.ts';
import type { ExperimentRun } from '../state/experimentEvents.ts';
import type { StoredExperiment, StoredRun } from '../storage/database.ts';
import { beforeOf, canGoOn, heard, isBack, unfinishedOf, viewOf, withoutDeleted } from './experimentView.ts';

const spec = parseSpec({ arms: ['ppo-m', 'bw'], seeds: 2, iterations: 4, stop: { updateTokens: 30 } });
const experiment: StoredExperiment = {
  id: 'x',
  name: 'Two by two',
  spec,
  created: 1,
  state: 'open',
  seconds: 3,
  runs: ['a', 'b', 'c', 'd'].map((id) => ({ id, begun: id !== 'd' })),
};
const stored = (id: string, finished: boolean) => ({ id, finished }) as StoredRun;
const numbers = (last: number) => ({
  iterations: Array.from({ length: last }, (_, i) => ({
    iteration: i + 1,
    metrics: { updateTokens: 10 * (i + 1) },
  })),
  evaluations: [{ iteration: 0, metrics: { heldPass: 0.4 } }],
});
/** One run ended by its budget, one cut off, one deleted, one that never began. */
const view = viewOf(
  experiment,
  new Map([
    ['a', stored('a', true)],
    ['b', stored('b', false)],
  ]),
  new Map([
    ['a', numbers(3)],
    ['b', numbers(2)],
  ]),
);
const run = (index: number, change: Partial<ExperimentRun> = {}): ExperimentRun => ({
  ...view.runs[index],
  ...change,
});

describe('a stored experiment', () => {
  it('tells finished, cut off, deleted and waiting runs apart', () => {
    expect(view.runs.map((each) => `${each.arm} ${each.seed} ${each.state} ${each.iteration}`)).toEqual([
      'PPO-M 1 finished 3',
      'BW 1 stopped 2',
      'PPO-M 2 deleted 0',
      'BW 2 waiting 0',
    ]);
    expect(view.runs[0].endedBy).toBe('updateTokens');
  });

  it('goes on with what is neither finished nor deleted', () => {
    expect(unfinishedOf(view).map((each) => each.id)).toEqual(['b', 'd']);
    expect(beforeOf(view).map((each) => each?.state ?? null)).toEqual([
      'finished',
      'stopped',
      'deleted',
      null,
    ]);
    expect(canGoOn(view)).toBe(true);
    const limited = { ...view, spec: { ...spec, stop: { ...spec.stop, seconds: 3 } } };
    expect(canGoOn(limited)).toBe(false);
  });
});

it('remembers why a run failed, and tries it again', () => {
  const failure = { code: 'non-finite' as const, message: 'kl is not a number.' };
  const failed = viewOf(experiment, new Map([['b', { ...stored('b', false), failure }]]), new Map());
  expect(failed.runs[1]).toMatchObject({ state: 'failed', error: failure });
  expect(beforeOf(failed)[1]?.state).toBe('stopped');
  expect(unfinishedOf(failed).map((each) => each.id)).toEqual(['b', 'd']);
});

describe('events', () => {
  it('reach their own run and leave the others the same objects', () => {
    const record = { iteration: 3, metrics: { updateTokens: 30 }, samples: noSamples };
    const next = heard(view, { type: 'iteration', run: run(1), record });
    expect(next.runs[1].iterations.at(-1)).toEqual({ iteration: 3, metrics: { updateTokens: 30 } });
    for (const i of [0, 2, 3]) expect(next.runs[i]).toBe(view.runs[i]);
  });

  it('replace rows that come again after a rewind', () => {
    const back = heard(view, { type: 'rewound', run: run(1), iteration: 1 });
    expect(back.runs[1]).toMatchObject({ iteration: 1, iterations: [{ iteration: 1 }] });
    const record = { iteration: 2, metrics: { updateTokens: 21 }, samples: noSamples };
    const again = heard(heard(back, { type: 'iteration', run: run(1), record }), {
      type: 'iteration',
      run: run(1),
      record: { ...record, metrics: { updateTokens: 22 } },
    });
    expect(again.runs[1].iterations.map(({ metrics }) => metrics.updateTokens)).toEqual([10, 22]);
  });

  it('do not bring a deleted run back', () => {
    const next = heard(view, { type: 'run', run: run(2, { state: 'running' }) });
    expect(next.runs[2].state).toBe('deleted');
    const ended = heard(view, { type: 'run', run: run(1, { state: 'deleted' }) });
    expect(ended.runs[1]).toMatchObject({ state: 'deleted', iterations: [], evaluations: [] });
  });
});

it('drops what is no longer stored, keeps all else as it was, and knows when it is back', () => {
  const next = withoutDeleted(view, experiment, new Set(['a']));
  expect(next.runs[1]).toMatchObject({ state: 'deleted', iterations: [] });
  for (const i of [0, 2, 3]) expect(next.runs[i]).toBe(view.runs[i]);
  expect(withoutDeleted(view, experiment, new Set(['a', 'b']))).toBe(view);
  expect(isBack(next, new Set(['a']))).toBe(false);
  expect(isBack(next, new Set(['a', 'b']))).toBe(true);
});
