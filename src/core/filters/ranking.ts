/** Rows arranged by group and, within a group, by reward: what every rank filter needs and a drag can reuse. */
import { counter32 } from '../random.ts';

/** Groups in order of first appearance; `order[starts[g]]` is the best row of group g. */
export interface Ranking {
  /** [B] row numbers, group after group, highest reward first. */
  order: Int32Array;
  /** [G+1] where each group starts in `order`. */
  starts: Int32Array;
  /** [G] smallest row number of each group: its name, whatever the ranks. */
  first: Int32Array;
}

/**
 * Ranks each group by reward. Equal rewards are ranked by `counter32(tieSeed, row)`: at random, every order
 * equally likely, and again the same for the same seed.
 * @param reward [B] finite
 * @param group [B] any integers; equal numbers form a group, adjacent or not
 * @throws RangeError for a reward that is not finite or columns of unequal length
 */
export function rankGroups(reward: Float32Array, group: Int32Array, tieSeed: number): Ranking {
  if (reward.length !== group.length) {
    throw new RangeError(`There are ${reward.length} rewards for ${group.length} group numbers.`);
  }
  const ranking = groupRows(group);
  const { order, starts } = ranking;
  for (let row = 0; row < reward.length; row++) {
    if (!Number.isFinite(reward[row])) {
      throw new RangeError(`The reward of row ${row} is ${reward[row]}; it cannot be ranked.`);
    }
  }
  const compare = (a: number, b: number) => {
    if (reward[a] !== reward[b]) return reward[b] - reward[a];
    const keyA = counter32(tieSeed, a);
    const keyB = counter32(tieSeed, b);
    return keyA !== keyB ? keyA - keyB : a - b;
  };
  for (let g = 0; g + 1 < starts.length; g++) sortRange(order, starts[g], starts[g + 1], compare);
  return ranking;
}

/** Rows arranged by group, ascending within each: the layout without any ranking. */
export function groupRows(group: Int32Array): Ranking {
  const numberOf = new Map<number, number>();
  const dense = new Int32Array(group.length);
  const sizes: number[] = [];
  const firsts: number[] = [];
  let lastGroup = Number.NaN;
  let last = 0;
  for (let row = 0; row < group.length; row++) {
    if (group[row] !== lastGroup) {
      lastGroup = group[row];
      const known = numberOf.get(lastGroup);
      last = known ?? sizes.length;
      if (known === undefined) {
        numberOf.set(lastGroup, last);
        sizes.push(0);
        firsts.push(row);
      }
    }
    dense[row] = last;
    sizes[last]++;
  }
  const starts = new Int32Array(sizes.length + 1);
  for (let g = 0; g < sizes.length; g++) starts[g + 1] = starts[g] + sizes[g];
  const next = starts.slice();
  const order = new Int32Array(group.length);
  for (let row = 0; row < group.length; row++) order[next[dense[row]]++] = row;
  return { order, starts, first: Int32Array.from(firsts) };
}

/** Sorts order[from … to) in place; groups are small as a rule, where insertion beats the general sort. */
export function sortRange(
  order: Int32Array,
  from: number,
  to: number,
  compare: (a: number, b: number) => number,
): void {
  if (to - from > 24) {
    order.subarray(from, to).sort(compare);
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const row = order[i];
    let j = i - 1;
    while (j >= from && compare(order[j], row) > 0) {
      order[j + 1] = order[j];
      j--;
    }
    order[j + 1] = row;
  }
}
