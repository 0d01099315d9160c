import fc from 'fast-check';
import * as oracle from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import {
  editDistance,
  kendall,
  kendallAscending,
  levelsAlong,
  linearFit,
  mean,
  orderOf,
  orderOfSingles,
  pairedDifference,
  pearson,
  quantile,
  r2,
  ranks,
  sd,
  spearman,
  standardError,
} from './stats.ts';

const number = fc.integer({ min: -1000, max: 1000 }).map((x) => x / 8);
const column = fc.array(number, { minLength: 3, maxLength: 40 });
const pairs = fc
  .array(fc.tuple(number, fc.integer({ min: 0, max: 3 })), { minLength: 3, maxLength: 40 })
  .map((rows) => ({ x: rows.map(([x]) => x), y: rows.map(([, y]) => y) }));
const varied = (x: number[]) => new Set(x).size > 1;

describe('against simple-statistics', () => {
  it('mean, deviation, standard error and quantiles', () => {
    fc.assert(
      fc.property(column, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (x, q) => {
        expect(mean(x)).toBeCloseTo(oracle.mean(x), 9);
        expect(sd(x)).toBeCloseTo(oracle.sampleStandardDeviation(x), 9);
        expect(standardError(x)).toBeCloseTo(oracle.sampleStandardDeviation(x) / Math.sqrt(x.length), 9);
        const sorted = [...x].sort((a, b) => a - b);
        expect(quantile(x, q)).toBeGreaterThanOrEqual(sorted[0]);
        expect(quantile(x, q)).toBeLessThanOrEqual(sorted[x.length - 1]);
        expect(quantile(x, 0.5)).toBeCloseTo(oracle.median(x), 9);
      }),
    );
  });

  it('correlation, regression and R²', () => {
    fc.assert(
      fc.property(pairs, ({ x, y }) => {
        fc.pre(varied(x) && varied(y));
        const line = linearFit(x, y);
        const points = x.map((value, i) => [value, y[i]]);
        const expected = oracle.linearRegression(points);
        expect(line.slope).toBeCloseTo(expected.m, 9);
        expect(line.intercept).toBeCloseTo(expected.b, 7);
        expect(r2(x, y)).toBeCloseTo(oracle.rSquared(points, oracle.linearRegressionLine(expected)), 7);
        expect(pearson(x, y)).toBeCloseTo(oracle.sampleCorrelation(x, y), 9);
        const sharedX = new Set(x).size === x.length;
        if (sharedX && new Set(y).size === y.length) {
          expect(spearman(x, y)).toBeCloseTo(oracle.sampleRankCorrelation(x, y), 9);
        }
      }),
    );
  });

  it('a weight counts like a repetition', () => {
    const weighted = fc.array(fc.tuple(number, number, fc.integer({ min: 0, max: 3 })), {
      minLength: 3,
      maxLength: 15,
    });
    fc.assert(
      fc.property(weighted, (rows) => {
        const repeated = rows.flatMap(([x, y, w]) => Array.from({ length: w }, () => [x, y]));
        fc.pre(varied(repeated.map(([x]) => x)) && varied(repeated.map(([, y]) => y)));
        const [x, y, w] = [0, 1, 2].map((i) => rows.map((row) => row[i]));
        const line = linearFit(
          repeated.map(([value]) => value),
          repeated.map(([, value]) => value),
        );
        expect(linearFit(x, y, w).r2).toBeCloseTo(line.r2, 7);
        expect(linearFit(x, y, w).slope).toBeCloseTo(line.slope, 7);
      }),
    );
  });
});

