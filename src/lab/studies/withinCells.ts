/**
 * Does a criterion rank the filters of one cell? The question of somebody who has one reward model and has to choose a
 * filter; over all cells, a criterion is also credited for telling cells apart.
 */
import { spearman } from '../../core/statistics/stats.ts';
import type { CriterionId } from './criteria.ts';
import { type Budget, gainOf } from './gains.ts';
import type { Study } from './study.ts';

/** Fewer filters have no order worth a number. */
const fewestFilters = 4;

export interface WithinCell {
  cell: string;
  filters: number;
  /** Spearman’s correlation of the criterion on the starting policy with the gain over the reference. */
  rank: number;
}

/** The cells where there is such a number, the highest first. Few points each: no interval. */
export function withinCells(study: Study, criterion: CriterionId, budget: Budget): WithinCell[] {
  const { reference } = study;
  if (reference === null) return [];
  return study.cells
    .map(({ name: cell }) => {
      const runs = study.runs.filter((run) => run.cell === cell);
      const points = study.criteria.flatMap(({ cell: of, arm, values }) => {
        if (of !== cell || arm === reference) return [];
        const gain = gainOf(runs, arm, reference, budget)?.mean ?? Number.NaN;
        const value = values[criterion];
        return value !== null && Number.isFinite(gain) ? [{ value, gain }] : [];
      });
      const rank = spearman(
        points.map(({ value }) => value),
        points.map(({ gain }) => gain),
      );
      return { cell, filters: points.length, rank };
    })
    .filter(({ filters, rank }) => filters >= fewestFilters && Number.isFinite(rank))
    .sort((a, b) => b.rank - a.rank);
}
