import { expect, it } from 'vitest';
import * as nn from '../../../nn/forMethods.ts';
import type { Problem } from '../../../tasks/problem.ts';
import type { RewardLook } from '../../slots.ts';
import { oracle } from './oracle.ts';
import { synthetic } from './synthetic.ts';

const count = 20_000;
const responses = (look: number): RewardLook => ({
  batch: undefined as never, // Only a learned model reads the tokens.
  programs: Array.from({ length: count }, (_, i) => `program ${i}`),
  problems: Array.from({ length: count }, (_, i) => ({ id: `problem ${i % 50}` }) as Problem),
  look,
});
const truth = Float32Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : i % 3 === 1 ? 0.5 : 0));
const judged = (score: Float32Array) => ({ score, status: new Uint8Array(score.length), cacheHits: 0 });
const grade = (syntheticNoise: number[], syntheticFresh: boolean, look = 1, seed = 3) =>
  synthetic
    .open({ nn, seed, models: {} }, { syntheticNoise, syntheticFresh })
    .grade(responses(look), judged(truth)) as Float32Array;

it('maps the score onto the range of rewards for the oracle', () => {
  expect([
    ...(oracle
      .open({ nn, seed: 1, models: {} }, {})
      .grade(responses(1), judged(Float32Array.of(0, 0.5, 1))) as Float32Array),
  ]).toEqual([-1, 0, 1]);
});

it('tells pass from fail without fault where no noise is drawn', () => {
  const reward = grade([0, 0, 0, 0], false);
  for (let i = 0; i < count; i++) {
    expect(Math.abs(reward[i])).toBeGreaterThanOrEqual(0.8);
    expect(reward[i] > 0).toBe(truth[i] === 1);
  }
});

it('puts the drawn share of programs into each band, whatever their truth', () => {
  const noise = [0, 0.1, 0.3, 0.2, 0];
  const reward = grade(noise, false);
  for (const band of [1, 2, 3]) {
    const low = -1 + 0.4 * band;
    const inBand = [...reward].filter((r) => r >= low && r < low + 0.4);
    expect(inBand.length / count).toBeCloseTo(noise[band], 1);
    const passing =
      inBand.length && [...reward].filter((r, i) => r >= low && r < low + 0.4 && truth[i] === 1).length;
    expect(passing / inBand.length).toBeCloseTo(1 / 3, 1);
  }
});

it('gives a program the same reward at every look, unless noise is to be fresh', () => {
  const noise = [0.5, 0.5];
  expect(grade(noise, false, 1)).toEqual(grade(noise, false, 2));
  expect(grade(noise, true, 1)).not.toEqual(grade(noise, true, 2));
  expect(grade(noise, true, 2)).toEqual(grade(noise, true, 2));
  expect(grade(noise, false, 1, 3)).not.toEqual(grade(noise, false, 1, 4));
});
