import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { noSamples } from '../records/record.ts';
import type { Rows } from '../state/arm.ts';
import { decodeRecording } from '../storage/recordFile.ts';
import { findParting, partingInWords } from './parting.ts';

const recorded = async (preset: string) =>
  (await decodeRecording(new Uint8Array(readFileSync(`public/recorded/${preset}.bin`)))).runs;

/** A run of so many looks at the held-out problems. */
const looks = (count: number, pass: (x: number) => number, reward: (x: number) => number): Rows => ({
  iterations: [],
  evaluations: Array.from({ length: count }, (_, i) => ({
    iteration: 5 * i,
    metrics: { heldPass: pass(i / (count - 1)), heldReward: reward(i / (count - 1)) },
  })),
});

describe('where reward and truth part, in recorded runs', () => {
  it('finds the place in the hacked run, on held-out problems and on training samples alike', async () => {
    const [hacked, held] = await recorded('reward-hacking');
    const found = findParting(hacked);
    expect(found).toMatchObject({ kind: 'parted', truthName: 'held-out pass rate' });
    if (found.kind !== 'parted') return;
    expect(found.iteration).toBeGreaterThanOrEqual(5);
    expect(found.iteration).toBeLessThanOrEqual(15);
    expect(found.truth[1]).toBeLessThan(found.truth[0] - 0.05);
    expect(found.reward[1]).toBeGreaterThan(found.reward[0] + 0.1);
    const sampled = findParting({ ...hacked, evaluations: [] });
    expect(sampled).toMatchObject({ kind: 'parted', truthName: 'training pass rate' });
    if (sampled.kind === 'parted')
      expect(Math.abs(sampled.iteration - found.iteration)).toBeLessThanOrEqual(5);
    expect(findParting(held)).toEqual({ kind: 'together' });
  });

  it('finds none in the healthy runs', async () => {
    for (const run of await recorded('healthy')) {
      expect(findParting(run)).toEqual({ kind: 'together' });
      expect(findParting({ ...run, evaluations: [] })).toEqual({ kind: 'together' });
    }
  });
});

describe('where reward and truth part', () => {
  it('is the top of a curve without noise', () => {
    const rows = looks(
      21,
      (x) => 0.6 - Math.abs(x - 0.4),
      (x) => x,
    );
    expect(findParting(rows)).toMatchObject({ kind: 'parted', iteration: 40 });
  });

  it('is nowhere when the truth comes back, or the reward falls too', () => {
    const dip = (x: number) => 0.5 - 0.4 * Math.sin(Math.PI * x);
    expect(findParting(looks(21, dip, (x) => x))).toEqual({ kind: 'together' });
    expect(
      findParting(
        looks(
          21,
          (x) => 0.6 - 0.3 * x,
          (x) => -x,
        ),
      ),
    ).toEqual({ kind: 'together' });
  });

  it('is not said of a handful of points', () => {
    expect(findParting({ iterations: [], evaluations: [] })).toEqual({ kind: 'early' });
    const few = Array.from({ length: 11 }, (_, i) => ({
      iteration: i + 1,
      metrics: { passRate: 1 - i / 10, rewardPi: i / 10 },
      samples: noSamples,
    }));
    expect(findParting({ iterations: few, evaluations: [] })).toEqual({ kind: 'early' });
  });

  it('does not come out of noise: at most one level curve in fifty', () => {
    let parted = 0;
    for (let seed = 0; seed < 500; seed++) {
      const rng = stream(seed, 'parting');
      const rows = looks(
        20,
        () => 0.5 + 0.03 * rng.normal(),
        (x) => x + 0.03 * rng.normal(),
      );
      if (findParting(rows).kind === 'parted') parted++;
    }
    expect(parted).toBeLessThanOrEqual(10);
  });

  it('does not depend on the scale of the reward, and is within the run', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 5, maxLength: 40 }), (points) => {
        const at = (scale: number) =>
          findParting({
            iterations: [],
            evaluations: points.map(([heldPass, reward], iteration) => ({
              iteration,
              metrics: { heldPass, heldReward: scale * reward },
            })),
          });
        const [one, four] = [at(1), at(4)];
        expect(one.kind).toBe(four.kind);
        if (one.kind === 'parted') expect(one.iteration).toBeLessThan(points.length - 1);
      }),
    );
  });
});

it('says in words what was found', () => {
  const parted = {
    kind: 'parted',
    iteration: 10,
    truthName: 'held-out pass rate',
    truth: [0.5, 0.38],
    reward: [-0.35, 0.55],
  } as const;
  expect(partingInWords('beta 0.02', parted)).toBe(
    'beta 0.02: from iteration 10 on the reward rises (−0.35 to 0.55) while the held-out pass rate falls (50\u00a0% to 38\u00a0%).',
  );
  expect(partingInWords('A', { ...parted, iteration: 0 })).toContain('from the start');
  expect(partingInWords('A', { kind: 'together' })).toContain('do not part');
  expect(partingInWords('A', { kind: 'early' })).toContain('too few');
});
