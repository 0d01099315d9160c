/** Which filters the data put in order by one criterion: paired differences on the same resampled prompts. */
import { percentileInterval } from './bootstrap.ts';
import type { CriterionName } from './criteria.ts';

/** Everything by which filters are compared with an interval. */
export const comparisons = ['r2', 'grouped', 'passRate', 'variance', 'signal', 'phantom', 'sign'] as const;
export type Comparison = (typeof comparisons)[number];
comparisons satisfies readonly (CriterionName | 'r2' | 'grouped' | 'passRate')[];

/** Of a share of phantom groups less is better, of everything else more. */
export const betterIsLess = (by: Comparison): boolean => by === 'phantom';

export interface Compared {
  id: string;
  value: number;
  replicates: Float64Array;
}

/** Whether two filters differ: the interval of their paired difference does not hold 0. False without replicates. */
export function differ(a: Compared, b: Compared): boolean {
  if (a.replicates.length === 0 || a.replicates.length !== b.replicates.length) return false;
  // Without any spread the interval is a point, and two equal filters are not told apart.
  const drawn = a.replicates.map((value, i) => value - b.replicates[i]);
  const { low, high } = percentileInterval(a.value - b.value, drawn);
  return low > 0 || high < 0;
}

/** The best by a criterion, and which others are not told apart from it; null where the criterion is not defined. */
export function toldApart(
  filters: readonly Compared[],
  by: Comparison,
): { best: string; notToldApart: string[] } | null {
  const known = filters.filter(({ value }) => Number.isFinite(value));
  if (known.length === 0) return null;
  const best = known.reduce((a, b) => ((betterIsLess(by) ? b.value < a.value : b.value > a.value) ? b : a));
  const others = known.filter((each) => each !== best && !differ(best, each));
  return { best: best.id, notToldApart: others.map(({ id }) => id) };
}
