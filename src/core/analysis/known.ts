/** The responses whose truth is known, in the order that every statistic of the table wants. */
import { orderOfSingles } from '../stats.ts';
import { resampling } from './bootstrap.ts';
import type { Known } from './measure.ts';
import type { Rollouts } from './rollouts.ts';

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

/** Columns of those rows, prepared for all filters; null where there are none. */
export function prepareKnown(
  { reward, score, prompt }: Pick<Rollouts, 'reward' | 'score' | 'prompt'>,
  rows: Int32Array,
  replicates: number,
  seed: number,
): Known | null {
  if (rows.length === 0) return null;
  const clusterOf = new Map<number, number>();
  const cluster = new Int32Array(rows.length);
  // Prompts are numbered in the order of the file, so that the same prompts are drawn whatever their rewards.
  for (const row of rows.slice().sort()) {
    if (!clusterOf.has(prompt[row])) clusterOf.set(prompt[row], clusterOf.size);
  }
  for (let i = 0; i < rows.length; i++) cluster[i] = clusterOf.get(prompt[rows[i]])!;
  const sampling = resampling(clusterOf.size, replicates, seed);
  const known: Known = {
    reward: new Float64Array(rows.length),
    score: new Float64Array(rows.length),
    byScore: new Int32Array(0),
    unit: cluster.map((c) => sampling.unitOf[c]),
    resampling: sampling,
  };
  for (let i = 0; i < rows.length; i++) {
    known.reward[i] = reward[rows[i]];
    known.score[i] = score![rows[i]];
  }
  known.byScore = orderOfSingles(known.score);
  return known;
}
