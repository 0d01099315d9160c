/**
 * A file of many steps, looked at step by step: how each filter does by each criterion while the policy trains, how
 * reliable the reward is, whether the criteria agree about which filter is better, and when another filter would be.
 */
import { linearFit, lineOfMoments, spearman } from '../statistics/stats.ts';
import { type Interval, percentileInterval, r2Interval, replicate } from './bootstrap.ts';
import { criterionNames, measureCriteria, type Normalise, prepareCriteria } from './criteria.ts';
import { type Known, knownRows, prepareKnown } from './known.ts';
import { type CalibrationBin, calibration } from './reliability.ts';
import { batchesOf, chooseRows, type NamedFilter, type Rollouts, rankLooked } from './rollouts.ts';
import { betterIsLess, type Compared, differ, toldApart } from './toldApart.ts';

/** What is followed over the steps. */
export const followed = ['r2', ...criterionNames] as const;
export type Followed = (typeof followed)[number];

/** Consecutive steps that are looked at together. */
export interface StepWindow {
  from: number;
  to: number;
  rows: number;
  /** By filter. */
  filters: Readonly<Record<string, Readonly<Record<Followed, Interval>>>>;
  /** Mean score by reward; null without truth. */
  reliability: CalibrationBin[] | null;
  /** Rank correlation, over the filters, of each criterion with R²: whether they prefer the same filters. */
  agreement: Readonly<Record<Exclude<Followed, 'r2'>, number>>;
}

/** The filter to begin with, and each window at which another is told apart from the one in use and stays better. */
export interface Schedule {
  start: string | null;
  changes: { window: number; step: number; to: string }[];
}

export interface StepsReport {
  steps: number;
  windows: StepWindow[];
  schedule: Readonly<Record<Followed, Schedule>>;
}

export interface StepsOptions {
  replicates?: number;
  seed?: number;
  normalise?: Normalise;
  /** At most so many windows. */
  windows?: number;
}

/** Null where all rows are of one step. */
export function overSteps(
  rollouts: Rollouts,
  filters: readonly NamedFilter[],
  { replicates = 200, seed = 1, normalise = 'before', windows: most = 24 }: StepsOptions = {},
): StepsReport | null {
  const found = batchesOf(rollouts.step ?? null);
  if (found === null) return null;
  const { batch, steps } = found;
  const count = Math.min(most, steps.length);
  const windowOf = (at: number) => Math.min(count - 1, Math.floor((at * count) / steps.length));
  const rowsOf = rowsByWindow(batch, windowOf, count);
  const ranking = rankLooked(rollouts, seed);
  const parts = rowsOf.map((rows) => {
    const part = take(rollouts, rows);
    const known = knownRows(part);
    return {
      rows,
      part,
      knownRows: known,
      known: prepareKnown(part, known, replicates, seed),
      criteria: prepareCriteria(part, replicates, seed),
      compared: new Map<Followed, Compared[]>(followed.map((name) => [name, []])),
      filters: {} as Record<string, Record<Followed, Interval>>,
    };
  });
  for (const named of filters) {
    const uses = new Float64Array(rollouts.reward.length);
    for (const row of chooseRows(named, rollouts, ranking, seed)) uses[row]++;
    for (const { rows, knownRows: known, ...here } of parts) {
      const own = pick(uses, rows, new Float64Array(rows.length));
      const { criteria, replicates: drawn } = measureCriteria(here.criteria, own, normalise);
      const r2 = here.known && r2Of(here.known, pick(own, known, new Float64Array(known.length)));
      const interval = r2?.interval ?? percentileInterval(Number.NaN, undefined);
      here.filters[named.id] = { r2: interval, ...criteria };
      for (const name of followed) {
        const replicatesOf = name === 'r2' ? (r2?.replicates ?? new Float64Array(0)) : drawn[name];
        const { value } = here.filters[named.id][name];
        here.compared.get(name)!.push({ id: named.id, value, replicates: replicatesOf });
      }
    }
  }
  const range = (i: number) => steps.filter((_, at) => windowOf(at) === i);
  return {
    steps: steps.length,
    windows: parts.map(({ rows, filters: own, part, knownRows: known, compared }, i) => ({
      from: range(i)[0],
      to: range(i).at(-1)!,
      rows: rows.length,
      filters: own,
      reliability: reliabilityOf(part, known),
      agreement: agreementOf(compared),
    })),
    schedule: Object.fromEntries(
      followed.map((name) => [
        name,
        scheduleOf(
          parts.map(({ compared }) => compared.get(name)!),
          name,
          (window) => range(window)[0],
        ),
      ]),
    ) as Record<Followed, Schedule>,
  };
}

