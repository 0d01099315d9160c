/** What a run of the arena says: means with intervals, the speed-up at equal reward, and how partial scores foretell final ones. */
import { resampling } from '../../core/analysis/bootstrap.ts';
import { kendall, mean, pearson, quantileSorted } from '../../core/statistics/stats.ts';
import type { PromptResult, Side } from './arena.ts';

export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export interface ArenaReport {
  sides: Readonly<Record<Side, { reward: number; policyTokens: number; scoreTokens: number; peak: number }>>;
  /** Reward of the answers of Speculative Rejection minus that of Best-of-N. */
  difference: Estimate;
  /**
   * Tokens that Best-of-N spends for as high a reward, by those of Speculative Rejection: tokens that the policy writes,
   * and all tokens that a network reads or writes.
   */
  speedUp: Readonly<Record<'policy' | 'all', Estimate>>;
  /** Responses of Best-of-N that reach the reward of Speculative Rejection. */
  equal: number;
  foresight: readonly Foresight[];
}

/** How scores at one decision token foretell final rewards. */
export interface Foresight {
  token: number;
  /** Pairs of partial score and final reward of lanes that were still written. */
  pairs: readonly (readonly [partial: number, final: number])[];
  /** Means over the prompts with three such lanes or more; NaN where there is none. */
  pearson: number;
  kendall: number;
  prompts: number;
}

const replicates = 1000;

export function reportOf(results: readonly PromptResult[], lanes: number): ArenaReport {
  const curves = results.map(({ rewards }) => bestOf(rewards));
  const of = (side: Side) => ({
    reward: mean(results.map(({ outcomes }) => outcomes[side].reward)),
    policyTokens: mean(results.map(({ outcomes }) => outcomes[side].policyTokens)),
    scoreTokens: mean(results.map(({ outcomes }) => outcomes[side].scoreTokens)),
    peak: Math.max(...results.map(({ outcomes }) => outcomes[side].peak)),
  });
  /** With each prompt taken so many times. */
  const statistics = (times: ArrayLike<number>) => {
    const sum = (column: (result: PromptResult, i: number) => number) =>
      results.reduce((total, result, i) => total + times[i] * column(result, i), 0);
    const reward = sum(({ outcomes }) => outcomes.rejection.reward);
    const n = reach(
      Array.from({ length: lanes }, (_, k) => sum((__, i) => curves[i][k])),
      reward,
    );
    const speed = (tokens: (outcome: PromptResult['outcomes'][Side]) => number) =>
      ((n / lanes) * sum(({ outcomes }) => tokens(outcomes.bon))) /
      sum(({ outcomes }) => tokens(outcomes.rejection));
    return {
      equal: n,
      difference: (reward - sum(({ outcomes }) => outcomes.bon.reward)) / sum(() => 1),
      policy: speed(({ policyTokens }) => policyTokens),
      all: speed(({ policyTokens, scoreTokens }) => policyTokens + scoreTokens),
    };
  };
  const once = statistics(new Array(results.length).fill(1));
  const { counts, units, replicates: done } = resampling(results.length, replicates, 1);
  const draws = Array.from({ length: done }, (_, b) =>
    statistics(counts.subarray(b * units, (b + 1) * units)),
  );
  const estimate = (name: 'difference' | 'policy' | 'all'): Estimate => {
    const sorted = Float64Array.from(draws, (draw) => draw[name]).sort();
    return {
      value: once[name],
      low: done ? quantileSorted(sorted, 0.025) : Number.NaN,
      high: done ? quantileSorted(sorted, 0.975) : Number.NaN,
    };
  };
  return {
    sides: { bon: of('bon'), rejection: of('rejection') },
    difference: estimate('difference'),
    speedUp: { policy: estimate('policy'), all: estimate('all') },
    equal: once.equal,
    foresight: foresightOf(results, lanes),
  };
}

/** Expected best of n responses drawn from these without replacement, for n from 1 to all. */
export function bestOf(rewards: readonly number[]): number[] {
  const N = rewards.length;
  const sorted = rewards.toSorted((a, b) => a - b);
  return Array.from({ length: N }, (_, k) => {
    const n = k + 1;
    // The chance that the i-th smallest is the best of n: C(i − 1, n − 1) / C(N, n), from the largest down.
    let chance = n / N;
    let expected = 0;
    for (let i = N; i >= n; i--) {
      expected += chance * sorted[i - 1];
      if (i > n) chance *= (i - n) / (i - 1);
    }
    return expected;
  });
}

/** How many responses reach `reward` on a curve that rises with their number, interpolated in its logarithm. */
export function reach(curve: readonly number[], reward: number): number {
  if (reward <= curve[0]) return 1;
  for (let n = 1; n < curve.length; n++) {
    if (curve[n] < reward) continue;
    const share = (reward - curve[n - 1]) / (curve[n] - curve[n - 1]);
    return n * ((n + 1) / n) ** share;
  }
  return curve.length;
}

function foresightOf(results: readonly PromptResult[], lanes: number): Foresight[] {
  const tokens = [...new Set(results.flatMap(({ decisions }) => decisions.map(({ token }) => token)))];
  return tokens
    .sort((a, b) => a - b)
    .map((token) => {
      const byPrompt = results.flatMap(({ decisions, rewards }, p) =>
        decisions
          .filter((decision) => decision.token === token)
          .map(({ pool, scores, live }) =>
            pool.flatMap((lane, i) =>
              live.includes(lane) ? [[scores[i], rewards[lane - p * lanes]] as const] : [],
            ),
          ),
      );
      const telling = byPrompt.filter((pairs) => pairs.length >= 3);
      const over = (statistic: (x: number[], y: number[]) => number) => {
        const values = telling
          .map((pairs) =>
            statistic(
              pairs.map(([partial]) => partial),
              pairs.map(([, final]) => final),
            ),
          )
          .filter(Number.isFinite);
        return values.length === 0 ? Number.NaN : mean(values);
      };
      return {
        token,
        pairs: byPrompt.flat(),
        pearson: over(pearson),
        kendall: over(kendall),
        prompts: telling.length,
      };
    });
}
