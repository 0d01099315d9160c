/**
 * Where a reward can be trusted: the ten-line plot of PF-PPO's Figure 1 with the spread that binomial sampling alone
 * predicts, the calibration of groups, rewards of passing and failing responses, rank against score.
 */

import type { Ranking } from '../filters/ranking.ts';
import { rowsByGroup } from '../groups.ts';
import { stream } from '../random.ts';
import { orderOf, sd } from '../statistics/stats.ts';
import { type Bin, binEdges, binOf, type Grouping, histogram } from './bins.ts';

export interface ReliabilityBin {
  low: number;
  high: number;
  /** Responses of all lines. */
  count: number;
  /** Mean reward of the bin. */
  reward: number;
  /** Mean score of the bin over all lines. */
  score: number;
  /** [lines] mean score of each line in this bin; NaN where a line has no response here. */
  lines: Float64Array;
  /** Standard deviation of the lines: what the paper reads reliability from. */
  spread: number;
  /**
   * The same if responses were independent draws from the bin: √(variance of the score / responses per line), which
   * for passes and failures is √(p(1 − p)/n). A spread this size says nothing about the reward.
   */
  sampling: number;
}

export interface TenLines {
  bins: ReliabilityBin[];
  lines: number;
  by: 'split' | 'resample';
}

/**
 * Mean score by reward, drawn once per line. `split` deals the responses of each prompt out to the lines at random,
 * so that lines are as independent as repeated sampling makes them; `resample` draws prompts with replacement for
 * each line, for when there are fewer responses than lines.
 * @param prompt [B] which responses belong together
 */
export function tenLines(
  reward: ArrayLike<number>,
  score: ArrayLike<number>,
  prompt: ArrayLike<number>,
  {
    lines = 10,
    by = 'split',
    grouping = { groups: 10, mode: 'equal-width' },
    seed = 1,
  }: {
    lines?: number;
    by?: 'split' | 'resample';
    grouping?: Pick<Grouping, 'groups' | 'mode'>;
    seed?: number;
  } = {},
): TenLines {
  const edges = binEdges(reward, orderOf(reward), grouping);
  const groups = edges.length + 1;
  const bin = Int32Array.from({ length: reward.length }, (_, row) => binOf(edges, reward[row]));
  const count = new Float64Array(groups * lines);
  const sum = new Float64Array(groups * lines);
  const add = (line: number, row: number) => {
    count[bin[row] * lines + line]++;
    sum[bin[row] * lines + line] += score[row];
  };
  const rng = stream(seed, 'ten lines');
  const members = rowsByGroup(prompt);
  if (by === 'split') {
    let next = rng.int(lines);
    for (const rows of members) {
      for (const row of rng.shuffle(rows)) add(next++ % lines, row);
    }
  } else {
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < members.length; i++)
        for (const row of members[rng.int(members.length)]) add(line, row);
    }
  }
  return { bins: reliabilityBins(reward, score, bin, edges, { count, sum, lines }), lines, by };
}

function reliabilityBins(
  reward: ArrayLike<number>,
  score: ArrayLike<number>,
  bin: Int32Array,
  edges: Float64Array,
  { count, sum, lines }: { count: Float64Array; sum: Float64Array; lines: number },
): ReliabilityBin[] {
  return momentsByBin(reward, score, bin, edges).map(({ b, variance, ...moments }) => {
    const means = Float64Array.from({ length: lines }, (_, i) => sum[b * lines + i] / count[b * lines + i]);
    const present = means.filter((x) => !Number.isNaN(x));
    // The variance of a line is inverse to its responses, so it is their harmonic mean that predicts the spread.
    let inverse = 0;
    for (let i = 0; i < lines; i++) if (count[b * lines + i] > 0) inverse += 1 / count[b * lines + i];
    return {
      ...moments,
      lines: means,
      spread: sd(present),
      sampling: Math.sqrt((variance * inverse) / present.length),
    };
  });
}

