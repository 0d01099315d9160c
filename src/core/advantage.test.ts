import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import odd from '../nn/parity/golden/odd.json' with { type: 'json' };
import tiny from '../nn/parity/golden/tiny.json' with { type: 'json' };
import {
  atTokens,
  gae,
  groupCentred,
  groupContrast,
  groupStandardised,
  leaveOneOut,
  pricedScores,
  returnsToGo,
  tokenRewards,
  whiten,
} from './advantage.ts';

describe.each([
  ['tiny', tiny],
  ['odd', odd],
])('golden %s', (_, golden) => {
  const { actionMask } = golden.batch;
  /** Padded [B][S-1] to ragged. */
  const ragged = (padded: number[][]) =>
    Float32Array.from(padded.flatMap((row, b) => row.filter((__, t) => actionMask[b][t] === 1)));
  const starts = new Int32Array(actionMask.length + 1);
  actionMask.forEach((row, b) => {
    starts[b + 1] = starts[b] + row.reduce((a: number, x: number) => a + x, 0);
  });
  const close = (actual: Float32Array, expected: Float32Array) => {
    expect(actual.length).toBe(expected.length);
    for (let i = 0; i < actual.length; i++) expect(Math.abs(actual[i] - expected[i])).toBeLessThan(2e-6);
  };
  const { ppo } = golden;
  const rewards = tokenRewards({
    logProb: ragged(ppo.oldLogProb),
    refLogProb: ragged(ppo.refLogProb),
    starts,
    score: Float32Array.from(ppo.score),
    beta: ppo.beta,
  });

  it('agrees on token rewards, advantages, returns and whitening', () => {
    close(rewards, ragged(ppo.tokenReward));
    const { advantages, returns } = gae({
      rewards,
      values: ragged(ppo.oldValue),
      starts,
      gamma: ppo.gamma,
      lambda: ppo.lambda_,
    });
    close(advantages, ragged(ppo.advantage));
    close(returns, ragged(ppo.return_));
    close(whiten(advantages), ragged(ppo.whitened));
  });
});

describe('edges', () => {
  it('gives a response without tokens nothing, and disturbs no neighbour', () => {
    const rewards = tokenRewards({
      logProb: Float32Array.of(-1, -2),
      refLogProb: Float32Array.of(-1, -1),
      starts: Int32Array.of(0, 1, 1, 2),
      score: Float32Array.of(5, 6, 7),
      beta: 0.5,
    });
    expect([...rewards]).toEqual([5, 7.5]);
  });

  it('with gamma = lambda = 1 the return is the reward still to come', () => {
    const { returns } = gae({
      rewards: Float32Array.of(1, 2, 4),
      values: Float32Array.of(0.3, -0.2, 0.9),
      starts: Int32Array.of(0, 3),
      gamma: 1,
      lambda: 1,
    });
    expect(Array.from(returns, (x) => Math.round(x * 1e5) / 1e5)).toEqual([7, 6, 4]);
  });

  it('whitens a constant to zeros', () => {
    expect([...whiten(Float32Array.of(3, 3, 3))]).toEqual([0, 0, 0]);
  });
});

describe('advantages within groups', () => {
  /** Scores of groups of any sizes, one of them flat, in any order. */
  const anyBatch = fc
    .array(fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 5,
    })
    .chain((groups) =>
      fc.shuffledSubarray(
        groups.flatMap((scores, g) => scores.map((score) => ({ score, g }))),
        { minLength: groups.flat().length },
      ),
    )
    .map((rows) => ({
      score: Float32Array.from(rows, ({ score }) => score),
      group: Int32Array.from(rows, ({ g }) => g),
    }));
  const perGroup = (x: Float32Array, group: Int32Array) =>
    [...new Set(group)].map((g) => [...x].filter((_, b) => group[b] === g));
  const sum = (x: readonly number[]) => x.reduce((a, b) => a + b, 0);

  it.each([
    ['leaveOneOut', leaveOneOut],
    ['groupCentred', groupCentred],
    ['groupStandardised', groupStandardised],
  ])('%s sums to zero in every group, and ranks as the scores do', (_, advantages) => {
    fc.assert(
      fc.property(anyBatch, ({ score, group }) => {
        const own = advantages(score, group);
        for (const values of perGroup(own, group)) expect(Math.abs(sum(values))).toBeLessThan(1e-5);
        for (let a = 0; a < group.length; a++) {
          for (let b = 0; b < group.length; b++) {
            if (group[a] === group[b] && score[a] > score[b]) expect(own[a]).toBeGreaterThanOrEqual(own[b]);
          }
        }
      }),
    );
  });

  it.each([
    ['leaveOneOut', leaveOneOut],
    ['groupCentred', groupCentred],
    ['groupStandardised', groupStandardised],
  ])('%s gives a group without spread exactly nothing', (_, advantages) => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 1, max: 16 }),
        (s, n) => {
          const own = advantages(new Float32Array(n).fill(s), new Int32Array(n));
          for (const value of own) expect(value === 0).toBe(true);
        },
      ),
    );
  });

  it('leaves a response out of its own baseline', () => {
    const own = leaveOneOut(Float32Array.of(1, 9, 2, 6), Int32Array.of(0, 1, 0, 0));
    expect([...own]).toEqual([-3, 0, -1.5, 4.5]);
  });

  it('standardises to a deviation of one, by n − 1', () => {
    const [a, b] = groupStandardised(Float32Array.of(3, 1), Int32Array.of(0, 0));
    expect(a).toBeCloseTo(Math.SQRT1_2, 3);
    expect(b).toBeCloseTo(-Math.SQRT1_2, 3);
  });

  it('tells how far groups differ, and how many do not', () => {
    const { spread, flat } = groupContrast(Float32Array.of(3, 1, 5, 5), Int32Array.of(0, 0, 1, 1));
    expect(spread).toBeCloseTo(Math.SQRT2 / 2, 6);
    expect(flat).toBe(0.5);
  });
});

describe('without a critic', () => {
  const starts = Int32Array.of(0, 3, 3, 5);

  it('a return is what is still to come, discounted, within its response', () => {
    expect([...returnsToGo(Float32Array.of(1, 2, 4, 8, 16), starts, 0.5)]).toEqual([3, 4, 4, 16, 16]);
  });

  it('a whole response pays for all of its tokens', () => {
    const of = {
      logProb: Float32Array.of(-1, -2, -1, -3, -1),
      refLogProb: Float32Array.of(-2, -2, -2, -1, -1),
      starts,
      score: Float32Array.of(1, 7, 2),
      beta: 0.5,
    };
    expect([...pricedScores(of)]).toEqual([0, 7, 3]);
    const rewards = tokenRewards(of);
    expect(rewards[0] + rewards[1] + rewards[2]).toBe(0);
    expect(rewards[3] + rewards[4]).toBe(3);
  });

  it('a response shares its advantage with its tokens', () => {
    expect([...atTokens(Float32Array.of(4, 5, 6), starts)]).toEqual([4, 4, 4, 6, 6]);
  });
});
