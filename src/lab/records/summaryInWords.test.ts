import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pairedDifference } from '../../core/statistics/stats.ts';
import type { PublishedSummary } from './publishedResults.ts';
import { estimate, interval95, seedsInWords, summaryInWords } from './summaryInWords.ts';

const arm = (
  name: string,
  difference: [number, number | null] | null,
  tokens: number,
  count = 3,
): PublishedSummary['arms'][number] => ({
  arm: name,
  heldStart: { mean: 0.34, standardError: 0.01, count: 3 },
  heldEnd: { mean: 0.5, standardError: 0.01, count: 3 },
  difference: difference && { mean: difference[0], standardError: difference[1], count },
  updateTokens: { mean: tokens, standardError: 0, count: 3 },
});

it('tells apart only what the interval over the seeds tells apart', () => {
  const lines = summaryInWords({
    reference: 'PPO-M',
    arms: [
      arm('PPO-M', null, 100),
      arm('BoN', [-0.06, 0.01], 20),
      arm('BW', [-0.03, 0.01], 40),
      arm('BR', [0.05, 0.01], 40),
      arm('Rand2', [0.2, null], 100, 1),
      // Learns nothing, and so saves nothing.
      arm('SFT', [-0.2, 0.01], 0),
    ],
  });
  expect(lines).toEqual([
    'BR is above PPO-M: the 95 % interval of the paired difference over three seeds leaves zero out.',
    'BoN and SFT are below PPO-M: the 95 % interval of the paired difference over three seeds leaves zero out.',
    'BW is not told apart from PPO-M over three seeds.',
    'One seed cannot tell Rand2 from PPO-M: run at least three.',
    "What is saved is cost: BoN, BW and BR train on 20 to 40 % of PPO-M's update tokens.",
  ]);
});

/** Pass rates as they come: of 60 programs each. */
const passes = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 60 }), { minLength: count, maxLength: count });
const verdicts = (own: number[], other: number[]) => {
  const { mean, standardError, count } = pairedDifference(
    own.map((n) => n / 60),
    other.map((n) => n / 60),
  );
  return summaryInWords({
    reference: 'PPO-M',
    arms: [arm('PPO-M', null, 100), arm('BW', [mean, standardError], 100, count)],
  });
};

it('never tells arms apart by two seeds, and says so', () => {
  fc.assert(
    fc.property(passes(2), passes(2), (own, other) => {
      expect(verdicts(own, other)).toEqual(['Two seeds cannot tell BW from PPO-M: run at least three.']);
    }),
  );
});

it('never tells arms apart by a difference that is the same in every seed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 6 }).chain((count) => passes(count)),
      fc.integer({ min: -60, max: 60 }),
      (own, by) => {
        const [line] = verdicts(
          own,
          own.map((n) => n - by),
        );
        const seeds = seedsInWords([own.length]);
        if (by === 0) expect(line).toBe(`BW is not told apart from PPO-M over ${seeds}.`);
        else expect(line).toContain(`differs from PPO-M by the same over ${seeds}: that can be chance`);
      },
    ),
  );
});

it('counts seeds in words', () => {
  expect(seedsInWords([1])).toBe('one seed');
  expect(seedsInWords([2, 2])).toBe('two seeds');
  expect(seedsInWords([5, 3, 4])).toBe('3 to 5 seeds');
});

it('writes estimates in per cent with their error', () => {
  expect(estimate({ mean: 0.4862, standardError: 0.009, count: 3 })).toBe('48.6 ± 0.9');
  expect(estimate({ mean: 0.5, standardError: null, count: 1 })).toBe('50.0');
  expect(estimate(null)).toBe('–');
});

it('writes differences with their interval, where there is one', () => {
  // Student's t with two degrees of freedom: 4.303.
  expect(interval95({ mean: 0.03, standardError: 0.01, count: 3 })).toBe('+3.0 (−1.3 to 7.3)');
  expect(interval95({ mean: -0.03, standardError: 0.001, count: 3 })).toBe('−3.0 (−3.4 to −2.6)');
  expect(interval95({ mean: -0.03, standardError: null, count: 1 })).toBe('−3.0');
  expect(interval95(null)).toBe('–');
});