function rowsByWindow(batch: Int32Array, windowOf: (at: number) => number, count: number): Int32Array[] {
  const sizes = new Int32Array(count);
  for (const at of batch) sizes[windowOf(at)]++;
  const rows = Array.from(sizes, (size) => new Int32Array(size));
  const next = new Int32Array(count);
  batch.forEach((at, row) => {
    const window = windowOf(at);
    rows[window][next[window]++] = row;
  });
  return rows;
}

/** The values of some rows. (A typed array's `from` with a function takes many times as long.) */
function pick<T extends Float64Array | Float32Array | Int32Array>(column: T, rows: Int32Array, into: T): T {
  for (let i = 0; i < rows.length; i++) into[i] = column[rows[i]];
  return into;
}

function take({ reward, score, group, prompt }: Rollouts, rows: Int32Array) {
  const float = (column: Float32Array) => pick(column, rows, new Float32Array(rows.length));
  const int = (column: Int32Array) => pick(column, rows, new Int32Array(rows.length));
  return { reward: float(reward), score: score && float(score), group: int(group), prompt: int(prompt) };
}

function reliabilityOf(
  { reward, score, prompt }: Pick<Rollouts, 'reward' | 'score' | 'prompt'>,
  known: Int32Array,
): CalibrationBin[] | null {
  if (score === null || known.length === 0) return null;
  const at = (column: Float32Array) => pick(column, known, new Float32Array(known.length));
  return calibration(at(reward), at(score), pick(prompt, known, new Int32Array(known.length)), {
    groups: 10,
    mode: 'equal-count',
  });
}

/** R² per response of the counted rows, from sums over prompts alone. */
function r2Of(known: Known, uses: Float64Array): { interval: Interval; replicates: Float64Array } {
  const { reward, score, unit, resampling } = known;
  const { correlation } = linearFit(reward, score, uses);
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  for (let row = 0; row < uses.length; row++) {
    n += uses[row];
    sumX += uses[row] * reward[row];
    sumY += uses[row] * score[row];
  }
  const [meanX, meanY] = [sumX / n, sumY / n];
  const table = new Float64Array(Math.max(1, resampling.units) * 6);
  for (let row = 0; row < uses.length; row++) {
    const w = uses[row];
    if (w === 0) continue;
    const [x, y] = [reward[row] - meanX, score[row] - meanY];
    const from = unit[row] * 6;
    table[from] += w;
    table[from + 1] += w * x;
    table[from + 2] += w * y;
    table[from + 3] += w * x * x;
    table[from + 4] += w * x * y;
    table[from + 5] += w * y * y;
  }
  const [drawn] = replicate(resampling, table, 6, ([count, x, y, xx, xy, yy]) => [
    lineOfMoments({
      meanX: x / count,
      meanY: y / count,
      xx: xx - (x * x) / count,
      xy: xy - (x * y) / count,
      yy: yy - (y * y) / count,
    }).correlation,
  ]);
  return {
    interval: r2Interval(correlation, drawn),
    replicates: drawn?.map((r) => r * r) ?? new Float64Array(0),
  };
}

function agreementOf(compared: ReadonlyMap<Followed, readonly Compared[]>): StepWindow['agreement'] {
  const r2 = compared.get('r2')!;
  return Object.fromEntries(
    criterionNames.map((name) => {
      const sign = betterIsLess(name) ? -1 : 1;
      const pairs = compared
        .get(name)!
        .map(({ value }, i) => [r2[i].value, sign * value])
        .filter((pair) => pair.every(Number.isFinite));
      const column = (i: number) => pairs.map((pair) => pair[i]);
      return [name, pairs.length < 3 ? Number.NaN : spearman(column(0), column(1))];
    }),
  ) as StepWindow['agreement'];
}

function scheduleOf(
  windows: readonly (readonly Compared[])[],
  by: Followed,
  stepOf: (window: number) => number,
): Schedule {
  const better = (a: Compared | undefined, b: Compared | undefined) =>
    a !== undefined && b !== undefined && (betterIsLess(by) ? a.value < b.value : a.value > b.value);
  const at = (window: number, id: string) => windows[window]?.find((each) => each.id === id);
  let start: string | null = null;
  let current: string | null = null;
  const changes: Schedule['changes'] = [];
  windows.forEach((here, window) => {
    const best = toldApart(here, by)?.best ?? null;
    if (best === null) return;
    if (current === null) {
      start = current = best;
      return;
    }
    const [found, used] = [at(window, best), at(window, current)];
    if (best === current || !found || !used || !Number.isFinite(used.value) || !differ(found, used)) return;
    // One window may be luck: the next one must at least agree.
    const isLast = window === windows.length - 1;
    if (!isLast && !better(at(window + 1, best), at(window + 1, current))) return;
    changes.push({ window, step: stepOf(window), to: best });
    current = best;
  });
  return { start, changes };
}
