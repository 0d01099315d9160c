/** The responses whose truth is known, in the order that every statistic of the table wants. */
import { levelsAlong, orderOfSingles } from '../statistics/stats.ts';
import { type Resampling, resampling } from './bootstrap.ts';
import type { Rollouts } from './rollouts.ts';

/**
 * Responses whose truth is known, prepared once for all filters: n of them, by ascending reward and, where that is
 * equal, by ascending score.
 */
export interface Known {
  /** [n] their numbers among all responses. */
  row: Int32Array;
  reward: Float64Array;
  score: Float64Array;
  /** [n] the score as a whole number from 0 to `levels` − 1, in the same order. */
  level: Int32Array;
  levels: number;
  /** [n] which unit of the resampling a response belongs to. */
  unit: Int32Array;
  resampling: Resampling;
}

/** The responses of `Known` that are in a training set, in the same order. */
export interface Counted extends Known {
  /** How often each stands there. */
  weight: Float64Array;
  /** Its number in `Known`. */
  place: Int32Array;
}

/** Rows whose truth is known, by ascending reward and, where that is equal, by ascending score. */
export function knownRows({ reward, score }: Pick<Rollouts, 'reward' | 'score'>): Int32Array {
  if (score === null) return new Int32Array(0);
  const order = orderOfSingles(reward).filter((row) => !Number.isNaN(score[row]));
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && reward[order[to]] === reward[order[from]]) to++;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => score[a] - score[b] || a - b);
    from = to;
  }
  return order;
}

/**
 * Columns of those rows, prepared for all filters; null where there are none.
 * @param shared a resampling of the same seed; it is used where it draws among as many prompts
 */
export function prepareKnown(
  { reward, score, prompt }: Pick<Rollouts, 'reward' | 'score' | 'prompt'>,
  rows: Int32Array,
  replicates: number,
  seed: number,
  shared?: Resampling,
): Known | null {
  if (rows.length === 0) return null;
  const clusterOf = new Map<number, number>();
  const cluster = new Int32Array(rows.length);
  // Prompts are numbered in the order of the file, so that the same prompts are drawn whatever their rewards.
  for (const row of rows.slice().sort()) {
    if (!clusterOf.has(prompt[row])) clusterOf.set(prompt[row], clusterOf.size);
  }
  for (let i = 0; i < rows.length; i++) cluster[i] = clusterOf.get(prompt[rows[i]])!;
  const fits =
    shared?.unitOf.length === clusterOf.size && shared.replicates === (clusterOf.size < 2 ? 0 : replicates);
  const sampling = fits ? shared : resampling(clusterOf.size, replicates, seed);
  const known: Known = {
    row: rows,
    reward: new Float64Array(rows.length),
    score: new Float64Array(rows.length),
    level: new Int32Array(0),
    levels: 0,
    unit: cluster.map((c) => sampling.unitOf[c]),
    resampling: sampling,
  };
  for (let i = 0; i < rows.length; i++) {
    known.reward[i] = reward[rows[i]];
    known.score[i] = score![rows[i]];
  }
  return Object.assign(known, levelsAlong(orderOfSingles(known.score), known.score));
}

/** Packs what counts, so that all that follows takes as long as there are of it. @param uses of every response */
export function countedRows(known: Known, uses: Float64Array): Counted {
  const places = new Int32Array(known.row.length);
  const weights = new Float64Array(known.row.length);
  let length = 0;
  for (let at = 0; at < places.length; at++) {
    const use = uses[known.row[at]];
    places[length] = at;
    weights[length] = use;
    length += use > 0 ? 1 : 0;
  }
  const counted: Counted = {
    ...known,
    row: new Int32Array(length),
    reward: new Float64Array(length),
    score: new Float64Array(length),
    level: new Int32Array(length),
    unit: new Int32Array(length),
    weight: weights.slice(0, length),
    place: places.slice(0, length),
  };
  for (let i = 0; i < length; i++) {
    const at = counted.place[i];
    counted.row[i] = known.row[at];
    counted.reward[i] = known.reward[at];
    counted.score[i] = known.score[at];
    counted.level[i] = known.level[at];
    counted.unit[i] = known.unit[at];
  }
  return counted;
}
