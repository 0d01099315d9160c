/**
 * Drawing a token from a row of logits: Gumbel-max with hashed noise, the arithmetic of generate/sampling.ts four
 * tokens at a time.
 */
import { exp4, fma, log1, log4, maxLanes, sigmoid4, softplus4, sumLanes } from './lanes';

const GOLDEN: i32 = <i32>0x9e3779b9;

function mix(x: u32): u32 {
  x ^= x >> 16;
  x *= 0x7feb352d;
  x ^= x >> 15;
  x *= 0x846ca68b;
  x ^= x >> 16;
  return x;
}

/** Hash of (seed, stream, row). */
export function rowKey(seed: u32, streamId: u32, row: u32): u32 {
  return mix(mix(mix(seed ^ <u32>0x9e3779b9) + streamId) + row);
}

/** Uniform numbers in (0,1) for the four tokens whose ids are in `ids`. */
// @ts-ignore: decorator
@inline
function uniform4(draw: v128, ids: v128): v128 {
  let x = i32x4.add(draw, i32x4.mul(ids, i32x4.splat(GOLDEN)));
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(<i32>0x846ca68b));
  x = v128.xor(x, i32x4.shr_u(x, 16));
  const count = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(x, 9)), f32x4.splat(0.5));
  return f32x4.mul(count, f32x4.splat(1.1920928955078125e-7));
}

/** −log(−log u) */
// @ts-ignore: decorator
@inline
function gumbel4(u: v128): v128 {
  return f32x4.neg(log4(f32x4.neg(log4(u))));
}

/**
 * log Σ e^z of a row that is filled up with −∞ to whole vectors; leaves e^(z − max z) in `odds`.
 */
export function logSumExp(z: usize, bytes: i32, odds: usize): f32 {
  let largest = v128.load(z);
  for (let i = 16; i < bytes; i += 16) largest = f32x4.pmax(largest, v128.load(z + i));
  const top = maxLanes(largest);
  const shift = f32x4.splat(top);
  let total = f32x4.splat(0);
  for (let i = 0; i < bytes; i += 16) {
    const e = exp4(f32x4.sub(v128.load(z + i), shift));
    v128.store(odds + i, e);
    total = f32x4.add(total, e);
  }
  return top + log1(sumLanes(total));
}

/** The smallest logit that top-k and top-p let through: see `threshold` in generate/sampling.ts. */
function threshold(z: usize, end: usize, odds: usize, topK: i32, topP: f32): f32 {
  // The mass is counted only where it decides.
  const lse: f32 = topP < 1 ? logSumExp(z, <i32>(end - z), odds) : 0;
  const lowest = f32x4.splat(-f32.MAX_VALUE);
  let largest = lowest;
  for (let p = z; p < end; p += 16) largest = f32x4.pmax(largest, v128.load(p));
  let level = maxLanes(largest);
  let kept = 0;
  let mass: f32 = 0;
  while (true) {
    // One pass counts the tokens of this level and finds the next.
    const match = f32x4.splat(level);
    let next = lowest;
    let count = 0;
    for (let p = z; p < end; p += 16) {
      const v = v128.load(p);
      next = f32x4.pmax(next, v128.bitselect(v, lowest, f32x4.lt(v, match)));
      const same = f32x4.eq(v, match);
      if (v128.any_true(same)) count += popcnt(i32x4.bitmask(same));
    }
    kept += count;
    if (topP < 1) mass += <f32>count * f32x4.extract_lane(exp4(f32x4.splat(level - lse)), 0);
    if ((topK > 0 && kept >= topK) || (topP < 1 && mass >= topP)) return level;
    const below = maxLanes(next);
    if (below == -f32.MAX_VALUE) return level;
    level = below;
  }
}

/** The rules of guidance. */
export const Q_SHARP: i32 = 0;
export const MEAN_ONLY: i32 = 1;

/**
 * Adds the offsets of guidance to the `candidates` most likely tokens: see `steer` in generate/sampling.ts.
 * @param z logits over temperature, −∞ for banned tokens and behind the vocabulary
 * @param logOdds the value network's logits, in the same order
 */
