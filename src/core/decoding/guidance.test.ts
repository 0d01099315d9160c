import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guideOffset, histogramOffset, passChance, sigmoid } from './guidance.ts';
import { guideTree, treePays } from './tree.ts';

const logOdds = fc.double({ min: -30, max: 30, noNaN: true });
const inverse = fc.double({ min: 0, max: 60, noNaN: true });

describe('the offset of guidance', () => {
  it('is the formula that the papers print', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -6, max: 6, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (z, s) => {
          const p = sigmoid(z);
          expect(guideOffset('q-sharp', z, s)).toBeCloseTo(Math.log(1 + p * (Math.exp(s) - 1)), 8);
          expect(guideOffset('cd', z, s)).toBeCloseTo(p * s, 8);
        },
      ),
    );
  });

  it('is nothing at 1/η = 0, at most 1/η, and larger for what succeeds more', () => {
    fc.assert(
      fc.property(
        logOdds,
        logOdds,
        inverse,
        fc.constantFrom('q-sharp' as const, 'cd' as const),
        (a, b, s, rule) => {
          expect(guideOffset(rule, a, 0)).toBe(0);
          const [x, y] = [guideOffset(rule, a, s), guideOffset(rule, b, s)];
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(s + 1e-9);
          if (a > b) expect(x).toBeGreaterThanOrEqual(y - 1e-9);
        },
      ),
    );
  });

  it('stays finite where e^(1/η) does not', () => {
    expect(guideOffset('q-sharp', -5, 5000)).toBeCloseTo(5000 - 5 - Math.log1p(Math.exp(-5)), 6);
  });

  it('of Q# is never below that of CD: the exponential of a mean is at most the mean of exponentials', () => {
    fc.assert(
      fc.property(logOdds, inverse, (z, s) => {
        expect(guideOffset('q-sharp', z, s)).toBeGreaterThanOrEqual(guideOffset('cd', z, s) - 1e-9);
      }),
    );
  });
});

describe('the offset of a histogram', () => {
  const rules = fc.constantFrom('q-sharp' as const, 'cd' as const);
  const bins = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 2, maxLength: 11 });

  it('is that of one probability where the reward is 0 or 1', () => {
    fc.assert(
      fc.property(
        rules,
        logOdds,
        fc.double({ min: -5, max: 5, noNaN: true }),
        inverse,
        (rule, z, shift, s) => {
          expect(histogramOffset(rule, [shift, shift + z], s)).toBeCloseTo(guideOffset(rule, z, s), 7);
          expect(passChance([shift, shift + z])).toBeCloseTo(passChance([z]), 9);
        },
      ),
    );
  });

  it('is ln E[e^(z/η)] over the bins, and E[z]/η for CD', () => {
    fc.assert(
      fc.property(bins, fc.double({ min: 0, max: 20, noNaN: true }), (logits, s) => {
        const odds = logits.map(Math.exp);
        const whole = odds.reduce((sum, x) => sum + x);
        const expected = (of: (reward: number) => number) =>
          odds.reduce((sum, x, k) => sum + (x / whole) * of(k / (logits.length - 1)), 0);
        expect(histogramOffset('q-sharp', logits, s)).toBeCloseTo(
          Math.log(expected((z) => Math.exp(z * s))),
          6,
        );
        expect(histogramOffset('cd', logits, s)).toBeCloseTo(s * expected((z) => z), 6);
      }),
    );
  });

  it('is nothing at 1/η = 0, and lies between 0 and 1/η', () => {
    fc.assert(
      fc.property(rules, bins, inverse, (rule, logits, s) => {
        expect(histogramOffset(rule, logits, 0)).toBe(0);
        const offset = histogramOffset(rule, logits, s);
        expect(offset).toBeGreaterThanOrEqual(-1e-9);
        expect(offset).toBeLessThanOrEqual(s + 1e-9);
      }),
    );
  });
});

describe('the tree of Figure 4', () => {
  const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

  it('is the starting policy as η grows', () => {
    fc.assert(
      fc.property(share, fc.constantFrom('q-sharp' as const, 'cd' as const), (left, rule) => {
        const { left: now, reward, kl } = guideTree(rule, left, 0);
        expect(now).toBeCloseTo(left, 12);
        expect(kl).toBeCloseTo(0, 12);
        expect(reward).toBeCloseTo(0.1 * left + 0.05 * (1 - left), 12);
      }),
    );
  });

  it('parts as η falls: CD goes left for 0.1, Q# goes right for 1', () => {
    fc.assert(
      fc.property(share, (left) => {
        const cd = guideTree('cd', left, 5000);
        expect(cd.left).toBeCloseTo(1, 9);
        expect(cd.reward).toBeCloseTo(0.1, 9);
        expect(cd.firstKl).toBeCloseTo(Math.log(1 / left), 6);
        const sharp = guideTree('q-sharp', left, 5000);
        expect(sharp.left).toBeCloseTo(0, 9);
        expect(sharp.reward).toBeCloseTo(1, 9);
        expect(sharp.firstKl).toBeCloseTo(Math.log(1 / (1 - left)), 6);
        expect(sharp.kl).toBeCloseTo(Math.log(1 / (1 - left)) + Math.log(1 / treePays.right), 6);
      }),
    );
  });

  it('is what the closed forms say in between', () => {
    fc.assert(
      fc.property(share, fc.double({ min: 0, max: 20, noNaN: true }), (left, s) => {
        const right = 1 - left;
        const odds = left * Math.exp(0.1 * s);
        expect(guideTree('cd', left, s).left).toBeCloseTo(odds / (odds + right * Math.exp(0.05 * s)), 9);
        expect(guideTree('q-sharp', left, s).left).toBeCloseTo(
          odds / (odds + right * (0.05 * Math.exp(s) + 0.95)),
          9,
        );
      }),
    );
  });

  it('pays Q# the most of what the same price of moving can buy', () => {
    // The objective E[r] − η KL is maximal at the Q# policy: no mixture with CD is better.
    fc.assert(
      fc.property(share, fc.double({ min: 0.5, max: 30, noNaN: true }), (left, s) => {
        const worth = ({ reward, kl }: { reward: number; kl: number }) => reward - kl / s;
        expect(worth(guideTree('q-sharp', left, s))).toBeGreaterThanOrEqual(
          worth(guideTree('cd', left, s)) - 1e-9,
        );
      }),
    );
  });
});
