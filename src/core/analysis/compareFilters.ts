/**
 * The table that decides: what each filter would keep of the same responses, how true the reward is there, and how
 * sure one can be of it. R² is partly a statistic of range (a filter that keeps extremes stretches the reward), so
 * every row has a control beside it: the same rewards and a truth whose noise is the same everywhere.
 */
import { type Diversity, diversityOf, type Texts } from '../diversity.ts';
import { type Filter, rankGroups, type Sampler, selectRanked } from '../filter.ts';
import { stream } from '../random.ts';
import { selectionStream, tieSeed } from '../selectionSeeds.ts';
import { linearFit, orderOfSingles } from '../stats.ts';
import { type Bin, defaultGrouping, type Grouping, groupedR2 } from './bins.ts';
import { type Interval, percentileInterval, resampling } from './bootstrap.ts';
import { type Known, measure } from './measure.ts';

/** Responses as columns, from a run or from a file. B rows. */
/** A filter in a comparison. */
export interface NamedFilter {
  id: string;
  label: string;
  filter: Filter;
  sampler: Sampler;
  /** The training rows, when they were selected elsewhere (a custom filter ran in the sandbox). */
  rows?: Int32Array;
}

export interface Rollouts {
  /** [B] finite. */
  reward: Float32Array;
  /** [B] true scores, NaN where unknown; null when none is known. */
  score: Float32Array | null;
  /** [B] responses to one prompt in one step share a number. */
  group: Int32Array;
  /** [B] responses to one prompt share a number, whatever the step: what the bootstrap resamples. */
  prompt: Int32Array;
}

export interface AnalysisOptions {
  grouping?: Grouping;
  /** Bootstrap replicates; 0 for no intervals. */
  replicates?: number;
  seed?: number;
  /** What the responses say, for the diversity of what is kept. */
  texts?: Texts;
}

export interface FilterReport {
  id: string;
  label: string;
  filter: Filter;
  sampler: Sampler;
  /** Rows of the training set, repeats counted. */
  kept: number;
  /** Different responses among them. */
  distinct: number;
  /** kept / all rows: what remains of PPO-M's update budget. */
  share: number;
  meanReward: number;
  diversity: Diversity | null;
  /** Everything that needs the truth; null without it. Undefined statistics are NaN. */
  truth: TruthReport | null;
}

export interface TruthReport {
  /** Kept rows whose true score is known. */
  rows: number;
  /** Prompts of all responses whose true score is known: what the intervals resample. */
  prompts: number;
  meanScore: Interval;
  passRate: Interval;
  r2: { perResponse: Interval; grouped: Interval & { bins: Bin[] } };
  /** R² per response minus that of all responses, on the same resamples. */
  gain: Interval;
  /** R² that this filter would have if the reward were equally noisy everywhere: the effect of range alone. */
  control: { perResponse: number; grouped: number };
  spearman: number;
  kendall: number;
}

