/**
 * The arithmetic between rewards and losses, on typed arrays. Layout "ragged": B responses, one entry per
 * completion token, response b at [starts[b], starts[b + 1]).
 */
import { rowsByGroup } from './groups.ts';
import { mean, sd } from './statistics/stats.ts';

/** Rewards of whole responses, and what they moved away from the reference. */
export interface PricedRewards {
  /** [T] under the policy that sampled, in nats. */
  logProb: Float32Array;
  /** [T] under the reference policy. */
  refLogProb: Float32Array;
  /** [B+1] where each response starts. */
  starts: Int32Array;
  /** [B] the (normalised) reward of each response. */
  score: Float32Array;
  /** Price of a nat of distance. */
  beta: number;
}

/**
 * Token rewards (PF-PPO, equation 4): −beta times the k1 estimate of the KL to the reference at each token, plus
 * the score of the response at its last token. A response without tokens has none. [T]
 */
export function tokenRewards({ logProb, refLogProb, starts, score, beta }: PricedRewards): Float32Array {
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

/**
 * What is still to come of the rewards from each token on, discounted: the target of a policy gradient without a critic.
 * @param rewards [T] from `tokenRewards`
 */
export function returnsToGo(rewards: Float32Array, starts: Int32Array, gamma: number): Float32Array {
  const returns = new Float32Array(rewards.length);
  for (let b = 0; b + 1 < starts.length; b++) {
    let toCome = 0;
    for (let t = starts[b + 1] - 1; t >= starts[b]; t--) {
      toCome = rewards[t] + gamma * toCome;
      returns[t] = toCome;
    }
  }
  return returns;
}

/** The reward of each whole response minus the price of its distance from the reference: `tokenRewards`, summed. [B] */
export function pricedScores({ logProb, refLogProb, starts, score, beta }: PricedRewards): Float32Array {
  return score.map((s, b) => {
    let distance = 0;
    for (let t = starts[b]; t < starts[b + 1]; t++) distance += logProb[t] - refLogProb[t];
    return s - beta * distance;
  });
}

/** Applies `f` to the values of each group. A group is the responses to one prompt: equal numbers in `group` [B]. */
function withinGroups(
  x: Float32Array,
  group: Int32Array,
  f: (values: number[]) => readonly number[],
): Float32Array {
  const result = new Float32Array(x.length);
  for (const own of rowsByGroup(group)) {
    const values = f(own.map((b) => x[b]));
    own.forEach((b, i) => {
      result[b] = values[i];
    });
  }
  return result;
}

/** RLOO's advantages [B]: the score minus the mean score of the other responses of its group; 0 where there are none. */
export function leaveOneOut(score: Float32Array, group: Int32Array): Float32Array {
  return withinGroups(score, group, (values) => {
    const sum = values.reduce((a, b) => a + b, 0);
    return values.map((s) => (values.length > 1 ? s - (sum - s) / (values.length - 1) : 0));
  });
}

/** Dr. GRPO's advantages [B]: the score minus the mean score of its group. */
export function groupCentred(score: Float32Array, group: Int32Array): Float32Array {
  return withinGroups(score, group, (values) => {
    const centre = mean(values);
    return values.map((s) => s - centre);
  });
}

/**
 * GRPO's advantages [B]: the score minus the mean score of its group, in units of the group's deviation, which is divided
 * by n − 1 and raised by 1e-4. A group whose scores are all the same has only zeros.
 */
export function groupStandardised(score: Float32Array, group: Int32Array): Float32Array {
  return withinGroups(score, group, (values) => {
    const centre = mean(values);
    const unit = values.length > 1 ? sd(values) + 1e-4 : 1;
    return values.map((s) => (s - centre) / unit);
  });
}

/** How much the scores of a group differ: their deviation, mean over groups; and the share of groups without any. */
export function groupContrast(score: Float32Array, group: Int32Array): { spread: number; flat: number } {
  const deviations = new Map<number, number>();
  withinGroups(score, group, (values) => {
    const deviation = values.length > 1 ? sd(values) : 0;
    return values.map(() => deviation);
  }).forEach((deviation, b) => {
    deviations.set(group[b], deviation);
  });
  const all = [...deviations.values()];
  return { spread: mean(all), flat: all.filter((deviation) => deviation === 0).length / all.length };
}

/** The value of each response at every one of its tokens: [B] → [T]. */
export function atTokens(x: Float32Array, starts: Int32Array): Float32Array {
  const result = new Float32Array(starts[x.length]);
  for (let b = 0; b < x.length; b++) result.fill(x[b], starts[b], starts[b + 1]);
  return result;
}
