import { expect, it } from 'vitest';
import { stream } from '../random.ts';
import { drawBuffer } from './samplers.ts';

it('a draw from a large buffer is the first row whose share of the sum reaches the number that was drawn', () => {
  for (const rows of [1, 2, 63, 64, 65, 200, 5000]) {
    const rng = stream(rows, 'weights');
    const weights = Float64Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 0 : rng.uniform() ** 8));
    if (rows < 3) weights.fill(1);
    const sum = weights.reduce((a, b) => a + b, 0);
    const same = stream(1, 'draw');
    const plain = Array.from(weights, () => {
      const target = same.uniform() * sum;
      let before = 0;
      return weights.findIndex((weight) => {
        before += weight;
        return before > target;
      });
    });
    expect([...drawBuffer(weights, stream(1, 'draw'))]).toEqual(plain);
  }
});