/** Reports the filters one by one, so that a table can fill as they come. */
export function* compareFilters(
  rollouts: Rollouts,
  filters: readonly NamedFilter[],
  { grouping = defaultGrouping, replicates = 1000, seed = 1, texts }: AnalysisOptions = {},
): Generator<FilterReport> {
  const { reward, group } = rollouts;
  const total = reward.length;
  const ranking = rankGroups(reward, group, tieSeed(seed));
  const rowsKnown = knownRows(rollouts);
  const known = prepare(rollouts, rowsKnown, replicates, seed);
  const everything = known && measure(known, new Float64Array(rowsKnown.length).fill(1), grouping);
  const controls = known ? controlScores(known, seed) : [];

  for (const named of filters) {
    const rows =
      named.rows ??
      selectRanked(named.filter, named.sampler, ranking, rollouts, selectionStream(seed, named.id));
    const uses = new Float64Array(total);
    for (const row of rows) uses[row]++;
    const usesKnown = new Float64Array(rowsKnown.length);
    for (let i = 0; i < rowsKnown.length; i++) usesKnown[i] = uses[rowsKnown[i]];
    let truth: TruthReport | null = null;
    if (known && everything) {
      const { correlations, ...measured } = measure(known, usesKnown, grouping);
      const gains = correlations?.map((r, b) => r * r - everything.correlations![b] ** 2);
      truth = {
        ...measured,
        rows: usesKnown.reduce((a, b) => a + b, 0),
        prompts: known.resampling.unitOf.length,
        gain: percentileInterval(measured.r2.perResponse.value - everything.r2.perResponse.value, gains),
        control: controlOf(known, controls, usesKnown, grouping),
      };
    }
    yield {
      id: named.id,
      label: named.label,
      filter: named.filter,
      sampler: named.sampler,
      kept: rows.length,
      distinct: uses.reduce((n, use) => n + (use > 0 ? 1 : 0), 0),
      share: rows.length / total,
      meanReward: rows.reduce((sum, row) => sum + reward[row], 0) / rows.length,
      diversity: texts ? diversityOf(ranking, uses, texts, seed) : null,
      truth,
    };
  }
}

/** Rows whose truth is known, by ascending reward and, where that is equal, by ascending score. */
function knownRows({ reward, score }: Rollouts): Int32Array {
  if (score === null) return new Int32Array(0);
  const order = orderOfSingles(reward).filter((row) => !Number.isNaN(score[row]));
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && reward[order[to]] === reward[order[from]]) to++;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => score[a] - score[b] || a - b);
    from = to;
  }
  return order;
}

function prepare({ reward, score, prompt }: Rollouts, rows: Int32Array, replicates: number, seed: number) {
  if (rows.length === 0) return null;
  const clusterOf = new Map<number, number>();
  const cluster = new Int32Array(rows.length);
  // Prompts are numbered in the order of the file, so that the same prompts are drawn whatever their rewards.
  for (const row of rows.slice().sort()) {
    if (!clusterOf.has(prompt[row])) clusterOf.set(prompt[row], clusterOf.size);
  }
  for (let i = 0; i < rows.length; i++) cluster[i] = clusterOf.get(prompt[rows[i]])!;
  const sampling = resampling(clusterOf.size, replicates, seed);
  const known: Known = {
    reward: new Float64Array(rows.length),
    score: new Float64Array(rows.length),
    byScore: new Int32Array(0),
    unit: cluster.map((c) => sampling.unitOf[c]),
    resampling: sampling,
  };
  for (let i = 0; i < rows.length; i++) {
    known.reward[i] = reward[rows[i]];
    known.score[i] = score![rows[i]];
  }
  known.byScore = orderOfSingles(known.score);
  return known;
}

/** Simulated truths: the line through the real one plus noise of the same size at every reward. */
function controlScores(known: Known, seed: number): Float64Array[] {
  const { reward, score } = known;
  const line = linearFit(reward, score);
  let squares = 0;
  for (let row = 0; row < reward.length; row++) {
    squares += (score[row] - line.intercept - line.slope * reward[row]) ** 2;
  }
  // Uniform noise in ±√3 times a deviation has that deviation.
  const reach = Math.sqrt((3 * squares) / reward.length);
  // Few responses need many simulations for a steady mean, many need one.
  const simulations = Math.min(20, Math.max(1, Math.ceil(50_000 / reward.length)));
  return Array.from({ length: simulations }, (_, i) => {
    const rng = stream(seed, 'control', i);
    return reward.map((r) => line.intercept + line.slope * r + reach * (2 * rng.uniform() - 1));
  });
}

function controlOf(known: Known, controls: Float64Array[], uses: Float64Array, grouping: Grouping) {
  let perResponse = 0;
  let grouped = 0;
  for (const score of controls) {
    perResponse += linearFit(known.reward, score, uses).r2 / controls.length;
    grouped += groupedR2(known.reward, score, grouping, null, uses).r2 / controls.length;
  }
  return { perResponse, grouped };
}
