import { describe, expect, it } from 'vitest';
import { type Rng, stream } from '../../../core/random.ts';
import { mean } from '../../../core/statistics/stats.ts';
import * as nn from '../../../nn/forMethods.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { defaultSettings } from '../../catalogue/catalogue.ts';
import { initialValues } from '../../catalogue/knobs.ts';
import type { RewardLook } from '../../slots.ts';
import { oracle } from './oracle.ts';
import { synthetic } from './synthetic.ts';

const count = 20_000;
const responses = (look: number): RewardLook => ({
  batch: undefined as never, // Only a learned model reads the tokens.
  programs: Array.from({ length: count }, (_, i) => `program ${i}`),
  problems: Array.from(
    { length: count },
    (_, i) => ({ id: `problem ${i % 50}`, reference: `program ${i}` }) as Problem,
  ),
  reference: () => Int32Array.of(1),
  look,
});
const truth = Float32Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : i % 3 === 1 ? 0.5 : 0));
const judged = (score: Float32Array, status = new Uint8Array(score.length)) => ({
  score,
  status,
  raised: new Uint8Array(score.length),
  cacheHits: 0,
});
const ends = { syntheticPass: [0, 0, 0, 0, 1], syntheticFail: [1, 0, 0, 0, 0] };
type Synthetic = Parameters<typeof synthetic.open>[1];
const grade = (changes: Partial<Synthetic>, look = 1, seed = 3, asked = responses(look), score = truth) =>
  synthetic
    .open(
      { nn, seed, models: {}, problems: asked.problems },
      { ...initialValues(synthetic.knobs), ...changes },
    )
    .grade(asked, judged(score)) as Float32Array;

it('maps the score onto the range of rewards for the oracle', () => {
  expect([
    ...(oracle
      .open({ nn, seed: 1, models: {}, problems: [] }, {})
      .grade(responses(1), judged(Float32Array.of(0, 0.5, 1))) as Float32Array),
  ]).toEqual([-1, 0, 1]);
});

it('tells pass from fail without fault where no noise is drawn', () => {
  const reward = grade({ syntheticNoise: [0, 0, 0, 0] });
  for (let i = 0; i < count; i++) {
    expect(Math.abs(reward[i])).toBeGreaterThanOrEqual(0.8);
    expect(reward[i] > 0).toBe(truth[i] === 1);
  }
});

it('puts the drawn share of programs into each band, whatever their truth', () => {
  const syntheticNoise = [0, 0.1, 0.3, 0.2, 0];
  const reward = grade({ syntheticNoise });
  for (const band of [1, 2, 3]) {
    const low = -1 + 0.4 * band;
    const inBand = [...reward].filter((r) => r >= low && r < low + 0.4);
    expect(inBand.length / count).toBeCloseTo(syntheticNoise[band], 1);
    const passing =
      inBand.length && [...reward].filter((r, i) => r >= low && r < low + 0.4 && truth[i] === 1).length;
    expect(passing / inBand.length).toBeCloseTo(1 / 3, 1);
  }
});

it('draws what is no noise from what a pass and what a fail get, whatever the sizes of the bars', () => {
  const reward = grade({ syntheticNoise: [0], syntheticPass: [0, 0.1, 0, 0.3], syntheticFail: [0.5, 0.5] });
  const shareOf = (rewards: number[], low: number, high: number) =>
    rewards.filter((r) => r >= low && r < high).length / rewards.length;
  const passing = [...reward].filter((_, i) => truth[i] === 1);
  expect(shareOf(passing, -0.5, 0)).toBeCloseTo(0.25, 1);
  expect(shareOf(passing, 0.5, 1)).toBeCloseTo(0.75, 1);
  expect(shareOf(passing, -1, -0.5) + shareOf(passing, 0, 0.5)).toBe(0);
  const failing = [...reward].filter((_, i) => truth[i] < 1);
  expect(shareOf(failing, -1, 0)).toBeCloseTo(0.5, 1);
});

