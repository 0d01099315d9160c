import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mean } from '../core/statistics/stats.ts';

it('says of the careless reward model what was measured when it was trained', () => {
  const file = new URL('../../public/checkpoints/default/manifest.json', import.meta.url);
  const { metrics, reliability } = JSON.parse(readFileSync(file, 'utf8')).models['reward-careless'] as {
    metrics: Record<string, number>;
    reliability: number[];
  };
  // "What it says goes with the taste far more than with the truth."
  expect(metrics.heldStyleCorrelation).toBeGreaterThan(2 * metrics.heldTruthCorrelation);
  // "What it likes least passes least."
  expect(Math.min(...reliability)).toBe(reliability[0]);
  // "What it likes best passes no more often than what it finds middling."
  expect(reliability[9]).toBeLessThanOrEqual(mean(reliability.slice(4, 9)));
});
