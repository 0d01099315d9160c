/**
 * Does a number that is known before training tell what a filter gains? Over all cells and filters: the rank correlation
 * of the criterion, less that of the arm that keeps everything, with the gain over that arm. Its interval resamples cells,
 * and within a cell the seeds, for the criterion and for the gain at once.
 */
import { type Rng, stream } from '../../core/random.ts';
import { pearson, quantile, ranks, spearman } from '../../core/statistics/stats.ts';
import { fewestToTell } from '../../core/statistics/studentT.ts';
import { type CriterionId, criteriaOf, criterionIds, type PooledRows, poolRows } from './criteria.ts';
import { type Budget, budgets, type StudyNumbers, seedDifferences } from './gains.ts';
import type { Correlation, Prediction } from './study.ts';
import type { StartRows } from './studyFiles.ts';

export type RunWithStart = StudyNumbers & { start: StartRows };

/** The arm whose absence is looked at on its own: the worst filter, which every criterion finds. */
export const worstFilter = 'BoN';

/** Resamples of the seeds of a cell, and of the cells. */
const ofSeeds = 60;
const ofCells = 500;
/** Fewer cells, or fewer seeds in one of them, give no interval: a resample of one seed is that seed. */
const fewestCells = 5;

/** One filter in one cell. */
interface Point {
  arm: string;
  criteria: Record<CriterionId, number>;
  gains: Record<Budget, number>;
}

export function predictionsOf(cells: readonly (readonly RunWithStart[])[], reference: string): Prediction[] {
  const rng = stream(1, 'prediction');
  const measured = cells.map((runs) => new CellPoints(runs, reference));
  const points = measured.map((cell) => cell.points(null));
  const enough = cells.length >= fewestCells && measured.every((cell) => cell.seeds >= fewestToTell);
  const resamples = measured.map((cell) =>
    Array.from({ length: enough ? ofSeeds : 0 }, () => cell.points(rng)),
  );
  const draws = Array.from({ length: enough ? ofCells : 0 }, () =>
    cells.flatMap(() => resamples[rng.int(cells.length)][rng.int(ofSeeds)]),
  );
  const [all, ...drawn] = [points.flat(), ...draws].map((of) => new Ranked(of));
  return criterionIds.flatMap((criterion) =>
    budgets.flatMap((budget) =>
      [true, false].map((bon): Prediction => {
        const replicates = drawn.map((draw) => draw.correlation(criterion, budget, bon));
        const known = replicates.filter((each) => !Number.isNaN(each));
        const rank = withInterval(all.correlation(criterion, budget, bon), known);
        return { criterion, budget, bon, points: all.count(criterion, budget, bon), rank };
      }),
    ),
  );
}

/** Points whose ranks by a criterion and by a gain are found once, whatever they are paired with. */
class Ranked {
  readonly #with: readonly Point[];
  readonly #without: readonly Point[];
  readonly #ranks = new Map<string, Float64Array>();

  constructor(points: readonly Point[]) {
    this.#with = points;
    this.#without = points.filter(({ arm }) => arm !== worstFilter);
  }

  /** Spearman's; NaN where there is none. */
  correlation(criterion: CriterionId, budget: Budget, bon: boolean): number {
    const used = this.#used(criterion, budget, bon);
    const x = ({ criteria }: Point) => criteria[criterion];
    const y = ({ gains }: Point) => gains[budget];
    // Where nothing was left out, the ranks are those of the other pairs, too.
    if (used !== this.#all(bon)) return spearman(used.map(x), used.map(y));
    return pearson(this.#ranksOf(`${criterion} ${bon}`, used, x), this.#ranksOf(`${budget} ${bon}`, used, y));
  }

  count(criterion: CriterionId, budget: Budget, bon: boolean): number {
    return this.#used(criterion, budget, bon).length;
  }

  #all(bon: boolean): readonly Point[] {
    return bon ? this.#with : this.#without;
  }

  #used(criterion: CriterionId, budget: Budget, bon: boolean): readonly Point[] {
    const all = this.#all(bon);
    const isKnown = ({ criteria, gains }: Point) =>
      Number.isFinite(criteria[criterion]) && Number.isFinite(gains[budget]);
    return all.every(isKnown) ? all : all.filter(isKnown);
  }

  #ranksOf(key: string, points: readonly Point[], value: (point: Point) => number): Float64Array {
    const known = this.#ranks.get(key) ?? ranks(points.map(value));
    this.#ranks.set(key, known);
    return known;
  }
}

function withInterval(value: number, replicates: readonly number[]): Correlation {
  const known = (number: number) => (Number.isFinite(number) ? rounded(number) : null);
  // Where most resamples have no correlation, an interval of the rest would be of something else.
  const enough = replicates.length > ofCells / 2;
  return {
    value: known(value),
    low: enough ? known(quantile(replicates, 0.025)) : null,
    high: enough ? known(quantile(replicates, 0.975)) : null,
  };
}

/** Numbers in files: six digits are more than any of these has. */
export const rounded = (value: number): number => Number(value.toPrecision(6));

/** The filters of one cell, over its seeds or a resample of them. */
class CellPoints {
  readonly #seeds: number[];
  readonly #rows = new Map<string, PooledRows>();
  readonly #differences = new Map<string, Record<Budget, Map<number, number>>>();
  readonly #reference: string;

  constructor(runs: readonly RunWithStart[], reference: string) {
    this.#reference = reference;
    // Seeds that every arm has run: a resample draws the same seeds for all of them.
    const arms = [...new Set(runs.map(({ arm }) => arm))];
    const seeds = arms.includes(reference) ? [...new Set(runs.map(({ seed }) => seed))] : [];
    this.#seeds = seeds.filter((seed) =>
      arms.every((arm) => runs.some((run) => run.arm === arm && run.seed === seed)),
    );
    if (this.#seeds.length === 0) return;
    for (const arm of arms) {
      const own = this.#seeds.map((seed) => runs.find((run) => run.arm === arm && run.seed === seed)!);
      this.#rows.set(arm, poolRows(own.map(({ start }) => start)));
      if (arm === reference) continue;
      const differences = (budget: Budget) => seedDifferences(runs, arm, reference, budget);
      this.#differences.set(arm, {
        iterations: differences('iterations'),
        updateTokens: differences('updateTokens'),
        samples: differences('samples'),
      });
    }
  }

  /** How many seeds every arm has run. */
  get seeds(): number {
    return this.#seeds.length;
  }

  /** @param rng draws a resample; null: all seeds once */
  points(rng: Rng | null): Point[] {
    const count = this.#seeds.length;
    if (count === 0) return [];
    const times = new Float64Array(count);
    for (let i = 0; i < count; i++) times[rng ? rng.int(count) : i]++;
    const base = criteriaOf(this.#rows.get(this.#reference)!, times);
    return [...this.#differences].map(([arm, differences]): Point => {
      const own = criteriaOf(this.#rows.get(arm)!, times);
      const criteria = Object.fromEntries(criterionIds.map((id) => [id, own[id] - base[id]]));
      const gains = Object.fromEntries(
        budgets.map((budget) => {
          const sum = this.#seeds.reduce(
            (total, seed, i) =>
              total + (times[i] === 0 ? 0 : times[i] * (differences[budget].get(seed) ?? Number.NaN)),
            0,
          );
          return [budget, sum / count];
        }),
      );
      return {
        arm,
        criteria: criteria as Record<CriterionId, number>,
        gains: gains as Record<Budget, number>,
      };
    });
  }
}