export function steer(
  z: usize, end: usize, logOdds: usize, odds: usize, candidates: i32, inverse: f32, rule: i32,
): void {
  const least = f32x4.splat(threshold(z, end, odds, candidates, 1));
  const strength = f32x4.splat(inverse);
  for (let p = z; p < end; p += 16, logOdds += 16) {
    const v = v128.load(p);
    const chosen = f32x4.ge(v, least);
    if (!v128.any_true(chosen)) continue;
    const l = v128.load(logOdds);
    const offset = rule == MEAN_ONLY
      ? f32x4.mul(sigmoid4(l), strength)
      : f32x4.sub(softplus4(f32x4.add(strength, l)), softplus4(l));
    v128.store(p, v128.bitselect(f32x4.add(v, offset), v, chosen));
  }
}

/**
 * The same by a value network that gives histograms. They are made for the candidates alone: see valueHead.ts.
 * @param hidden [D] the value network's last hidden state
 * @param wte [V, D] its embedding
 * @param score [bins, D] and `bias` [bins]: its head
 * @param scratch room for D and for `bins` numbers, each filled up to whole vectors
 */
export function steerByBins(
  z: usize, end: usize, hidden: usize, wte: usize, score: usize, bias: usize, D: i32, bins: i32,
  odds: usize, candidates: i32, inverse: f32, rule: i32, scratch: usize,
): void {
  const least = threshold(z, end, odds, candidates, 1);
  const logits = scratch + (((D + 3) & ~3) << 2);
  const step = inverse / <f32>(bins - 1);
  let e = wte;
  for (let p = z; p < end; p += 4, e += <usize>(D << 2)) {
    const v = load<f32>(p);
    // −∞, too, is no smaller where fewer than `candidates` tokens are left.
    if (v < least || v == -Infinity) continue;
    for (let d = 0; d < D; d++) {
      store<f32>(scratch + (d << 2), load<f32>(hidden + (d << 2)) * load<f32>(e + (d << 2)));
    }
    let top: f32 = -f32.MAX_VALUE;
    let raised: f32 = -f32.MAX_VALUE;
    for (let k = 0; k < bins; k++) {
      const l = dot(scratch, score + (k * D << 2), D) + load<f32>(bias + (k << 2));
      store<f32>(logits + (k << 2), l);
      top = max(top, l);
      raised = max(raised, l + step * <f32>k);
    }
    for (let k = bins; k < ((bins + 3) & ~3); k++) store<f32>(logits + (k << 2), -Infinity);
    store<f32>(p, v + binOffset(logits, bins, step, top, raised, rule));
  }
}

/** `histogramOffset` of core/decoding/guidance.ts. */
function binOffset(logits: usize, bins: i32, step: f32, top: f32, raised: f32, rule: i32): f32 {
  let bin = f32x4(0, 1, 2, 3);
  let whole = f32x4.splat(0);
  let more = f32x4.splat(0);
  for (let k = 0; k < bins; k += 4) {
    const l = v128.load(logits + (k << 2));
    const share = exp4(f32x4.sub(l, f32x4.splat(top)));
    const gain = f32x4.mul(bin, f32x4.splat(step));
    whole = f32x4.add(whole, share);
    more = f32x4.add(
      more,
      rule == MEAN_ONLY
        ? f32x4.mul(share, gain)
        : exp4(f32x4.sub(f32x4.add(l, gain), f32x4.splat(raised))),
    );
    bin = f32x4.add(bin, f32x4.splat(4));
  }
  if (rule == MEAN_ONLY) return sumLanes(more) / sumLanes(whole);
  return raised - top + (log1(sumLanes(more)) - log1(sumLanes(whole)));
}

function dot(a: usize, b: usize, count: i32): f32 {
  let sum = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) sum = fma(v128.load(a + (i << 2)), v128.load(b + (i << 2)), sum);
  let rest: f32 = sumLanes(sum);
  for (; i < count; i++) rest += load<f32>(a + (i << 2)) * load<f32>(b + (i << 2));
  return rest;
}

