/** The map: what each filter gains in each cell, told apart or not. Cells are rows, filters columns. */
import { halfWidth95, type Telling, tellingOf } from '../../core/statistics/studentT.ts';
import type { PairedEstimate } from '../records/summary.ts';
import { type Budget, gainOf } from './gains.ts';
import type { Study } from './study.ts';

export interface MapField {
  cell: string;
  arm: string;
  /** Null where no seed ran both. */
  gain: PairedEstimate | null;
  telling: Telling | null;
  /** Half the 95 % interval. */
  half: number | null;
}

export interface StudyMap {
  cells: string[];
  /** Without the one that is subtracted. */
  arms: string[];
  against: string;
  budget: Budget;
  /** By cell, then by arm. */
  fields: MapField[][];
}

/** What the map needs of a study: so that an experiment of the page can be shown as one. */
export type MapSource = Pick<Study, 'arms' | 'runs'> & { cells: readonly { name: string }[] };

export function mapOf({ cells, arms, runs }: MapSource, against: string, budget: Budget): StudyMap {
  const others = arms.filter((arm) => arm !== against);
  return {
    cells: cells.map(({ name }) => name),
    arms: others,
    against,
    budget,
    fields: cells.map(({ name }) => {
      const own = runs.filter(({ cell }) => cell === name);
      return others.map((arm): MapField => {
        const gain = gainOf(own, arm, against, budget);
        return {
          cell: name,
          arm,
          gain,
          telling: gain && tellingOf(gain),
          half: gain && halfWidth95(gain.standardError, gain.count),
        };
      });
    }),
  };
}