describe('against reference values', () => {
  // scipy.stats on the same numbers: spearmanr, kendalltau (tau-b).
  const x = [12, 2, 1, 12, 2];
  const y = [1, 4, 7, 1, 0];

  it('Kendall and Spearman with ties', () => {
    expect(kendall(x, y)).toBeCloseTo(-0.4714045207910316, 12);
    expect(spearman(x, y)).toBeCloseTo(-0.5407380704358752, 12);
  });

  it('Kendall by counting all pairs', () => {
    fc.assert(
      fc.property(pairs, (column) => {
        fc.pre(varied(column.x) && varied(column.y));
        let sum = 0;
        let pairsX = 0;
        let pairsY = 0;
        for (let i = 0; i < column.x.length; i++) {
          for (let j = 0; j < i; j++) {
            const a = Math.sign(column.x[i] - column.x[j]);
            const b = Math.sign(column.y[i] - column.y[j]);
            sum += a * b;
            pairsX += a * a;
            pairsY += b * b;
          }
        }
        expect(kendall(column.x, column.y)).toBeCloseTo(sum / Math.sqrt(pairsX * pairsY), 9);
      }),
    );
  });

  it('Kendall of rows that count several times, or not at all, is that of the rows written out', () => {
    fc.assert(
      fc.property(
        pairs,
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 40 }),
        (column, uses) => {
          const order = column.x
            .map((_, i) => i)
            .sort((a, b) => column.x[a] - column.x[b] || column.y[a] - column.y[b]);
          const weight = order.map((row) => uses[row]);
          const repeated = order.flatMap((row) => Array<number>(uses[row]).fill(row));
          const written = {
            x: repeated.map((row) => column.x[row]),
            y: repeated.map((row) => column.y[row]),
          };
          fc.pre(varied(written.x) && varied(written.y));
          const { level, levels } = levelsAlong(orderOf(column.y), column.y);
          const found = kendallAscending(
            order.map((row) => column.x[row]),
            Int32Array.from(order, (row) => level[row]),
            levels,
            weight,
          );
          expect(found).toBeCloseTo(kendall(written.x, written.y), 12);
        },
      ),
    );
  });

  it('Anscombe’s first quartet', () => {
    const a = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const b = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    expect(r2(a, b)).toBeCloseTo(0.66654, 5);
  });

  it('quantiles as NumPy gives them', () => {
    expect(quantile([4, 1, 3, 2], 0.4)).toBeCloseTo(2.2, 12);
    expect([...ranks([3, 1, 3, 2])]).toEqual([3.5, 1, 3.5, 2]);
  });
});

describe('orders', () => {
  it('of single-precision numbers are the same as of any numbers', () => {
    const singles = fc.array(fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1, -1)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(singles, (x) => {
        expect([...orderOfSingles(x)]).toEqual([...orderOf(x)]);
      }),
    );
  });
});

describe('what is not defined is NaN', () => {
  it('for empty and constant columns', () => {
    expect(mean([])).toBeNaN();
    expect(sd([1])).toBeNaN();
    expect(r2([1, 2, 3], [5, 5, 5])).toBeNaN();
    expect(r2([1], [2])).toBeNaN();
    expect(pearson([1, 1, 1], [1, 2, 3])).toBeNaN();
    expect(kendall([1, 1], [1, 2])).toBeNaN();
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('but a constant reward simply explains nothing', () => {
    expect(r2([2, 2, 2], [0, 1, 1])).toBe(0);
  });

  it('and large offsets lose no digits', () => {
    const x = [1, 2, 3, 4].map((v) => v + 1e9);
    expect(r2(x, [2, 4, 6, 8.5])).toBeCloseTo(r2([1, 2, 3, 4], [2, 4, 6, 8.5]), 9);
  });
});

describe('edit distance', () => {
  it('is a metric and counts edits', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance([], [1, 2])).toBe(2);
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});

describe('paired difference', () => {
  it('pairs by seed', () => {
    const result = pairedDifference([3, 5, 4], [2, 5, 1]);
    expect(result.mean).toBeCloseTo(4 / 3, 12);
    expect(result.standardError).toBeCloseTo(oracle.sampleStandardDeviation([1, 0, 3]) / Math.sqrt(3), 12);
    expect([result.wins, result.count]).toEqual([2, 3]);
    expect(() => pairedDifference([1], [1, 2])).toThrow(RangeError);
  });
});
