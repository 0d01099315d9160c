import { expect, it } from 'vitest';
import type { StoredExperiment, StoredRun } from '../../../lab/storage/runStore.ts';
import { grouped } from './groupRuns.ts';

const run = (id: string, experiment: string | null) => ({ id, experiment }) as StoredRun;
const experiment = (id: string) => ({ id }) as StoredExperiment;

it('puts the runs of an experiment where its latest stands, and leaves all others as they are', () => {
  const list = [run('a', null), run('b', 'x'), run('c', 'gone'), run('d', 'x'), run('e', null)];
  const entries = grouped(list, [experiment('x'), experiment('empty')]);
  expect(entries).toEqual([list[0], { experiment: { id: 'x' }, runs: [list[1], list[3]] }, list[2], list[4]]);
});
