/** The numbers that one iteration reports. Names, units and formulas: src/lab/records/metrics.ts. */
import { mean, r2 } from '../../core/statistics/stats.ts';
import { endToken } from '../../tasks/tokenizer.ts';
import type { Costs } from './costs.ts';
import type { Judged } from './run.ts';
import type { SampleColumns } from './samples.ts';

export interface StationTimes {
  sampleMs: number;
  scoreMs: number;
  runMs: number;
  filterMs: number;
  updateMs: number;
}

export type IterationMetrics = Record<string, number>;

export function iterationMetrics(of: {
  samples: SampleColumns;
  /** Rows let through by the filter, repeats included. */
  kept: Int32Array;
  /** What the update logs, by metric: means over its steps, and what it knew before them. */
  updates: Readonly<Record<string, number>>;
  costs: Partial<Costs>;
  times: StationTimes;
  judged: Judged;
  /** Tokens written beside the samples and thrown away, where that may happen. */
  thrownTokens?: number;
  /** [B] 1 where the reference wrote the response instead of the policy. */
  byReference?: Uint8Array;
  /** The price of moving, where it changes from one iteration to the next. */
  beta?: number;
  /** The naive judge's answers, when it was asked. */
  believed?: Judged;
}): IterationMetrics {
  const { samples, kept } = of;
  const { reward, score, starts, uses } = samples;
  const count = reward.length;
  const pass = score.map((s) => (s === 1 ? 1 : 0));
  const at = (column: Float32Array) => Float32Array.from(kept, (row) => column[row]);
  let kl = 0;
  let surprise = 0;
  let own = 0;
  for (let row = 0; row < count; row++) {
    for (let t = starts[row]; t < starts[row + 1]; t++) surprise -= samples.logProb[t];
    // What another policy wrote says nothing of how far this one has moved.
    if (of.byReference?.[row]) continue;
    own++;
    for (let t = starts[row]; t < starts[row + 1]; t++) kl += samples.logProb[t] - samples.refLogProb[t];
  }
  const metrics: IterationMetrics = {
    score: mean(score),
    passRate: mean(pass),
    rewardPi: mean(reward),
    r2All: r2(reward, score),
    keptShare: uses.reduce((n, used) => n + (used > 0 ? 1 : 0), 0) / count,
    uniqueShare: distinctShare(samples),
    kl: kl / own,
    entropy: surprise / samples.logProb.length,
    responseLength: starts[count] / count,
    truncated: truncatedShare(samples),
    ...(of.thrownTokens === undefined
      ? {}
      : { thrownShare: of.thrownTokens / (of.thrownTokens + starts[count]) }),
    ...(of.believed ? { naiveScore: mean(of.believed.score) } : {}),
    ...(of.beta === undefined ? {} : { beta: of.beta }),
    judgeCacheHits: of.judged.cacheHits,
    ...of.costs,
    ...of.times,
    ...of.updates,
  };
  if (kept.length > 0) {
    metrics.passRateMu = mean(at(pass));
    metrics.rewardMu = mean(at(reward));
    metrics.r2Kept = r2(at(reward), at(score));
  }
  // R² is undefined where nothing varies; an absent metric says so.
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}

/** Distinct completions of a group as a share of its size, mean over groups. */
function distinctShare({ group, starts, tokens }: SampleColumns): number {
  const sizes = new Map<number, number>();
  const distinct = new Map<number, Set<string>>();
  for (let row = 0; row < group.length; row++) {
    const g = group[row];
    sizes.set(g, (sizes.get(g) ?? 0) + 1);
    if (!distinct.has(g)) distinct.set(g, new Set());
    distinct.get(g)!.add(tokens.subarray(starts[row], starts[row + 1]).join());
  }
  let sum = 0;
  for (const [g, size] of sizes) sum += distinct.get(g)!.size / size;
  return sum / sizes.size;
}

/** Share of completions that ran into the length limit: they do not end with the end-of-sequence token. */
function truncatedShare({ starts, tokens }: SampleColumns): number {
  const count = starts.length - 1;
  let truncated = 0;
  for (let row = 0; row < count; row++) if (tokens[starts[row + 1] - 1] !== endToken) truncated++;
  return truncated / count;
}