/** Non-empty bins with their means and the variance of the score in them. */
function momentsByBin(
  reward: ArrayLike<number>,
  score: ArrayLike<number>,
  bin: Int32Array,
  edges: Float64Array,
) {
  const groups = edges.length + 1;
  const n = new Float64Array(groups);
  const sumReward = new Float64Array(groups);
  const sumScore = new Float64Array(groups);
  const squares = new Float64Array(groups);
  let low = Infinity;
  let high = -Infinity;
  for (let row = 0; row < bin.length; row++) {
    n[bin[row]]++;
    sumReward[bin[row]] += reward[row];
    sumScore[bin[row]] += score[row];
    squares[bin[row]] += score[row] ** 2;
    low = Math.min(low, reward[row]);
    high = Math.max(high, reward[row]);
  }
  return Array.from(n, (count, b) => ({
    b,
    low: b === 0 ? low : edges[b - 1],
    high: b === groups - 1 ? high : edges[b],
    count,
    reward: sumReward[b] / count,
    score: sumScore[b] / count,
    variance: Math.max(0, squares[b] / count - (sumScore[b] / count) ** 2),
  })).filter(({ count }) => count > 0);
}

export interface CalibrationBin extends Bin {
  /** Standard error of meanY that allows for responses to one prompt being alike. */
  standardError: number;
}

/** Mean reward and mean score of groups of similar reward, each with a cluster-robust standard error. */
export function calibration(
  reward: ArrayLike<number>,
  score: ArrayLike<number>,
  prompt: ArrayLike<number>,
  grouping: Pick<Grouping, 'groups' | 'mode'>,
): CalibrationBin[] {
  const edges = binEdges(reward, orderOf(reward), grouping);
  const bin = Int32Array.from({ length: reward.length }, (_, row) => binOf(edges, reward[row]));
  const means = momentsByBin(reward, score, bin, edges);
  const place = new Int32Array(edges.length + 1);
  means.forEach(({ b }, i) => {
    place[b] = i;
  });
  const squares = new Float64Array(means.length);
  for (const rows of rowsByGroup(prompt)) {
    const residual = new Map<number, number>();
    for (const row of rows) {
      const i = place[bin[row]];
      residual.set(i, (residual.get(i) ?? 0) + score[row] - means[i].score);
    }
    for (const [i, sum] of residual) squares[i] += sum * sum;
  }
  return means.map(({ low, high, count, reward: meanX, score: meanY }, i) => ({
    low,
    high,
    count,
    meanX,
    meanY,
    standardError: Math.sqrt(squares[i]) / count,
  }));
}

/** Histograms of the reward on shared bins, for responses that pass (score 1) and those that do not. */
export function passFailHistogram(
  reward: ArrayLike<number>,
  score: ArrayLike<number>,
  bins: number,
): { edges: Float64Array; pass: Float64Array; fail: Float64Array } {
  const all = histogram(reward, bins);
  const low = all.edges[0];
  const high = all.edges[bins];
  const passing: number[] = [];
  for (let row = 0; row < reward.length; row++) if (score[row] === 1) passing.push(reward[row]);
  const { counts: pass } = histogram(passing, bins, low, high);
  return { edges: all.edges, pass, fail: all.counts.map((count, i) => count - pass[i]) };
}

export interface RankRow {
  /** 1 is the highest reward of a group. */
  rank: number;
  count: number;
  reward: number;
  score: number;
  passRate: number;
  /** Standard error of the mean score: a prompt gives one response per rank, so they are independent. */
  standardError: number;
}

/** Truth by rank. Rows whose score is NaN are left out. */
export function rankProfile(
  ranking: Ranking,
  reward: ArrayLike<number>,
  score: ArrayLike<number>,
): RankRow[] {
  const byRank: number[][] = [];
  for (let g = 0; g + 1 < ranking.starts.length; g++) {
    for (let at = ranking.starts[g]; at < ranking.starts[g + 1]; at++) {
      const row = ranking.order[at];
      if (!Number.isNaN(score[row])) (byRank[at - ranking.starts[g]] ??= []).push(row);
    }
  }
  return byRank.map((rows, i) => {
    const n = rows.length;
    const average = (of: (row: number) => number) => rows.reduce((sum, row) => sum + of(row), 0) / n;
    const scores = rows.map((row) => score[row]);
    return {
      rank: i + 1,
      count: n,
      reward: average((row) => reward[row]),
      score: average((row) => score[row]),
      passRate: average((row) => (score[row] === 1 ? 1 : 0)),
      standardError: sd(scores) / Math.sqrt(n),
    };
  });
}
