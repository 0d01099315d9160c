/**
 * The arithmetic between rewards and losses, on typed arrays. Layout "ragged": B responses, one entry per
 * completion token, response b at [starts[b], starts[b + 1]).
 */
import { mean } from './stats.ts';

/**
 * Token rewards (PF-PPO, equation 4): −beta times the k1 estimate of the KL to the reference at each token, plus
 * the score of the response at its last token. A response without tokens has none.
 * @param logProb [T] under the policy that sampled, in nats
 * @param refLogProb [T] under the reference policy
 * @param score [B] the (normalised) reward of each response
 */
export function tokenRewards({
  logProb,
  refLogProb,
  starts,
  score,
  beta,
}: {
  logProb: Float32Array;
  refLogProb: Float32Array;
  starts: Int32Array;
  score: Float32Array;
  beta: number;
}): Float32Array {
  const rewards = new Float32Array(logProb.length);
  for (let b = 0; b + 1 < starts.length; b++) {
    const end = starts[b + 1];
    for (let t = starts[b]; t < end; t++) {
      const price = -beta * (logProb[t] - refLogProb[t]);
      rewards[t] = t === end - 1 ? price + score[b] : price;
    }
  }
  return rewards;
}

/**
 * Generalised advantage estimation (arXiv 1506.02438) within each response; the value after the last token is 0.
 * @param rewards [T] from `tokenRewards`
 * @param values [T] of the critic before the update
 * @returns advantages [T], not yet whitened, and returns [T] = advantages + values
 */
export function gae({
  rewards,
  values,
  starts,
  gamma,
  lambda,
}: {
  rewards: Float32Array;
  values: Float32Array;
  starts: Int32Array;
  gamma: number;
  lambda: number;
}): { advantages: Float32Array; returns: Float32Array } {
  const advantages = new Float32Array(rewards.length);
  const returns = new Float32Array(rewards.length);
  for (let b = 0; b + 1 < starts.length; b++) {
    let advantage = 0;
    let nextValue = 0;
    for (let t = starts[b + 1] - 1; t >= starts[b]; t--) {
      const surprise = rewards[t] + gamma * nextValue - values[t];
      advantage = surprise + gamma * lambda * advantage;
      advantages[t] = advantage;
      returns[t] = advantage + values[t];
      nextValue = values[t];
    }
  }
  return { advantages, returns };
}

/**
 * Shifts and scales to mean 0 and variance 1 over all tokens of the buffer: (x − mean) / √(variance + 1e-8), with
 * the biased variance. PF-PPO does this *before* filtering.
 */
export function whiten(x: Float32Array): Float32Array {
  let sum = 0;
  for (const value of x) sum += value;
  const mean = sum / x.length;
  let squares = 0;
  for (const value of x) squares += (value - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / x.length + 1e-8);
  return x.map((value) => (value - mean) * scale);
}

/**
 * 1 − Var(returns − values) / Var(returns): what the critic knew before the update.
 * @param values [T]
 * @param returns [T]
 */
export function explainedVariance(values: Float32Array, returns: Float32Array): number {
  const variance = (x: Float32Array) => {
    const centre = mean(x);
    return mean(x.map((v) => (v - centre) ** 2));
  };
  return 1 - variance(returns.map((r, i) => r - values[i])) / variance(returns);
}
