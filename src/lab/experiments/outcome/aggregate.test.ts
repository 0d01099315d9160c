import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, sd, standardError } from '../../../core/statistics/stats.ts';
import { halfWidth95 } from '../../../core/statistics/studentT.ts';
import { bands, type CurveRun, countVaries, meanCurve, pairs, runPoints } from './aggregate.ts';

/** A run with a look after every second iteration. */
const run = (seed: number, passes: readonly number[], tokens = 10): CurveRun => ({
  seed,
  evaluations: passes.map((heldPass, i) => ({ iteration: 2 * i, metrics: { heldPass } })),
  iterations: Array.from({ length: 2 * (passes.length - 1) }, (_, i) => ({
    iteration: i + 1,
    metrics: { kl: (i + 1) * seed, updateTokens: (i + 1) * tokens },
  })),
});

describe('meanCurve', () => {
  it('gives mean, band and number of runs at each iteration', () => {
    const runs = [run(1, [0.4, 0.5, 0.7]), run(2, [0.4, 0.6]), run(3, [0.4, 0.7])];
    const values = [0.5, 0.6, 0.7];
    const half = {
      t95: halfWidth95(standardError(values), 3)!,
      se: standardError(values),
      sd: sd(values),
      range: 0.1,
    };
    for (const band of bands) {
      const curve = meanCurve(runs, 'heldPass', 'iteration', band);
      expect(curve.map(({ iteration, n }) => [iteration, n])).toEqual([
        [0, 3],
        [2, 3],
        [4, 1],
      ]);
      expect(curve[1].mean).toBeCloseTo(0.6);
      expect(curve[1].low).toBeCloseTo(0.6 - half[band]);
      expect(curve[1].high).toBeCloseTo(0.6 + half[band]);
      expect(curve[2]).toMatchObject({ mean: 0.7, low: null, high: null });
      expect(countVaries([curve])).toBe(true);
    }
  });

  it('puts points where the runs were on a cost axis, the starting policy at nothing', () => {
    const runs = [run(1, [0.4, 0.5], 10), run(2, [0.4, 0.5], 30)];
    expect(meanCurve(runs, 'heldPass', 'updateTokens', 'se').map(({ x }) => x)).toEqual([0, 40]);
    expect(runPoints(runs[0], 'kl', 'updateTokens').map(({ x }) => x)).toEqual([10, 20]);
    // What has no place on the axis is left out.
    expect(runPoints({ ...runs[0], iterations: [] }, 'heldPass', 'samples').map(({ x }) => x)).toEqual([0]);
  });

  it('subtracts the baseline run of the same seed, and leaves out seeds that have none', () => {
    const own = [run(1, [0.4, 0.6]), run(2, [0.5, 0.9]), run(9, [0, 0])];
    const base = [run(2, [0.5, 0.6]), run(1, [0.4, 0.5])];
    const curve = meanCurve(own, 'heldPass', 'iteration', 'range', base);
    expect(curve.map(({ n }) => n)).toEqual([2, 2]);
    expect(curve[0].mean).toBeCloseTo(0);
    expect(curve[1].mean).toBeCloseTo(0.2);
    expect(curve[1].low).toBeCloseTo(0.1);
    expect(curve[1].high).toBeCloseTo(0.3);
    expect(pairs(own, base).map(([a, b]) => [a.seed, b.seed])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('agrees with the mean of the runs, whatever they logged', () => {
    const runs = fc.array(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(runs, (passes) => {
        const own = passes.map((each, seed) => run(seed, each));
        for (const { iteration, mean: centre, n } of meanCurve(own, 'heldPass', 'iteration', 't95')) {
          const here = passes.flatMap((each) => each[iteration / 2] ?? []);
          expect(n).toBe(here.length);
          expect(centre).toBeCloseTo(mean(here), 12);
        }
      }),
    );
  });
});

it('knows when all points rest on the same number of runs', () => {
  const runs = [run(1, [0.4, 0.5]), run(2, [0.4, 0.5])];
  expect(countVaries([meanCurve(runs, 'heldPass', 'iteration', 'se')])).toBe(false);
});
