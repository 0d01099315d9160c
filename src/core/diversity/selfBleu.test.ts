import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bleu, selfBleu } from './selfBleu.ts';

describe('BLEU', () => {
  it('is what one counts by hand', () => {
    // Of 5 words 4 are there, of 4 pairs 3, of 3 triples 2, of 2 quadruples 1; the same length.
    expect(bleu([1, 2, 3, 4, 9], [[1, 2, 3, 4, 5]])).toBeCloseTo(
      (4 / 5) ** 0.25 * (3 / 4) ** 0.25 * (2 / 3) ** 0.25 * (1 / 2) ** 0.25,
      12,
    );
    // A repeated word counts as often as one reference has it.
    expect(bleu([7, 7, 7], [[7, 7]])).toBe(0);
    expect(bleu([7, 7], [[7, 8, 7, 7]])).toBeCloseTo(Math.exp(1 - 4 / 2), 12);
    // Short of every reference: penalised against the closest.
    expect(bleu([1, 2, 3, 4], [[1, 2, 3, 4, 5, 6]])).toBeCloseTo(Math.exp(1 - 6 / 4), 12);
    // Each n-gram may come from another reference.
    expect(
      bleu(
        [1, 2, 3],
        [
          [1, 2, 9],
          [9, 2, 3, 9],
        ],
      ),
    ).toBe(0);
    expect(
      bleu(
        [1, 2],
        [
          [1, 2],
          [2, 1],
        ],
      ),
    ).toBe(1);
    expect(bleu([], [[1]])).toBe(0);
  });

  const text = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 12 });

  it('is 1 for a copy, and within 0 and 1 for anything', () => {
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 4 }), (one, others) => {
        expect(bleu(one, [...others, one])).toBeCloseTo(1, 12);
        const value = bleu(one, others);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('does not depend on the order of the references, nor on what tokens are called', () => {
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 4 }), (one, others) => {
        expect(bleu(one, others.toReversed())).toBe(bleu(one, others));
        const renamed = (tokens: number[]) => tokens.map((token) => 100 - 7 * token);
        expect(bleu(renamed(one), others.map(renamed))).toBeCloseTo(bleu(one, others), 12);
      }),
    );
  });
});

describe('self-BLEU', () => {
  it('is 1 where all are copies, 0 where nothing is shared and where a text stands alone', () => {
    expect([
      ...selfBleu([
        [1, 2],
        [1, 2],
        [1, 2],
      ]),
    ]).toEqual([1, 1, 1]);
    expect([...selfBleu([[1, 2], [3, 4], [5]])]).toEqual([0, 0, 0]);
    expect([...selfBleu([[1, 2]])]).toEqual([0]);
    expect([
      ...selfBleu([
        [1, 2],
        [1, 2],
        [3, 4],
      ]),
    ]).toEqual([1, 1, 0]);
  });
});
