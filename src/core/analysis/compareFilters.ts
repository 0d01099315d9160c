/**
 * The table that decides: what each filter would keep of the same responses, how true the reward is there, and how
 * sure one can be of it. R² is partly a statistic of range (a filter that keeps extremes stretches the reward), so
 * every row has a control beside it: the same rewards and a truth whose noise is the same everywhere.
 */
import { type Diversity, diversityOf, type Texts } from '../diversity.ts';
import type { Filter, Sampler } from '../filters/filter.ts';
import type { PromptFilter } from '../filters/promptFilter.ts';
import { stream } from '../random.ts';
import { linearFit } from '../stats.ts';
import { type Bin, defaultGrouping, type Grouping, groupedR2 } from './bins.ts';
import { type Interval, percentileInterval } from './bootstrap.ts';
import { type Criteria, measureCriteria, type Normalise, prepareCriteria } from './criteria.ts';
import { knownRows, prepareKnown } from './known.ts';
import { type Known, measure } from './measure.ts';
import { chooseRows, type NamedFilter, type Rollouts, rankLooked } from './rollouts.ts';
import type { Comparison } from './toldApart.ts';

export type { NamedFilter, Rollouts };

export interface AnalysisOptions {
  grouping?: Grouping;
  /** Bootstrap replicates; 0 for no intervals. */
  replicates?: number;
  seed?: number;
  /** What the responses say, for the diversity of what is kept. */
  texts?: Texts;
  /** With what advantages are compared for the agreement of their sign. Default 'before'. */
  normalise?: Normalise;
}

export interface FilterReport {
  id: string;
  label: string;
  prompts: PromptFilter | null;
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
  /** What other filters optimise; those that need the truth are NaN without it. */
  criteria: Criteria;
  /** Replicates of what filters are compared by, on the same resamples for all. */
  replicates: Readonly<Record<Comparison, Float64Array>>;
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
  {
    grouping = defaultGrouping,
    replicates = 1000,
    seed = 1,
    texts,
    normalise = 'before',
  }: AnalysisOptions = {},
): Generator<FilterReport> {
  const { reward } = rollouts;
  const total = reward.length;
  const ranking = rankLooked(rollouts, seed);
  const shared = prepareCriteria(rollouts, replicates, seed);
  const rowsKnown = knownRows(rollouts);
  const known = prepareKnown(rollouts, rowsKnown, replicates, seed);
  const everything = known && measure(known, new Float64Array(rowsKnown.length).fill(1), grouping);
  const controls = known ? controlScores(known, seed) : [];

  for (const named of filters) {
    const rows = chooseRows(named, rollouts, ranking, seed);
    const uses = new Float64Array(total);
    for (const row of rows) uses[row]++;
    const usesKnown = new Float64Array(rowsKnown.length);
    for (let i = 0; i < rowsKnown.length; i++) usesKnown[i] = uses[rowsKnown[i]];
    let truth: TruthReport | null = null;
    const { criteria, replicates: drawn } = measureCriteria(shared, uses, normalise);
    const none = new Float64Array(0);
    const compared: Record<Comparison, Float64Array> = { ...drawn, r2: none, grouped: none, passRate: none };
    if (known && everything) {
      const { correlations, groupedCorrelations, passes, ...measured } = measure(known, usesKnown, grouping);
      compared.r2 = correlations?.map((r) => r * r) ?? none;
      compared.grouped = groupedCorrelations?.map((r) => r * r) ?? none;
      compared.passRate = passes ?? none;
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
      prompts: named.prompts ?? null,
      filter: named.filter,
      sampler: named.sampler,
      kept: rows.length,
      distinct: uses.reduce((n, use) => n + (use > 0 ? 1 : 0), 0),
      share: rows.length / total,
      meanReward: rows.reduce((sum, row) => sum + reward[row], 0) / rows.length,
      criteria,
      replicates: compared,
      diversity: texts ? diversityOf(ranking, uses, texts, seed) : null,
      truth,
    };
  }
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
