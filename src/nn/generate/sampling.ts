/**
 * How a token is drawn: Gumbel-max with noise from a stateless hash, in float32 arithmetic that every backend
 * repeats, so that the same seed gives the same tokens wherever the logits agree.
 *
 *   token = argmax over v of  logit[v]/τ − log(−log u(seed, stream, row, position, v))
 *
 * `position` is the place in the sequence that the token takes. Ties go to the lower token id.
 *
 * Guidance adds to logit[v]/τ what a value network says of v, for the k most likely tokens; see core/decoding/guidance.ts.
 */
import { type GuideRule, guideOffset, histogramOffset } from '../../core/decoding/guidance.ts';

/** A 32-bit finaliser with good avalanche (Chris Wellons' "lowbias32"). */
export function mix(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** Hash of (seed, stream, row): constant over a sequence. All sums wrap at 2³². */
export function rowKey(seed: number, streamId: number, row: number): number {
  return mix((mix((mix((seed ^ 0x9e3779b9) >>> 0) + streamId) >>> 0) + row) >>> 0);
}

/** Hash for one draw. */
export function drawKey(key: number, position: number): number {
  return mix((key + position) >>> 0);
}

/** Uniform in (0,1): an odd multiple of 2⁻²⁴, exact in float32, never 0 or 1. */
export function uniform(draw: number, token: number): number {
  const bits = mix((draw + Math.imul(token, 0x9e3779b9)) >>> 0);
  return ((bits >>> 9) + 0.5) / 8388608;
}

const f = Math.fround;
const floats = new Float32Array(1);
const ints = new Int32Array(floats.buffer);

/**
 * Natural logarithm of a positive normal float32, by the polynomial of Cephes' logf, every operation rounded to
 * float32 and none fused. Relative error below 2e-7.
 */
export function log32(x: number): number {
  floats[0] = x;
  const bits = ints[0];
  // m = x / 2^e lies in [√½, √2).
  const e = (bits - 0x3f3504f3) >> 23;
  ints[0] = bits - (e << 23);
  const r = f(floats[0] - 1);
  const z = f(r * r);
  let p = f(7.0376836292e-2);
  p = f(f(p * r) + f(-1.151461031e-1));
  p = f(f(p * r) + f(1.167699874e-1));
  p = f(f(p * r) + f(-1.2420140846e-1));
  p = f(f(p * r) + f(1.4249322787e-1));
  p = f(f(p * r) + f(-1.6668057665e-1));
  p = f(f(p * r) + f(2.0000714765e-1));
  p = f(f(p * r) + f(-2.4999993993e-1));
  p = f(f(p * r) + f(3.3333331174e-1));
  let y = f(f(r * z) * p);
  y = f(y + f(e * f(-2.1219444e-4)));
  y = f(y - f(z * 0.5));
  return f(f(r + y) + f(e * 0.693359375));
}

/** −log(−log u) */
export function gumbel(u: number): number {
  return f(-log32(f(-log32(u))));
}

/** How a second network steers the drawing. */
export interface Guidance {
  rule: GuideRule;
  /** 1/η: 0 leaves the policy as it is. */
  inverse: number;
  /** The policy's most likely tokens that are re-weighted; the others keep their logit. */
  candidates: number;
}

export interface Drawing {
  temperature: number;
  /** Keep the k most likely tokens; 0 keeps all. */
  topK: number;
  /** Keep the most likely tokens that together reach this probability; 1 keeps all. */
  topP: number;
  greedy: boolean;
  /** Tokens never drawn. */
  banned: readonly number[];
}

/**
 * The smallest logit that top-k and top-p let through, after temperature: −∞ when both are off. Tokens of equal
 * logit are let through together. Top-p looks at the distribution that banned tokens are taken out of.
 * @param scaled [V] logits over temperature; −∞ for banned tokens
 */
export function threshold(scaled: Float32Array, { topK, topP }: Pick<Drawing, 'topK' | 'topP'>): number {
  if (topK === 0 && topP >= 1) return Number.NEGATIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const x of scaled) max = Math.max(max, x);
  let total = 0;
  for (const x of scaled) total += Math.exp(x - max);
  let level = Number.POSITIVE_INFINITY;
  let kept = 0;
  let mass = 0;
  while (true) {
    let next = Number.NEGATIVE_INFINITY;
    let count = 0;
    for (const x of scaled) {
      if (x >= level) continue;
      if (x > next) {
        next = x;
        count = 1;
      } else if (x === next) count++;
    }
    if (next === Number.NEGATIVE_INFINITY) return level;
    level = next;
    kept += count;
    mass += (count * Math.exp(level - max)) / total;
    if ((topK > 0 && kept >= topK) || (topP < 1 && mass >= topP)) return level;
  }
}

/**
 * Adds the offsets of guidance to the most likely tokens.
 * @param scaled [V] logits over temperature; −∞ for banned tokens
 * @param said what the value network says of a token: its log-odds, or the logits of its bins
 */
export function steer(
  scaled: Float32Array,
  said: (token: number) => ArrayLike<number>,
  { rule, inverse, candidates }: Guidance,
): void {
  const least = threshold(scaled, { topK: candidates, topP: 1 });
  for (let v = 0; v < scaled.length; v++) {
    if (scaled[v] < least) continue;
    const of = said(v);
    scaled[v] += of.length === 1 ? guideOffset(rule, of[0], inverse) : histogramOffset(rule, of, inverse);
  }
}

/**
 * Draws one token.
 * @param logits [V]
 * @param scaled [V] scratch
 * @param draw the hash of this draw: see `drawKey`
 */
export function drawToken(
  logits: Float32Array,
  scaled: Float32Array,
  draw: number,
  how: Drawing,
  guide?: { how: Guidance; said: (token: number) => ArrayLike<number> },
): number {
  const scale = how.greedy ? 1 : f(1 / how.temperature);
  for (let v = 0; v < logits.length; v++) scaled[v] = logits[v] * scale;
  for (const v of how.banned) scaled[v] = Number.NEGATIVE_INFINITY;
  if (guide) steer(scaled, guide.said, guide.how);
  const least = how.greedy ? Number.NEGATIVE_INFINITY : threshold(scaled, how);
  let best = -1;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let v = 0; v < logits.length; v++) {
    if (scaled[v] < least || scaled[v] === Number.NEGATIVE_INFINITY) continue;
    const value = how.greedy ? scaled[v] : f(scaled[v] + gumbel(uniform(draw, v)));
    if (value > bestValue || best < 0) {
      best = v;
      bestValue = value;
    }
  }
  return best;
}
