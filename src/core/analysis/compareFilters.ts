/**
 * The table that decides: what each filter would keep of the same responses, how true the reward is there, and how
 * sure one can be of it. R² is partly a statistic of range (a filter that keeps extremes stretches the reward), so
 * every row has a control beside it: the same rewards and a truth whose noise is the same everywhere.
 */
import { type Diversity, diversityOf, type Texts } from '../diversity/diversity.ts';
import type { Filter, Sampler } from '../filters/filter.ts';
import type { PromptFilter } from '../filters/promptFilter.ts';
import { type Bin, binEdges, defaultGrouping, type Grouping } from './bins.ts';
import { type Interval, percentileInterval } from './bootstrap.ts';
import { controlOf, controlScores } from './control.ts';
import { type Criteria, measureCriteria, type Normalise, prepareCriteria } from './criteria.ts';
import { type Counted, countedRows, knownRows, prepareKnown } from './known.ts';
import { measure } from './measure.ts';
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
  const known = prepareKnown(rollouts, rowsKnown, replicates, seed, shared.sampling);
  const measured = (counted: Counted) => {
    const edges = binEdges(counted.reward, null, grouping, counted.weight);
    return { edges, ...measure(counted, edges, grouping.weighted) };
  };
  const everything = known && measured(countedRows(known, new Float64Array(total).fill(1)));
  const controls = known ? controlScores(known, seed) : [];

  for (const named of filters) {
    const rows = chooseRows(named, rollouts, ranking, seed);
    const uses = usesOf(rows, total);
    let truth: TruthReport | null = null;
    const { criteria, replicates: drawn } = measureCriteria(shared, uses, normalise);
    const none = new Float64Array(0);
    const compared: Record<Comparison, Float64Array> = { ...drawn, r2: none, grouped: none, passRate: none };
    if (known && everything) {
      const counted = countedRows(known, uses);
      const { correlations, groupedCorrelations, passes, edges, ...found } = measured(counted);
      compared.r2 = correlations?.map((r) => r * r) ?? none;
      compared.grouped = groupedCorrelations?.map((r) => r * r) ?? none;
      compared.passRate = passes ?? none;
      const gains = correlations?.map((r, b) => r * r - everything.correlations![b] ** 2);
      truth = {
        ...found,
        rows: sumOf(counted.weight),
        prompts: known.resampling.unitOf.length,
        gain: percentileInterval(found.r2.perResponse.value - everything.r2.perResponse.value, gains),
        control: controlOf(counted, controls, edges, grouping.weighted),
      };
    }
    yield {
      id: named.id,
      label: named.label,
      prompts: named.prompts ?? null,
      filter: named.filter,
      sampler: named.sampler,
      kept: rows.length,
      distinct: countPositive(uses),
      share: rows.length / total,
      meanReward: sumAt(reward, rows) / rows.length,
      criteria,
      replicates: compared,
      diversity: texts ? diversityOf(ranking, uses, texts, seed) : null,
      truth,
    };
  }
}

// Loops over all rows stand outside the generator: engines compile those within one late or never.

/** [total] how often each row is chosen. */
function usesOf(rows: Int32Array, total: number): Float64Array {
  const uses = new Float64Array(total);
  for (let i = 0; i < rows.length; i++) uses[rows[i]]++;
  return uses;
}

function countPositive(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > 0) count++;
  return count;
}

function sumAt(values: Float32Array, rows: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += values[rows[i]];
  return sum;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
