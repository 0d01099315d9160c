/**
 * Filters that choose a set of responses from each group by more than rank: down-sampling by variance (PODS), by the size
 * of the advantage (CPPO), by length or reward per token (GFPO). Which rows are chosen depends on the values and lengths
 * of a group and two seeds alone; sums run from the highest value down, so that another language chooses the same rows.
 */
import { counter32 } from '../random.ts';
import { type Ranking, sortRange } from './ranking.ts';

/** A number of responses of each group; smaller groups are kept whole. */
export type GroupChoice =
  /** The `keep` responses whose rewards vary most: some of the highest and some of the lowest (PODS). */
  | { kind: 'max-variance'; keep: number }
  /** The `keep` responses whose advantage is largest, whatever its sign (CPPO). */
  | { kind: 'advantage'; keep: number }
  /** The `keep` shortest responses, or those with the highest reward per token (GFPO). */
  | { kind: 'length'; by: 'shortest' | 'reward-per-token'; keep: number };

export const isGroupChoice = (filter: { kind: string }): filter is GroupChoice =>
  filter.kind === 'max-variance' || filter.kind === 'advantage' || filter.kind === 'length';

/**
 * [B] 1 for each chosen row.
 * @param length [B] of each response, in tokens or any other unit; needed by filters that look at length
 * @param seed orders rows between which the filter sees no difference
 * @throws RangeError when lengths are needed and missing
 */
export function chosenRows(
  filter: GroupChoice,
  ranking: Ranking,
  reward: Float32Array,
  length: ArrayLike<number> | null,
  seed: number,
): Uint8Array {
  const { order, starts, first } = ranking;
  const chosen = new Uint8Array(order.length);
  const key = filter.kind === 'max-variance' ? null : rowKey(filter, ranking, reward, length);
  const rows = order.slice();
  for (let g = 0; g < first.length; g++) {
    const from = starts[g];
    const to = starts[g + 1];
    const keep = Math.min(filter.keep, to - from);
    if (key === null) {
      const high = highestOf(ranking, g, reward, keep);
      for (let i = 0; i < high; i++) chosen[order[from + i]] = 1;
      for (let i = high; i < keep; i++) chosen[order[to - 1 - (i - high)]] = 1;
      continue;
    }
    sortRange(rows, from, to, (a, b) => key[b] - key[a] || counter32(seed, a) - counter32(seed, b) || a - b);
    for (let i = 0; i < keep; i++) chosen[rows[from + i]] = 1;
  }
  return chosen;
}

/**
 * How many of the `keep` responses of largest variance are from the top of group `g`: the others are from its bottom. Of
 * splits of equal variance the most even one counts, of two as even that with more from the top: with `keep` 2 that is
 * always the best and the worst.
 */
function highestOf({ order, starts }: Ranking, g: number, reward: Float32Array, keep: number): number {
  const from = starts[g];
  const n = starts[g + 1] - from;
  if (keep >= n) return keep;
  // Measured from the lowest: a large common part of the rewards costs no digits.
  const lowest = reward[order[from + n - 1]];
  const at = (i: number) => reward[order[from + i]] - lowest;
  // All from the bottom; each turn then takes one more from the top and one fewer from the bottom.
  let sum = 0;
  let squares = 0;
  for (let i = n - keep; i < n; i++) {
    sum += at(i);
    squares += at(i) * at(i);
  }
  let best = 0;
  let bestVariance = -1;
  let bestOdds = Infinity;
  for (let high = 0; high <= keep; high++) {
    if (high > 0) {
      const [joins, leaves] = [at(high - 1), at(n - keep + high - 1)];
      sum += joins - leaves;
      squares += joins * joins - leaves * leaves;
    }
    const variance = Math.fround(squares / keep - (sum / keep) * (sum / keep));
    const odds = Math.abs(2 * high - keep);
    if (variance > bestVariance || (variance === bestVariance && odds <= bestOdds)) {
      [best, bestVariance, bestOdds] = [high, variance, odds];
    }
  }
  return best;
}

/** What a row is chosen by, larger first. */
function rowKey(
  filter: Exclude<GroupChoice, { kind: 'max-variance' }>,
  { order, starts, first }: Ranking,
  reward: Float32Array,
  length: ArrayLike<number> | null,
): Float32Array {
  const key = new Float32Array(reward.length);
  if (filter.kind === 'advantage') {
    for (let g = 0; g < first.length; g++) {
      let sum = 0;
      for (let at = starts[g]; at < starts[g + 1]; at++) sum += reward[order[at]];
      const centre = sum / (starts[g + 1] - starts[g]);
      // Within a group the deviation that divides an advantage is the same for all.
      for (let at = starts[g]; at < starts[g + 1]; at++)
        key[order[at]] = Math.abs(reward[order[at]] - centre);
    }
    return key;
  }
  if (length === null || length.length !== reward.length) {
    throw new RangeError('This filter looks at the length of responses, and it is not known here.');
  }
  for (let row = 0; row < key.length; row++) {
    key[row] = filter.by === 'shortest' ? -length[row] : reward[row] / Math.max(1, length[row]);
  }
  return key;
}
