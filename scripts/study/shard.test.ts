import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../src/lab/settings/experimentSpec.ts';
import { planOf } from './plan.ts';
import { shardOf, shareOf } from './shard.ts';

const place = (environment: Record<string, string>, shards?: string) => {
  const shard = shardOf(undefined, shards, environment);
  return shard && [shard.index, shard.of];
};

describe('which part this is', () => {
  it('stands on the command line, counted from 1', () => {
    expect(shardOf('2/5', undefined, {})).toMatchObject({ index: 1, of: 5 });
    expect(shardOf(undefined, undefined, {})).toBeNull();
    expect(() => shardOf('0/5', undefined, {})).toThrow('--shard must be from 1 to 5');
    expect(() => shardOf('6/5', undefined, {})).toThrow('--shard must be from 1 to 5');
    expect(() => shardOf('2', undefined, {})).toThrow('--shard takes i/n');
    expect(() => shardOf('1/0', undefined, {})).toThrow('at least 1');
  });

  it('is read from what Slurm sets for an array', () => {
    const array = (id: number, min: number, max: number, count: number) => ({
      SLURM_ARRAY_TASK_ID: String(id),
      SLURM_ARRAY_TASK_MIN: String(min),
      SLURM_ARRAY_TASK_MAX: String(max),
      SLURM_ARRAY_TASK_COUNT: String(count),
    });
    expect(place(array(0, 0, 19, 20))).toEqual([0, 20]);
    expect(place(array(20, 1, 20, 20))).toEqual([19, 20]);
    // A second array of the tasks that failed says no longer how many there were.
    expect(() => place(array(7, 3, 7, 2))).toThrow('--shards');
    expect(place(array(7, 3, 7, 2), '20')).toEqual([7, 20]);
    expect(() => place(array(20, 20, 20, 1), '20')).toThrow('from 0 to 19');
  });

  it('is read from the index of a Kubernetes job, with the number of parts beside it', () => {
    expect(place({ JOB_COMPLETION_INDEX: '3' }, '8')).toEqual([3, 8]);
    expect(() => place({ JOB_COMPLETION_INDEX: '3' })).toThrow('--shards n, the completions of the job');
    expect(() => place({ JOB_COMPLETION_INDEX: 'three' }, '8')).toThrow('whole number');
  });

  it('is read from a CI with parallel jobs, counted from 1', () => {
    expect(place({ CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4' })).toEqual([0, 4]);
    expect(() => place({ CI_NODE_INDEX: '1' })).toThrow('CI_NODE_TOTAL');
    expect(() => place({}, '4')).toThrow('none of SLURM_ARRAY_TASK_ID');
  });
});

const spec = (cells: number, seeds: number) =>
  parseSpec({
    grid: Array.from({ length: cells }, (_, i) => ({ name: `cell ${i}`, prompts: i + 1 })),
    arms: ['ppo-m', 'bw', 'rand2'],
    seeds,
  });

describe('the list of runs', () => {
  it('falls to the parts so that each run is computed once, by parts of the same size', () => {
    const { runs } = planOf(spec(4, 3), 'code');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (of) => {
        const shares = Array.from({ length: of }, (_, index) => shareOf(runs, { index, of, from: 'a test' }));
        expect(
          shares
            .flat()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(runs.map(({ id }) => id).sort());
        const sizes = shares.map((share) => share.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });

  it('names a run by what decides its numbers: cell, seed, code and engine', () => {
    const ids = (...args: Parameters<typeof planOf>) => planOf(...args).runs.map(({ id }) => id);
    const small = ids(spec(2, 2), 'code');
    expect(new Set(small).size).toBe(2 * 3 * 2);
    // A study that grows keeps what it has.
    expect(ids(spec(3, 4), 'code')).toEqual(expect.arrayContaining(small));
    const none = (others: string[]) => expect(others.filter((id) => small.includes(id))).toEqual([]);
    none(ids(spec(2, 2), 'other code'));
    none(ids({ ...spec(2, 2), backend: 'plain' }, 'code'));
    none(ids({ ...spec(2, 2), stop: { plateau: null, updateTokens: 5, seconds: null } }, 'code'));
    expect(ids({ ...spec(2, 2), concurrency: 3 }, 'code')).toEqual(small);
  });
});
