/**
 * The rule of Speculative Rejection (arXiv 2410.20290): many responses to a prompt are begun side by side, and whenever
 * the memory for their keys and values is full, those that score worst so far are written no further.
 */

export interface RejectionRule {
  /** Share of the pool that is cut at a decision: 0 cuts nothing, which is Best-of-N. */
  alpha: number;
  /** Most tokens that the responses under way to one prompt may hold together. */
  memory: number;
  /** So many responses of a prompt always stay in the pool. */
  least: number;
}

/** A response at a decision: under way, or at its end and still in the pool. */
export interface Standing {
  lane: number;
  score: number;
}

/** How many of a pool stay. Of a pool that may shrink at least one goes, so that a full memory empties. */
export function keepOf(pool: number, { alpha, least }: RejectionRule): number {
  if (alpha === 0 || pool <= least) return pool;
  return Math.max(least, Math.min(pool - 1, Math.round((1 - alpha) * pool)));
}

/**
 * How many more tokens each of `live` responses of `length` tokens may get before the memory is full. Infinite where a
 * decision would cut nothing.
 */
export function roomOf(live: number, length: number, pool: number, rule: RejectionRule): number {
  if (keepOf(pool, rule) === pool) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor(rule.memory / live) - length);
}

/** The lanes that leave the pool: those of lowest score, later ones first where scores are equal. */
export function cutOf(pool: readonly Standing[], rule: RejectionRule): number[] {
  const ranked = pool.toSorted((a, b) => b.score - a.score || a.lane - b.lane);
  return ranked.slice(keepOf(pool.length, rule)).map(({ lane }) => lane);
}
