/** From a filter to numbers: weights over ranks, inclusion probabilities, weights of single rows. */

/** Rank weights with a name in the paper, and two controls (`uniform`, `worst-random`) it does not have. */
export type RankPreset = 'uniform' | 'best' | 'best-random' | 'best-worst' | 'worst-random';

/**
 * Weights over the ranks of a group of `n`, rank 1 = highest reward first, summing to 1 (PF-PPO, section 4.2).
 * An edited list made for another group size is stretched: rank i of n takes the value found at the same relative
 * position between best and worst. All zeros (the stretch may skip a lone peak) mean that nothing is kept.
 * @throws RangeError for an empty list or a weight that is negative or not finite
 */
export function rankWeights(weights: RankPreset | readonly number[], n: number): Float64Array {
  const result = new Float64Array(n);
  if (n === 0) return result;
  if (typeof weights !== 'string') {
    stretch(weights, result);
  } else if (n === 1) {
    result[0] = 1;
  } else {
    switch (weights) {
      case 'uniform':
        result.fill(1 / n);
        break;
      case 'best':
        result[0] = 1;
        break;
      case 'best-random':
        result.fill(1 / (2 * (n - 1)));
        result[0] = 1 / 2;
        break;
      case 'best-worst':
        result[0] = result[n - 1] = 1 / 2;
        break;
      case 'worst-random':
        result.fill(1 / (2 * (n - 1)));
        result[n - 1] = 1 / 2;
        break;
      default:
        weights satisfies never;
    }
  }
  return result;
}

function stretch(weights: readonly number[], result: Float64Array): void {
  if (weights.length === 0) throw new RangeError('A list of rank weights needs at least one weight.');
  weights.forEach((weight, i) => {
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(`The weight of rank ${i + 1} is ${weight}; weights are finite and not negative.`);
    }
  });
  const n = result.length;
  const last = weights.length - 1;
  for (let i = 0; i < n; i++) {
    const position = n === 1 ? 0 : (i * last) / (n - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, last);
    result[i] = weights[below] + (weights[above] - weights[below]) * (position - below);
  }
  // A group of one has no worst: it stands for both ends, so that a weight on either of them keeps it.
  if (n === 1) result[0] = Math.max(weights[0], weights[last]);
  const sum = result.reduce((a, b) => a + b, 0);
  if (sum > 0) for (let i = 0; i < n; i++) result[i] /= sum;
}

/**
 * Probability that each of n candidates is among `k` chosen without replacement: min(1, k · weight), what exceeds 1
 * shared among the others in proportion. Candidates of weight 0 are never chosen, so the probabilities sum to `k` or
 * to the number of positive weights, whichever is smaller.
 * @param weights [n] not negative; need not sum to 1
 */
export function inclusion(weights: ArrayLike<number>, k: number): Float64Array {
  const n = weights.length;
  const probability = new Float64Array(n);
  const certain = new Uint8Array(n);
  let left = k;
  for (;;) {
    let sum = 0;
    let candidates = 0;
    for (let i = 0; i < n; i++) {
      if (certain[i] || weights[i] <= 0) continue;
      sum += weights[i];
      candidates++;
    }
    if (candidates === 0 || left <= 0) return probability;
    const all = candidates <= left;
    let saturated = false;
    for (let i = 0; i < n; i++) {
      if (certain[i] || weights[i] <= 0) continue;
      const share = (left * weights[i]) / sum;
      // Rounding must not leave a candidate at 1 − 1e-16: a certain one would then be missed once in a while.
      if (all || share >= 1 - 1e-12) {
        probability[i] = certain[i] = 1;
        saturated = true;
      } else {
        probability[i] = share;
      }
    }
    if (all || !saturated) return probability;
    left = k - certain.reduce((a, b) => a + b, 0);
  }
}

/** Probability of each row under a threshold filter: 1 outside the thresholds, `otherwise` between them (Table 3). */
export function thresholdWeights(
  reward: Float32Array,
  { above, below, otherwise }: { above: number | null; below: number | null; otherwise: number },
): Float64Array {
  const weights = new Float64Array(reward.length);
  const top = above ?? Infinity;
  const bottom = below ?? -Infinity;
  for (let i = 0; i < weights.length; i++) weights[i] = reward[i] > top || reward[i] < bottom ? 1 : otherwise;
  return weights;
}

/** Weight of each row by the side of `passAt` on which its reward lies. */
export function signWeights(
  reward: Float32Array,
  { passAt, positives, negatives }: { passAt: number; positives: number; negatives: number },
): Float64Array {
  const weights = new Float64Array(reward.length);
  for (let i = 0; i < weights.length; i++) weights[i] = reward[i] >= passAt ? positives : negatives;
  return weights;
}

/** |reward|^exponent of each row (PPO-pow-k, Table 3). */
export function powerWeights(reward: Float32Array, exponent: number): Float64Array {
  const weights = new Float64Array(reward.length);
  for (let i = 0; i < weights.length; i++) weights[i] = Math.abs(reward[i]) ** exponent;
  return weights;
}

/**
 * Weights of the rows as verl computes them: from the extremes of the *whole batch*, each row that ties with an
 * extreme counting as one. `best-worst` is verl's max_min, `best-random` its max_random (0.4 and 0.1 whatever the
 * group size); the other presets follow the same pattern. Lists are for rankings of the batch and come from
 * `rankWeights`, not from here.
 */
export function verlRankWeights(preset: RankPreset, reward: Float32Array): Float64Array {
  let max = -Infinity;
  let min = Infinity;
  for (const r of reward) {
    if (r > max) max = r;
    if (r < min) min = r;
  }
  const weight = (r: number): number => {
    switch (preset) {
      case 'uniform':
        return 1;
      case 'best':
        return r === max ? 1 : 0;
      case 'best-worst':
        return r === max || r === min ? 1 : 0;
      case 'best-random':
        return r === max ? 0.4 : 0.1;
      case 'worst-random':
        return r === min ? 0.4 : 0.1;
      default:
        preset satisfies never;
        throw new RangeError(`There are no rank weights called ${preset}.`);
    }
  };
  return Float64Array.from(reward, weight);
}
