import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../random.ts';
import { betaLogDensity, betaScore, digamma, drawBeta, logGamma } from './beta.ts';
import { mean, sd } from './stats.ts';

/** Parameters from far below 1, where the density piles up at the ends, to far above, where it is a needle. */
const parameter = fc.double({ min: -3, max: 4, noNaN: true }).map(Math.exp);
const inside = fc.double({ min: 0.01, max: 0.99, noNaN: true });

describe('log Γ and ψ', () => {
  it('have the values of the tables', () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(logGamma(10)).toBeCloseTo(Math.log(362_880), 12);
    expect(digamma(1)).toBeCloseTo(-0.577_215_664_901_532_9, 13);
    expect(digamma(0.5)).toBeCloseTo(-1.963_510_026_021_423_5, 13);
    expect(digamma(100)).toBeCloseTo(4.600_161_852_738_087, 13);
  });

  it('obey their recurrences', () => {
    fc.assert(
      fc.property(parameter, (x) => {
        expect(logGamma(x + 1)).toBeCloseTo(logGamma(x) + Math.log(x), 9);
        expect(digamma(x + 1)).toBeCloseTo(digamma(x) + 1 / x, 9);
      }),
    );
  });
});

describe('the Beta density', () => {
  it('adds up to one', () => {
    const n = 20_000;
    for (const [alpha, beta] of [
      [1, 1],
      [2, 5],
      [7.5, 1.5],
    ]) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += Math.exp(betaLogDensity((i + 0.5) / n, alpha, beta)) / n;
      expect(sum).toBeCloseTo(1, 4);
    }
  });

  it('has the gradient of its logarithm that finite differences show', () => {
    fc.assert(
      fc.property(inside, parameter, parameter, (m, alpha, beta) => {
        const step = 1e-5;
        const slope = (of: (h: number) => number) => (of(step) - of(-step)) / (2 * step);
        const { logAlpha, logBeta } = betaScore(m, alpha, beta);
        const size = 1 + Math.abs(logAlpha) + Math.abs(logBeta) + alpha + beta;
        const a = slope((h) => betaLogDensity(m, alpha * Math.exp(h), beta));
        const b = slope((h) => betaLogDensity(m, alpha, beta * Math.exp(h)));
        expect(Math.abs(a - logAlpha) / size).toBeLessThan(1e-6);
        expect(Math.abs(b - logBeta) / size).toBeLessThan(1e-6);
      }),
    );
  });
});

describe('draws', () => {
  it('have the mean and the deviation of the distribution, and a score of mean 0', () => {
    fc.assert(
      fc.property(parameter, parameter, fc.nat(1000), (alpha, beta, seed) => {
        const rng = stream(seed, 'draws');
        const n = 2000;
        const draws = Array.from({ length: n }, () => drawBeta(rng, alpha, beta));
        const total = alpha + beta;
        const deviation = Math.sqrt((alpha * beta) / (total * total * (total + 1)));
        // Six standard errors, and what the margin at the ends may move.
        expect(Math.abs(mean(draws) - alpha / total)).toBeLessThan((6 * deviation) / Math.sqrt(n) + 1e-5);
        expect(draws.every((m) => m > 0 && m < 1)).toBe(true);
        if (alpha > 0.5 && beta > 0.5) {
          expect(Math.abs(sd(draws) / deviation - 1)).toBeLessThan(0.25);
          const scores = draws.map((m) => betaScore(m, alpha, beta).logAlpha);
          expect(Math.abs(mean(scores))).toBeLessThan((6 * sd(scores)) / Math.sqrt(n));
        }
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('are the same for the same stream', () => {
    const draw = () => drawBeta(stream(3, 'one'), 2, 3);
    expect(draw()).toBe(draw());
  });
});
