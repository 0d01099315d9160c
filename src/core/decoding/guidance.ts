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

/** Σ p ln(p/q), in nats; what has no probability under p adds nothing. */
export function divergence(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, x, i) => (x > 0 ? sum + x * Math.log(x / q[i]) : sum), 0);
}
