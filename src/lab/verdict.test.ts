import { expect, it } from 'vitest';
import type { PublishedSummary } from './publishedSummary.ts';
import { comparison, estimate, percentPoints } from './verdict.ts';

const arm = (
  name: string,
  difference: [number, number | null] | null,
  tokens: number,
): PublishedSummary['arms'][number] => ({
  arm: name,
  heldStart: { mean: 0.34, standardError: 0.01, count: 3 },
  heldEnd: { mean: 0.5, standardError: 0.01, count: 3 },
  difference: difference && { mean: difference[0], standardError: difference[1], count: 3 },
  updateTokens: { mean: tokens, standardError: 0, count: 3 },
});

it('tells apart only what the interval over the seeds tells apart', () => {
  const lines = comparison({
    reference: 'PPO-M',
    arms: [
      arm('PPO-M', null, 100),
      arm('BoN', [-0.06, 0.01], 20),
      arm('BW', [-0.03, 0.01], 40),
      arm('BR', [0.05, 0.01], 40),
      arm('one seed', [0.2, null], 100),
    ],
  });
  expect(lines).toEqual([
    'BR is above PPO-M: the 95 % interval of the paired difference leaves zero out.',
    'BoN is below PPO-M: the 95 % interval of the paired difference leaves zero out.',
    'BW and one seed are not told apart from PPO-M over these seeds.',
    "What filtering does buy is cost: BoN, BW and BR train on 20 to 40 % of PPO-M's update tokens.",
  ]);
});

it('writes estimates in per cent with their error', () => {
  expect(estimate({ mean: 0.4862, standardError: 0.009, count: 3 })).toBe('48.6 ± 0.9');
  expect(estimate({ mean: 0.5, standardError: null, count: 1 })).toBe('50.0');
  expect(estimate(null)).toBe('–');
  expect(percentPoints({ mean: 0.03, standardError: 0.01, count: 3 })).toBe('+3.0 ± 1.0');
  expect(percentPoints({ mean: -0.03, standardError: 0.01, count: 3 })).toBe('−3.0 ± 1.0');
});
