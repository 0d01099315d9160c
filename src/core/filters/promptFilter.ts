/**
 * Prompt filters: which prompts of a batch are worth an update. They look at the values of a whole group and keep all of
 * its responses or none; a response filter then chooses among the responses to the prompts that are left. Sums run from
 * the highest value of a group down and variances are compared in single precision, so that the same rule written in
 * another language keeps the same prompts.
 */
import { counter32 } from '../random.ts';
import { type Ranking, rankGroups } from './ranking.ts';

/** A value passes when it is at least `passAt`; the pass rate of a group is the share of its values that pass. */
export type PromptFilter =
  /** Groups whose values are not all equal: elsewhere no response is better than another. */
  | { kind: 'contrast' }
  /** Groups whose pass rate lies between `low` and `high`: strictly (open ends), or with both ends (closed). */
  | { kind: 'pass-rate'; passAt: number; low: number; high: number; ends: 'open' | 'closed' }
  /** The groups of highest variance that together hold `share` of the variance of their batch; at 1, every group. */
  | { kind: 'variance-share'; share: number }
  /** The `count` groups of highest variance of each batch. */
  | { kind: 'variance-count'; count: number };

/** What a prompt filter looks at. */
export interface PromptBatch {
  /** [B] finite. */
  reward: Float32Array;
  group: Int32Array;
  /** [B] rows of one batch of the trainer share a number; null when all are of one. A group lies within one batch. */
  batch?: Int32Array | null;
}

/**
 * The rows of the prompts that are kept, ascending. Deterministic given `tieSeed`, which orders groups of equal variance.
 * @throws RangeError for a value that is not finite, columns of unequal length or an impossible filter
 */
export function selectPrompts(filter: PromptFilter, batch: PromptBatch, tieSeed: number): Int32Array {
  const ranking = rankGroups(batch.reward, batch.group, tieSeed);
  const kept = keptGroups(filter, ranking, batch, tieSeed);
  const stays = new Uint8Array(batch.reward.length);
  let count = 0;
  for (let g = 0; g < kept.length; g++) {
    if (kept[g] === 0) continue;
    for (let at = ranking.starts[g]; at < ranking.starts[g + 1]; at++) stays[ranking.order[at]] = 1;
    count += ranking.starts[g + 1] - ranking.starts[g];
  }
  const rows = new Int32Array(count);
  for (let row = 0, at = 0; row < stays.length; row++) if (stays[row]) rows[at++] = row;
  return rows;
}

/** [G] 1 for each group of the ranking that the filter keeps. */
export function keptGroups(
  filter: PromptFilter,
  ranking: Ranking,
  { reward, batch = null }: PromptBatch,
  tieSeed: number,
): Uint8Array {
  const groups = ranking.first.length;
  checkPromptFilter(filter);
  switch (filter.kind) {
    case 'contrast':
      return Uint8Array.from({ length: groups }, (_, g) => (hasContrast(ranking, g, reward) ? 1 : 0));
    case 'pass-rate':
      return Uint8Array.from({ length: groups }, (_, g) => {
        const rate = passRate(ranking, g, reward, filter.passAt);
        const { low, high } = filter;
        return (filter.ends === 'open' ? rate > low && rate < high : rate >= low && rate <= high) ? 1 : 0;
      });
    case 'variance-share':
      if (filter.share >= 1) return new Uint8Array(groups).fill(1);
      return byVariance(ranking, reward, batch, tieSeed, (variance, ofBatch) => {
        let total = 0;
        for (const g of ofBatch) total += variance[g];
        let held = 0;
        let taken = 0;
        while (taken < ofBatch.length && held < filter.share * total) held += variance[ofBatch[taken++]];
        return taken;
      });
    case 'variance-count':
      return byVariance(ranking, reward, batch, tieSeed, () => filter.count);
    default:
      filter satisfies never;
      throw new RangeError('There is no such prompt filter.');
  }
}

/** Whether the values of group `g` differ at all. */
function hasContrast({ order, starts }: Ranking, g: number, value: ArrayLike<number>): boolean {
  // Ranked groups have their highest value first and their lowest last.
  return value[order[starts[g]]] !== value[order[starts[g + 1] - 1]];
}

/** Variance of the values of group `g`, divided by their number, in single precision. */
function groupVariance({ order, starts }: Ranking, g: number, value: ArrayLike<number>): number {
  const from = starts[g];
  const to = starts[g + 1];
  let sum = 0;
  for (let at = from; at < to; at++) sum += value[order[at]];
  const centre = sum / (to - from);
  let squares = 0;
  for (let at = from; at < to; at++) squares += (value[order[at]] - centre) * (value[order[at]] - centre);
  return Math.fround(squares / (to - from));
}

function passRate({ order, starts }: Ranking, g: number, value: ArrayLike<number>, passAt: number): number {
  let passing = 0;
  for (let at = starts[g]; at < starts[g + 1]; at++) if (value[order[at]] >= passAt) passing++;
  return passing / (starts[g + 1] - starts[g]);
}

/** The first groups of each batch by variance; groups of equal variance stand in random order. */
function byVariance(
  ranking: Ranking,
  value: Float32Array,
  batch: Int32Array | null,
  tieSeed: number,
  count: (variance: Float64Array, ofBatch: Int32Array) => number,
): Uint8Array {
  const groups = ranking.first.length;
  const variance = new Float64Array(groups);
  const key = new Float64Array(groups);
  const batchOf = new Float64Array(groups);
  for (let g = 0; g < groups; g++) {
    variance[g] = hasContrast(ranking, g, value) ? groupVariance(ranking, g, value) : 0;
    key[g] = counter32(tieSeed, ranking.first[g]);
    batchOf[g] = batch === null ? 0 : batch[ranking.first[g]];
  }
  const order = Int32Array.from({ length: groups }, (_, g) => g).sort(
    (a, b) => batchOf[a] - batchOf[b] || variance[b] - variance[a] || key[a] - key[b] || a - b,
  );
  const kept = new Uint8Array(groups);
  for (let from = 0; from < groups; ) {
    let to = from + 1;
    while (to < groups && batchOf[order[to]] === batchOf[order[from]]) to++;
    const ofBatch = order.subarray(from, to);
    const taken = Math.min(ofBatch.length, count(variance, ofBatch));
    for (let i = 0; i < taken; i++) kept[ofBatch[i]] = 1;
    from = to;
  }
  return kept;
}

function checkPromptFilter(filter: PromptFilter): void {
  if (filter.kind === 'pass-rate' && !(filter.low <= filter.high && Number.isFinite(filter.passAt))) {
    throw new RangeError(
      `A band of pass rates runs from low to high, and not from ${filter.low} to ${filter.high}; a value passes at a number, and not at ${filter.passAt}.`,
    );
  }
  if (filter.kind === 'variance-share' && !(filter.share >= 0)) {
    throw new RangeError(`A share of the variance is a number from 0 to 1, and not ${filter.share}.`);
  }
  if (filter.kind === 'variance-count' && !(Number.isInteger(filter.count) && filter.count >= 1)) {
    throw new RangeError(`A filter keeps a whole number of prompts, at least 1, and not ${filter.count}.`);
  }
}
