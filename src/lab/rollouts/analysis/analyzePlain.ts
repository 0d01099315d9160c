/** What a comparison says, as JSON can hold it. */
import type { Interval } from '../../../core/analysis/bootstrap.ts';
import type { FilterReport } from '../../../core/analysis/compareFilters.ts';
import { criterionNames } from '../../../core/analysis/criteria.ts';
import type { AnalyzedFilter, Estimate } from './analyzeShape.ts';

export const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function estimate({ value, low, high }: Interval): Estimate {
  return { value: orNull(value), low: orNull(low), high: orNull(high) };
}

const unknown: Estimate = { value: null, low: null, high: null };

/** A report as plain numbers, null where undefined. */
export function plain(report: FilterReport): AnalyzedFilter {
  const { label, prompts, filter, sampler, kept, share, meanReward, truth, criteria } = report;
  return {
    label,
    prompts,
    filter,
    sampler,
    kept,
    share,
    meanReward: orNull(meanReward),
    meanScore: truth && orNull(truth.meanScore.value),
    passRate: truth && orNull(truth.passRate.value),
    r2: {
      perResponse: truth ? estimate(truth.r2.perResponse) : unknown,
      grouped: {
        ...(truth ? estimate(truth.r2.grouped) : unknown),
        bins: (truth?.r2.grouped.bins ?? []).map(({ low, high, count, meanX, meanY }) => ({
          low,
          high,
          count,
          reward: meanX,
          score: meanY,
        })),
      },
    },
    gain: truth ? estimate(truth.gain) : unknown,
    control: {
      perResponse: truth && orNull(truth.control.perResponse),
      grouped: truth && orNull(truth.control.grouped),
    },
    spearman: truth && orNull(truth.spearman),
    kendall: truth && orNull(truth.kendall),
    criteria: Object.fromEntries(
      criterionNames.map((name) => [name, estimate(criteria[name])]),
    ) as AnalyzedFilter['criteria'],
  };
}
