/** The English of the engine without `Intl`, held against Node's. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collate } from './collation.ts';
import { formatNumber } from './numberFormat.ts';

const text = fc.string({ unit: fc.constantFrom(...'aAbBzZéÉèüñ 09-_.,!$\'"(~^'), maxLength: 6 });

test.each([
  {},
  { sensitivity: 'base' },
  { sensitivity: 'accent' },
  { numeric: true },
  { numeric: true, sensitivity: 'base' },
])('texts are ordered as in Unicode: %j', (options) => {
  const collator = new Intl.Collator('en-US', options as Intl.CollatorOptions);
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(collate(a, b, options), JSON.stringify([a, b])).toBe(Math.sign(collator.compare(a, b)));
    }),
    { numRuns: 1000 },
  );
});

test('all of ASCII is in order', () => {
  const all = Array.from({ length: 128 }, (_, i) => String.fromCharCode(i));
  for (const a of all)
    for (const b of all)
      expect(collate(a, b), JSON.stringify([a, b])).toBe(Math.sign(new Intl.Collator('en-US').compare(a, b)));
});

test.each([
  {},
  { maximumFractionDigits: 0 },
  { minimumFractionDigits: 2 },
  { minimumFractionDigits: 2, maximumFractionDigits: 2 },
  { maximumFractionDigits: 10 },
  { useGrouping: false },
  { minimumIntegerDigits: 4 },
  { style: 'percent' },
  { style: 'percent', minimumFractionDigits: 1 },
  { style: 'currency', currency: 'USD' },
  { style: 'currency', currency: 'JPY' },
  { style: 'currency', currency: 'CHF', minimumFractionDigits: 0 },
])('numbers are written as Node writes them: %j', (options) => {
  const native = new Intl.NumberFormat('en-US', options as Intl.NumberFormatOptions);
  const number = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 1000),
    fc.constantFrom(0, -0, 0.5, 1.005, 2.5, -2.5, 999.9995, 1e21, 1e-7, 0.0005, 9.995, 99999.5),
  );
  fc.assert(
    fc.property(fc.oneof(number, fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n })), (value) => {
      expect(formatNumber(value, options), String(value)).toBe(native.format(value));
    }),
    { numRuns: 1000 },
  );
});