/** Lowest index of the largest value. */
function argmax(z: usize, end: usize): i32 {
  let best = v128.load(z);
  let ids = i32x4(0, 1, 2, 3);
  let bestIds = ids;
  for (let p = z + 16; p < end; p += 16) {
    ids = i32x4.add(ids, i32x4.splat(4));
    const v = v128.load(p);
    const better = f32x4.gt(v, best);
    best = v128.bitselect(v, best, better);
    bestIds = v128.bitselect(ids, bestIds, better);
  }
  return lowestOfBest(best, bestIds);
}

function lowestOfBest(best: v128, ids: v128): i32 {
  const top = f32x4.splat(maxLanes(best));
  const candidates = v128.bitselect(ids, i32x4.splat(i32.MAX_VALUE), f32x4.eq(best, top));
  return min(
    min(i32x4.extract_lane(candidates, 0), i32x4.extract_lane(candidates, 1)),
    min(i32x4.extract_lane(candidates, 2), i32x4.extract_lane(candidates, 3)),
  );
}

/**
 * Draws from logits that have been divided by the temperature, with −∞ for banned tokens and behind the vocabulary.
 * Overwrites them when top-k or top-p is on.
 *
 * Most tokens' noise need not be computed. Token v beats a value `best` only if −log u < t = e^(z_v − best), and as
 * −log u > 1 − u, only if 1 − u < t, which is one comparison with the odds of the token. That is necessary, not
 * sufficient: tokens that pass get their noise and are compared as everywhere else.
 * @param odds e^(z − max z), with 0 for tokens that are banned
 */
export function drawToken(
  z: usize, end: usize, odds: usize, key: u32, position: i32, topK: i32, topP: f32,
): i32 {
  if (topK > 0 || topP < 1) {
    const least = f32x4.splat(threshold(z, end, odds, topK, topP));
    const out = f32x4.splat(-Infinity);
    for (let p = z; p < end; p += 16) {
      const v = v128.load(p);
      v128.store(p, v128.bitselect(v, out, f32x4.ge(v, least)));
    }
  }
  const draw = i32x4.splat(mix(key + <u32>position));
  const likely = argmax(z, end);
  const top = load<f32>(z + (likely << 2));
  // Odds are relative to the largest of all logits: when that one is banned, to the largest that is left.
  if (load<f32>(odds + (likely << 2)) != 1) logSumExp(z, <i32>(end - z), odds);
  let reached = f32x4.extract_lane(gumbel4(uniform4(draw, i32x4.splat(likely))), 0) + top;
  let bar = hopeBar(top - reached);
  let best = f32x4.splat(-Infinity);
  let bestIds = i32x4.splat(likely);
  let ids = i32x4(0, 1, 2, 3);
  for (let p = z; p < end; p += 16) {
    const u = uniform4(draw, ids);
    const needed = f32x4.sub(f32x4.splat(1), u);
    if (v128.any_true(f32x4.le(needed, f32x4.mul(v128.load(odds), bar)))) {
      const value = f32x4.add(v128.load(p), gumbel4(u));
      const better = f32x4.gt(value, best);
      best = v128.bitselect(value, best, better);
      bestIds = v128.bitselect(ids, bestIds, better);
      const highest = maxLanes(best);
      if (highest > reached) {
        reached = highest;
        bar = hopeBar(top - reached);
      }
    }
    ids = i32x4.add(ids, i32x4.splat(4));
    odds += 16;
  }
  return lowestOfBest(best, bestIds);
}

/** e^x with a margin for rounding, in every lane. */
// @ts-ignore: decorator
@inline
function hopeBar(x: f32): v128 {
  return f32x4.mul(exp4(f32x4.splat(x)), f32x4.splat(1.001));
}

/** The most likely token: same preparation as `drawToken`. */
export function mostLikely(z: usize, end: usize): i32 {
  return argmax(z, end);
}
