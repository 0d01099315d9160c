/** How different the kept responses of a group are: a filter that keeps copies teaches one thing twice. */

import type { Ranking } from '../filters/ranking.ts';
import { stream } from '../random.ts';
import { editDistance } from '../statistics/stats.ts';

/** What the responses say. */
export interface Texts {
  /** [B] equal numbers for equal texts. */
  id: Int32Array;
  /** The text, or the tokens, of a row; null when only the ids are at hand. */
  read: ((row: number) => ArrayLike<unknown>) | null;
}

export interface Diversity {
  /** Different texts among the kept responses of a group, as a share of them; mean over groups. */
  uniqueShare: number;
  /**
   * Edit distance between two kept responses of a group, divided by the length of the longer; mean over pairs of up
   * to 200 groups. NaN when no group keeps two, or the texts are not at hand.
   */
  editDistance: number;
}

const groupsCompared = 200;
/** Beyond this many characters or tokens, two texts are compared by their beginnings. */
const longest = 1000;

/** @param uses [B] how often each row is kept */
export function diversityOf(ranking: Ranking, uses: Float64Array, texts: Texts, seed: number): Diversity {
  let shares = 0;
  let groups = 0;
  const candidates: Int32Array[] = [];
  const rng = stream(seed, 'diversity');
  let seen = 0;
  let room = new Int32Array(32);
  for (let g = 0; g + 1 < ranking.starts.length; g++) {
    const size = ranking.starts[g + 1] - ranking.starts[g];
    if (size > room.length) room = new Int32Array(2 * size);
    let length = 0;
    for (let at = ranking.starts[g]; at < ranking.starts[g + 1]; at++) {
      if (uses[ranking.order[at]] > 0) room[length++] = ranking.order[at];
    }
    if (length === 0) continue;
    const rows = room.subarray(0, length);
    shares += countDifferent(texts.id, rows) / length;
    groups++;
    if (length < 2 || texts.read === null) continue;
    const kept = rows.slice();
    // Reservoir sampling: every group is equally likely to be compared.
    seen++;
    if (candidates.length < groupsCompared) candidates.push(kept);
    else {
      const place = rng.int(seen);
      if (place < groupsCompared) candidates[place] = kept;
    }
  }
  let distances = 0;
  for (const kept of candidates) {
    const a = rng.int(kept.length);
    const b = (a + 1 + rng.int(kept.length - 1)) % kept.length;
    distances += relativeDistance(texts.read!(kept[a]), texts.read!(kept[b]));
  }
  return { uniqueShare: shares / groups, editDistance: distances / candidates.length };
}

/** How many different ids the rows have. Groups are small as a rule, where looking back beats a set. */
function countDifferent(id: Int32Array, rows: Int32Array): number {
  if (rows.length > 24) return new Set(rows.map((row) => id[row])).size;
  let different = 0;
  for (let i = 0; i < rows.length; i++) {
    let before = 0;
    while (before < i && id[rows[before]] !== id[rows[i]]) before++;
    if (before === i) different++;
  }
  return different;
}

function relativeDistance(a: ArrayLike<unknown>, b: ArrayLike<unknown>): number {
  const head = (text: ArrayLike<unknown>) =>
    text.length <= longest ? text : Array.prototype.slice.call(text, 0, longest);
  const [left, right] = [head(a), head(b)];
  const length = Math.max(left.length, right.length);
  return length === 0 ? 0 : editDistance(left, right) / length;
}

/**
 * The two of these rows whose texts have the greatest edit distance, the first such two; none where there are fewer.
 * How PF-PPO makes the pairs for its reward model (arXiv 2409.06957, section 5).
 */
export function farthestPair(
  rows: readonly number[],
  read: (row: number) => ArrayLike<unknown>,
): [number, number][] {
  let pair: [number, number][] = [];
  let most = -1;
  for (const [at, a] of rows.entries()) {
    for (const b of rows.slice(at + 1)) {
      const distance = editDistance(read(a), read(b));
      if (distance > most) [most, pair] = [distance, [[a, b]]];
    }
  }
  return pair;
}
