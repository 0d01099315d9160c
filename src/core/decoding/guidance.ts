/**
 * Value guidance: a frozen policy is steered by what a value network says of each next token. Q# (arXiv 2502.20548,
 * equation 5) adds ln E[e^(r/η)] to the logits; controlled decoding (CD) adds E[r]/η. For a reward of 0 or 1 with
 * probability p of 1 that is ln(1 + p(e^(1/η) − 1)), and p/η.
 */

export type GuideRule = 'q-sharp' | 'cd';

/** ln(1 + eˣ), without overflow. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x)));

/**
 * What is added to the logit of a token.
 * @param logOdds ln(p/(1 − p)) of success once the token is written
 * @param inverse 1/η, 0 or more; 0 adds nothing
 */
export const guideOffset = (rule: GuideRule, logOdds: number, inverse: number): number =>
  rule === 'cd' ? sigmoid(logOdds) * inverse : softplus(inverse + logOdds) - softplus(logOdds);

/**
 * The same where a value network gives a histogram of the reward: bins at equal distances from 0 to 1. E is taken over
 * the bins. Two bins are a reward of 0 or 1.
 * @param logits of the bins, the lowest reward first, before any softmax
 */
export function histogramOffset(rule: GuideRule, logits: ArrayLike<number>, inverse: number): number {
  const reward = (bin: number) => bin / (logits.length - 1);
  const bins = Array.from(logits);
  if (rule === 'cd') return inverse * softmax(bins).reduce((sum, share, bin) => sum + share * reward(bin), 0);
  return logSumExp(bins.map((logit, bin) => logit + inverse * reward(bin))) - logSumExp(bins);
}

/**
 * How likely success is: by its log-odds alone, or by the last bin of a histogram.
 * @param said one number, or the logits of the bins
 */
export function passChance(said: ArrayLike<number>): number {
  return said.length === 1 ? sigmoid(said[0]) : softmax(Array.from(said))[said.length - 1];
}

/** Share of each bin. */
function softmax(logits: readonly number[]): number[] {
  const whole = logSumExp(logits);
  return logits.map((logit) => Math.exp(logit - whole));
}

function logSumExp(values: readonly number[]): number {
  const top = Math.max(...values);
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

/** Σ p ln(p/q), in nats; what has no probability under p adds nothing. */
export function divergence(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, x, i) => (x > 0 ? sum + x * Math.log(x / q[i]) : sum), 0);
}
