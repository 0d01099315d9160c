import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReward, type RewardTerm, rewardOf, writeReward } from './rewardExpression.ts';

const term = (column: string, weight = 1, sum = false): RewardTerm => ({ column, weight, sum });

describe('a reward of several columns', () => {
  const columns = [
    'rm',
    'format',
    'rm-large',
    'large',
    'judge-v2.1-0.6B',
    'a b',
    '0.5',
    'sum(x)',
    'x',
    'a+b',
  ];
  it.each<[string, RewardTerm[]]>([
    ['rm', [term('rm')]],
    [' rm + 0.5*format ', [term('rm'), term('format', 0.5)]],
    ['rm+.5 * format', [term('rm'), term('format', 0.5)]],
    ['format*2 - 1e-2*rm', [term('format', 2), term('rm', -0.01)]],
    ['-rm', [term('rm', -1)]],
    ['judge-v2.1-0.6B + format', [term('judge-v2.1-0.6B'), term('format')]],
    ['2*judge-v2.1-0.6B', [term('judge-v2.1-0.6B', 2)]],
    ['rm-large', [term('rm-large')]],
    ['rm - large', [term('rm'), term('large', -1)]],
    ['a b + rm', [term('a b'), term('rm')]],
    ['a+b', [term('a+b')]],
    ['0.5 * 0.5', [term('0.5', 0.5)]],
    ['sum(rm) + x', [term('rm', 1, true), term('x')]],
    ['sum(x)', [term('sum(x)')]],
    ['0*rm + format', [term('rm', 0), term('format')]],
  ])('%s', (expression, terms) => {
    expect(parseReward(expression, columns)).toEqual(terms);
  });

  it.each([
    ['', 'a column is missing at its end'],
    ['rm +', 'a column is missing at its end'],
    ['rm + frmat', 'no column begins “frmat”; there are'],
    ['rm format', 'a + or - is expected before “format”'],
    ['rm + 2', 'a weight needs its column, as in 2*NAME'],
    ['rm * format', 'a number is expected before “format”'],
    ['rm + rm', 'rm stands in it twice'],
    ['2*(rm)', 'no column begins “(rm)”'],
    ['rmx', 'no column begins “rmx”'],
  ])('“%s” is refused with a sentence', (expression, message) => {
    expect(() => parseReward(expression, columns)).toThrow(message);
    expect(() => parseReward(expression, columns)).toThrow(RangeError);
  });

  it('what is written is read again, whatever columns are called', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'b', '-', '.', '1', '_', '+'),
      minLength: 1,
      maxLength: 6,
    });
    const names = fc.uniqueArray(
      name.filter((each) => /^[^+-]/.test(each)),
      { minLength: 1, maxLength: 5 },
    );
    const weights = fc.array(fc.constantFrom(1, -1, 0.5, -2, 1e-9, 0.1), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(
        names,
        weights,
        fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
        (all, weight, sum) => {
          const terms = all.map((column, i) => term(column, weight[i], sum[i]));
          // A sum of names may spell another name; then it means that one.
          const text = writeReward(terms);
          const spells = all.some((each) => terms.length > 1 && text.includes(each) && /[+-]/.test(each));
          if (!spells) expect(parseReward(text, all)).toEqual(terms);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the reward of a row', () => {
  const terms = [term('rm'), term('format', 0.5)];
  const of = (row: Record<string, number | null | 'no number'>) =>
    rewardOf(terms, ({ column }) => row[column]);
  it('is the weighted sum of the columns that have a value', () => {
    expect(of({ rm: 1, format: 1 })).toBe(1.5);
    expect(of({ rm: null, format: 1 })).toBe(0.5);
    expect(of({ rm: 2, format: null })).toBe(2);
    expect(of({ rm: null, format: null })).toBeNull();
    expect(of({ rm: null, format: 'no number' })).toEqual({ column: 'format' });
    expect(of({ rm: 1, format: Number.NaN })).toBeNaN();
  });
});
