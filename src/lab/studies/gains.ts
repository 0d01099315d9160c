/**
 * What a filter gains over another arm of its cell, at equal cost: paired by seed, at equal iterations, equal update
 * tokens or equal samples.
 */
import { pairedDifference } from '../../core/statistics/stats.ts';
import type { PairedEstimate } from '../records/summary.ts';

/** A look at the held-out problems, with what had been spent by then. */
export interface Look {
  iteration: number;
  heldPass: number;
  updateTokens: number;
  samples: number;
}

/** What the map knows of a run. */
export interface StudyNumbers {
  cell: string;
  arm: string;
  seed: number;
  /** Oldest first; the first is of the starting policy. */
  looks: readonly Look[];
}

/** What two arms are given equally much of. */
export const budgets = ['iterations', 'updateTokens', 'samples'] as const;
export type Budget = (typeof budgets)[number];

export const budgetText: Record<Budget, string> = {
  iterations: 'equal iterations',
  updateTokens: 'equal update tokens',
  samples: 'equal samples',
};

const spent = (look: Look, budget: Budget): number =>
  budget === 'iterations' ? look.iteration : look[budget];

/** Mean of a look and the one before it, but for the starting policy: one look alone wobbles by about 0.02. */
const smooth = (looks: readonly Look[], i: number): number =>
  i < 2 ? looks[i].heldPass : (looks[i - 1].heldPass + looks[i].heldPass) / 2;

/** The smoothed curve where so much is spent, by straight lines between looks. NaN outside it. */
export function passAt(looks: readonly Look[], budget: Budget, amount: number): number {
  const after = looks.findIndex((look) => spent(look, budget) >= amount);
  if (after < 0) return Number.NaN;
  const end = spent(looks[after], budget);
  if (after === 0) return end === amount ? smooth(looks, 0) : Number.NaN;
  const begin = spent(looks[after - 1], budget);
  const share = end === begin ? 1 : (amount - begin) / (end - begin);
  return (1 - share) * smooth(looks, after - 1) + share * smooth(looks, after);
}

/** Held-out pass of one run minus that of another, where the one that spent less ended. */
export function differenceAt(own: readonly Look[], other: readonly Look[], budget: Budget): number {
  if (own.length < 2 || other.length < 2) return Number.NaN;
  const amount = Math.min(spent(own.at(-1)!, budget), spent(other.at(-1)!, budget));
  return passAt(own, budget, amount) - passAt(other, budget, amount);
}

/**
 * The paired difference of two arms of a cell over the seeds that both ran; null when there are none.
 * @param runs of one cell
 */
export function gainOf(
  runs: readonly StudyNumbers[],
  arm: string,
  against: string,
  budget: Budget,
): PairedEstimate | null {
  const differences = seedDifferences(runs, arm, against, budget);
  if (differences.size === 0) return null;
  const values = [...differences.values()];
  const { mean, standardError, wins, count } = pairedDifference(values, new Float64Array(values.length));
  return { mean, standardError: count > 1 ? standardError : null, count, wins };
}

/** The differences by seed. */
export function seedDifferences(
  runs: readonly StudyNumbers[],
  arm: string,
  against: string,
  budget: Budget,
): Map<number, number> {
  const others = new Map(runs.filter((run) => run.arm === against).map((run) => [run.seed, run.looks]));
  return new Map(
    runs
      .filter((run) => run.arm === arm && others.has(run.seed))
      .map((run): [number, number] => [run.seed, differenceAt(run.looks, others.get(run.seed)!, budget)])
      .filter(([, difference]) => !Number.isNaN(difference)),
  );
}
