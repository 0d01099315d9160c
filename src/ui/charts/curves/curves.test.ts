import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialSpread } from '../../../core/analysis/bins.ts';
import {
  type CurveArm,
  columnsOf,
  curve,
  format,
  momentAt,
  momentOn,
  nearest,
  sameColumns,
  tableOf,
  tick,
} from './curves.ts';

const arm: CurveArm = {
  id: 'a',
  label: 'BW',
  series: 1,
  origin: 'live',
  synthetic: false,
  ghost: null,
  heldSamples: 100,
  iterations: [
    { iteration: 1, metrics: { kl: 0.1, samples: 240 } },
    { iteration: 2, metrics: { kl: Number.NaN, samples: 480 } },
    { iteration: 3, metrics: { samples: 720 } },
    { iteration: 4, metrics: { kl: 0.4 } },
  ],
  evaluations: [
    { iteration: 0, metrics: { heldPass: 0.3, heldGreedy: 0.6 } },
    { iteration: 2, metrics: { heldPass: 0.5 } },
  ],
};

describe('curve', () => {
  test('leaves out what was not measured or is not finite', () => {
    expect(curve(arm, 'kl', 'iteration')).toMatchObject({ x: [1, 4], y: [0.1, 0.4] });
  });

  test('places an evaluation by what its iteration had cost, the starting policy at 0', () => {
    expect(curve(arm, 'heldPass', 'samples')).toMatchObject({ x: [0, 480], y: [0.3, 0.5] });
  });

  test('leaves out points whose place on the axis is unknown', () => {
    expect(curve(arm, 'kl', 'samples')).toMatchObject({ x: [240], y: [0.1] });
  });

  test('bands the held-out pass rate by its binomial standard error, and nothing else', () => {
    const line = curve(arm, 'heldPass', 'iteration', { band: true });
    expect(line.high![1] - line.y[1]).toBeCloseTo(0.05);
    expect(line.y[1] - line.low![1]).toBeCloseTo(0.05);
    expect(curve(arm, 'heldGreedy', 'iteration', { band: true }).low).toBeUndefined();
    expect(curve({ ...arm, heldSamples: 0 }, 'heldPass', 'iteration', { band: true }).low).toBeUndefined();
  });
});

test('the error of a rate is largest at one half and none at the ends', () => {
  expect(binomialSpread(0.5, 25)).toBeCloseTo(0.1);
  expect(binomialSpread(0, 25)).toBe(0);
  expect(binomialSpread(1, 25)).toBe(0);
});

test('nearest finds the nearest of any sorted places', () => {
  const places = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 });
  fc.assert(
    fc.property(places, fc.integer({ min: -1200, max: 1200 }), (raw, x) => {
      const xs = raw.toSorted((a, b) => a - b);
      const least = Math.min(...xs.map((place) => Math.abs(place - x)));
      expect(Math.abs(xs[nearest(xs, x)] - x)).toBe(least);
    }),
  );
  expect(nearest([], 3)).toBe(-1);
});

test('a table has a row for every place and null where a line has no point', () => {
  const a = curve(arm, 'kl', 'iteration');
  const b = curve(arm, 'heldPass', 'iteration');
  expect(tableOf([a, b])).toEqual({
    x: [0, 1, 2, 4],
    columns: [
      [null, 0.1, null, 0.4],
      [0.3, null, 0.5, null],
    ],
  });
});

test('numbers keep their digits, thousands and sign, and small ones are not rounded to nothing', () => {
  expect(format(0.12345, 3)).toBe('0.123');
  expect(format(1234567, 0)).toBe('1,234,567');
  expect(format(-2, 1)).toBe('−2.0');
  expect(format(0.00001, 3)).toBe('1.0e−5');
  expect(format(0, 3)).toBe('0.000');
  expect(format(Number.NaN, 3)).toBe('–');
  expect([0.25, 12_000, 2_500_000, -3].map(tick)).toEqual(['0.25', '12 k', '2.5 M', '−3']);
});

describe('the moment that the page shows', () => {
  const other = { ...arm, id: 'b', iterations: [{ iteration: 2, metrics: { samples: 96 } }] };
  const line = (of: CurveArm) => curve(of, 'heldPass', 'iteration');

  test('is one place for all lines where the axis counts iterations', () => {
    const moment = momentOn([arm, other], 'iteration', 2);
    expect([momentAt(moment, line(arm)), momentAt(moment, line(other))]).toEqual([2, 2]);
  });

  test('is a place per arm on an axis of costs, and none for an arm that has not come so far', () => {
    const at = (iteration: number | null) => {
      const moment = momentOn([arm, other], 'samples', iteration);
      return [momentAt(moment, line(arm)), momentAt(moment, line(other))];
    };
    expect(at(2)).toEqual([480, 96]);
    expect(at(3)).toEqual([720, null]);
    expect(at(4)).toEqual([null, null]);
    expect(at(null)).toEqual([null, null]);
  });
});

describe('columnsOf', () => {
  const banded = curve(arm, 'heldPass', 'iteration', { band: true });

  test('gives a banded line its low and its high before its middle', () => {
    const [x, low, high, middle] = columnsOf([banded]);
    expect([x, middle]).toEqual([
      [0, 2],
      [0.3, 0.5],
    ]);
    expect([low, high]).toEqual([banded.low, banded.high]);
  });

  test('are the same when nothing was logged, and not when anything was', () => {
    const drawn = columnsOf([banded]);
    expect(sameColumns(drawn, columnsOf([{ ...banded }]))).toBe(true);
    for (const other of [
      [],
      [banded, banded],
      [{ ...banded, y: [0.3, 0.6] }],
      [{ ...banded, x: [...banded.x, 4], y: [...banded.y, 0.5] }],
    ])
      expect(sameColumns(drawn, columnsOf(other))).toBe(false);
  });
});
