/** The Beta distribution: its density, the gradient of its logarithm in both parameters, and draws from a stream. */
import type { Rng } from '../random.ts';

/** Where the asymptotic series of both functions below are good to the last digits of a double. */
const farEnough = 15;

/** log Γ(x) for x > 0: Stirling's series, after stepping up to where it holds. */
export function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < farEnough; at++) shift -= Math.log(at);
  const inverse = 1 / (at * at);
  const tail = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / at;
  return shift + (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + tail;
}

/** ψ(x) = d log Γ(x)/dx for x > 0. */
export function digamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < farEnough; at++) shift -= 1 / at;
  const inverse = 1 / (at * at);
  const tail = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse / 240)));
  return shift + Math.log(at) - 0.5 / at - tail;
}

/** log p(m | α, β) of the Beta distribution, for m in (0, 1). */
export function betaLogDensity(m: number, alpha: number, beta: number): number {
  return (
    (alpha - 1) * Math.log(m) +
    (beta - 1) * Math.log1p(-m) +
    logGamma(alpha + beta) -
    logGamma(alpha) -
    logGamma(beta)
  );
}

/** The gradient of `betaLogDensity` in log α and in log β. */
export function betaScore(m: number, alpha: number, beta: number): { logAlpha: number; logBeta: number } {
  const both = digamma(alpha + beta);
  return {
    logAlpha: alpha * (Math.log(m) - digamma(alpha) + both),
    logBeta: beta * (Math.log1p(-m) - digamma(beta) + both),
  };
}

/** Draws are kept this far from 0 and 1, where the logarithm of a density may be infinite. */
const margin = 1e-6;

/** A draw from Beta(α, β), within [10⁻⁶, 1 − 10⁻⁶]. */
export function drawBeta(rng: Rng, alpha: number, beta: number): number {
  const [a, b] = [logGammaDraw(rng, alpha), logGammaDraw(rng, beta)];
  // a/(a + b) from the logarithms: small shapes draw numbers that a double holds only so.
  const share = 1 / (1 + Math.exp(b - a));
  return Math.min(1 - margin, Math.max(margin, share));
}

/** The logarithm of a draw from Gamma(shape, 1): Marsaglia and Tsang (2000), shapes below 1 through shape + 1. */
function logGammaDraw(rng: Rng, shape: number): number {
  if (shape < 1) return logGammaDraw(rng, shape + 1) + Math.log(1 - rng.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return Math.log(d * v);
  }
}
