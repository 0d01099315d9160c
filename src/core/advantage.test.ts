import { describe, expect, it } from 'vitest';
import odd from '../nn/golden/odd.json' with { type: 'json' };
import tiny from '../nn/golden/tiny.json' with { type: 'json' };
import { gae, tokenRewards, whiten } from './advantage.ts';

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