it('gives a program the same reward at every look, unless noise is to be fresh', () => {
  const once = { syntheticNoise: [0.5, 0.5] };
  const fresh = { ...once, syntheticErrors: 'fresh' } as const;
  const systematic = { ...once, syntheticErrors: 'systematic' } as const;
  for (const kind of [once, systematic]) {
    expect(grade(kind, 1)).toEqual(grade(kind, 2));
    expect(grade(kind, 1, 3)).not.toEqual(grade(kind, 1, 4));
  }
  expect(grade(fresh, 1)).not.toEqual(grade(fresh, 2));
  expect(grade(fresh, 2)).toEqual(grade(fresh, 2));
});

describe('a systematic error', () => {
  const words = Array.from({ length: 40 }, (_, i) => `word${i}`);
  const text = (rng: Rng) => Array.from({ length: 12 }, () => words[rng.int(40)]).join(' ');
  const rng = stream(1, 'programs');
  const programs = Array.from({ length: 4000 }, () => text(rng));
  const problems = programs.map((reference, i) => ({ id: `problem ${i % 50}`, reference }) as Problem);
  const asked = { ...responses(1), programs, problems };
  const score = Float32Array.from(programs, (_, i) => i % 2);
  const of = (syntheticNoise: number[], score_ = score) =>
    grade({ ...ends, syntheticNoise, syntheticErrors: 'systematic' }, 1, 3, asked, score_);

  it('is a matter of words: it is the same for another problem and another truth', () => {
    const reward = of([0, 0.4, 0.6, 0]);
    const elsewhere = {
      ...asked,
      problems: problems.map(() => ({ id: 'another', reference: '' }) as Problem),
    };
    const style = [...programs.keys()].map((i) => ({ program: programs[i], reward: reward[i] }));
    const same = synthetic
      .open({ nn, seed: 3, models: {}, problems }, {
        ...initialValues(synthetic.knobs),
        ...ends,
        syntheticNoise: [0, 0.4, 0.6, 0],
        syntheticErrors: 'systematic',
      } as Synthetic)
      .grade(elsewhere, judged(score.map((s) => 1 - s))) as Float32Array;
    expect([...same]).toEqual(style.map((each) => each.reward));
  });

  it('fills the drawn bands by the shares drawn, and can be told from single words', () => {
    const reward = of([0, 0.4, 0.6, 0]);
    expect([...reward].every((r) => r >= -0.5 && r <= 0.5)).toBe(true);
    expect([...reward].filter((r) => r < 0).length / reward.length).toBeCloseTo(0.4, 1);
    // Programs with a word that is liked lie above the others, for some word by far.
    const gaps = words.map((word) => {
      const has = [...reward].filter((_, i) => programs[i].split(' ').includes(word));
      const lacks = [...reward].filter((_, i) => !programs[i].split(' ').includes(word));
      return Math.abs(mean(has) - mean(lacks));
    });
    expect(Math.max(...gaps)).toBeGreaterThan(0.1);
  });

  it('leaves the others honest: what is above and below the noise is the truth', () => {
    const reward = of([0, 0.2, 0.2, 0.2, 0]);
    const outside = [...reward.keys()].filter((i) => Math.abs(reward[i]) > 0.6);
    expect(outside.length / programs.length).toBeCloseTo(0.4, 1);
    for (const i of outside) expect(reward[i] > 0).toBe(score[i] === 1);
  });
});

it('must have something to give to a pass and to a fail', () => {
  const knobs = { ...initialValues(synthetic.knobs), syntheticFail: [0, 0] };
  const [conflict] = synthetic.conflicts!(knobs, defaultSettings());
  expect(conflict.message).toBe('syntheticFail must have a bar above 0: a program needs some reward.');
  expect(conflict.repair).toEqual({ 'reward.syntheticFail': [1, 1] });
});
