/** The filter lab as one function: rows in, a report per filter out. Public and stable (docs/automation.md). */

import { defaultGrouping } from '../../core/analysis/bins.ts';
import type { Interval } from '../../core/analysis/bootstrap.ts';
import {
  type AnalysisOptions,
  compareFilters,
  type FilterReport,
  type NamedFilter,
  type Rollouts,
} from '../../core/analysis/compareFilters.ts';
import {
  type ColumnValue,
  parseReward,
  type RewardTerm,
  rewardOf,
} from '../../core/analysis/rewardExpression.ts';
import type { Filter, Sampler } from '../../core/filter.ts';
import { standardFilterIds, standardFilters } from './standardFilters.ts';

export interface AnalysisRow {
  prompt_id: string | number;
  /** Which of the responses to the prompt this is. */
  sample?: string | number;
  /** May be missing where `options.reward` says what it is made of. */
  reward?: number;
  /** True score in [0, 1]; null or missing when unknown. */
  score?: number | null;
  /** Responses to the same prompt in different steps form different groups. */
  step?: number;
  /** Tells groups apart where step and prompt do not. */
  group?: string | number;
  /** What tells runs apart, as `npm run experiment` and `exportRun()` write it. */
  arm?: string | number;
  seed?: string | number;
  run?: string | number;
  split?: string | number;
  /** Columns that `options.reward` names. */
  [column: string]: unknown;
}

/** Fields of a row, the prompt aside, by which groups are told apart. */
export const groupFields = ['arm', 'seed', 'run', 'split', 'step', 'group'] as const;

export interface AnalyzeOptions {
  /**
   * What the reward is made of: 'rm', 'rm + 0.5*format', 'sum(token_rewards)'. Null or missing in one of several columns
   * means that it abstains: the others count. Default: the field `reward`.
   */
  reward?: string;
  /** Names of standard filters, or filters of your own. Default: all the standard ones. */
  filters?: (string | { id: string; label?: string; filter: Filter; sampler?: Sampler })[];
  /** Into how many groups of similar reward the grouped R² gathers responses. Default 20. */
  groups?: number;
  /** How the groups are cut; a number is short for that many groups of equal count. Default 'equal-count'. */
  bins?: 'equal-count' | 'equal-width' | number;
  /** Bootstrap replicates behind each 95 % interval; 0 for none. Default 1000. */
  bootstrap?: number;
  /** Default 1. The same seed gives the same report. */
  seed?: number;
}

/** An estimate and its 95 % interval; null where undefined. */
export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
}

export interface AnalyzedFilter {
  label: string;
  filter: Filter;
  sampler: Sampler;
  /** Rows of the training set, repeats counted. */
  kept: number;
  /** kept / rows. */
  share: number;
  meanReward: number | null;
  /** Over the kept rows whose true score is known; null without any. */
  meanScore: number | null;
  passRate: number | null;
  r2: {
    perResponse: Estimate;
    grouped: Estimate & {
      bins: { low: number; high: number; count: number; reward: number; score: number }[];
    };
  };
  /** R² per response minus that of all responses, on the same resamples. */
  gain: Estimate;
  /** What R² would be if the reward were equally noisy everywhere: the effect of range alone. */
  control: { perResponse: number | null; grouped: number | null };
  spearman: number | null;
  kendall: number | null;
}

export interface Analysis {
  /** Rows used. */
  rows: number;
  groups: number;
  prompts: number;
  /** Rows left out, by index into the input, with the reason. */
  dropped: { row: number; reason: string }[];
  /** By filter id: 'ppo-m', 'bon', 'br', 'bw' … */
  filters: Record<string, AnalyzedFilter>;
}

/**
 * What each filter would keep of `rows` and what the reward says there.
 * @throws RangeError or TypeError naming the option that is impossible
 */
export function analyze(rows: readonly AnalysisRow[], options: AnalyzeOptions = {}): Analysis {
  const { dropped, rollouts } = columnsOf(rows, options.reward);
  return { ...analyzeRollouts(rollouts, options), dropped };
}

/** `analyze` for responses that are columns already. */
export function analyzeRollouts(rollouts: Rollouts, options: AnalyzeOptions = {}): Omit<Analysis, 'dropped'> {
  const settings = settingsOf(options);
  const filters = filtersOf(options.filters ?? standardFilterIds, rollouts.reward);
  const reports: Record<string, AnalyzedFilter> = {};
  if (rollouts.reward.length > 0) {
    for (const report of compareFilters(rollouts, filters, settings)) reports[report.id] = plain(report);
  }
  return {
    rows: rollouts.reward.length,
    groups: new Set(rollouts.group).size,
    prompts: new Set(rollouts.prompt).size,
    filters: reports,
  };
}

/**
 * The columns that make up the reward of rows.
 * @throws TypeError or RangeError when the expression cannot be read
 */
export function rewardTerms(rows: readonly AnalysisRow[], expression: string): RewardTerm[] {
  if (typeof expression !== 'string')
    throw new TypeError(`options.reward must be a text such as 'rm + 0.5*format' and not ${expression}.`);
  const names = new Set<string>();
  for (const row of rows) if (isRow(row)) for (const name of Object.keys(row)) names.add(name);
  return parseReward(expression, [...names]);
}

function columnsOf(rows: readonly AnalysisRow[], expression: string | undefined) {
  if (!Array.isArray(rows)) throw new TypeError('analyze(rows): rows must be an array of objects.');
  const terms = expression === undefined ? null : rewardTerms(rows, expression);
  const dropped: Analysis['dropped'] = [];
  const kept: number[] = [];
  const rewards: number[] = [];
  rows.forEach((row, i) => {
    const reward = terms === null || !isRow(row) ? row?.reward : rewardOf(terms, reader(row));
    const reason = problemOf(row, reward);
    if (reason === null) {
      kept.push(i);
      rewards.push(reward as number);
    } else dropped.push({ row: i, reason });
  });
  const groupKey = groupKeys(kept.map((i) => rows[i]));
  const groupOf = numbering();
  const promptOf = numbering();
  const rollouts: Rollouts = {
    reward: Float32Array.from(rewards),
    score: Float32Array.from(kept, (i) => rows[i].score ?? Number.NaN),
    group: Int32Array.from(kept, (i) => groupOf(groupKey(rows[i]))),
    prompt: Int32Array.from(kept, (i) => promptOf(JSON.stringify(rows[i].prompt_id))),
  };
  return { dropped, rollouts };
}

/**
 * How to tell groups apart. A run is told by fields that its rows share: where they leave every row alone, they number
 * responses (the seeds of a sampler) and tell nothing about groups.
 */
function groupKeys(rows: readonly AnalysisRow[]): (row: AnalysisRow) => string {
  const by = (names: readonly (keyof AnalysisRow)[]) => (row: AnalysisRow) =>
    JSON.stringify([...names.map((name) => row[name] ?? null), row.prompt_id]);
  const full = by(groupFields);
  const bare = by(['step', 'group']);
  const groups = (key: (row: AnalysisRow) => string) => new Set(rows.map(key)).size;
  return groups(full) === rows.length && groups(bare) < rows.length ? bare : full;
}

const isRow = (row: unknown): row is AnalysisRow => typeof row === 'object' && row !== null;

/** Reads numbers as numbers, true as 1, and lists of numbers as their sum. */
function reader(row: AnalysisRow): (term: RewardTerm) => ColumnValue {
  const read = (value: unknown): ColumnValue => {
    if (value === undefined || value === null) return null;
    if (typeof value === 'boolean') return value ? 1 : 0;
    return typeof value === 'number' ? value : 'no number';
  };
  return ({ column, sum }) => {
    const value = Object.hasOwn(row, column) ? row[column] : undefined;
    if (!sum || !Array.isArray(value)) return read(value);
    return value.every((one) => typeof one === 'number')
      ? value.reduce((total, one) => total + one, 0)
      : 'no number';
  };
}

type Reward = AnalysisRow['reward'] | ReturnType<typeof rewardOf>;

function problemOf(row: AnalysisRow, reward: Reward): string | null {
  if (!isRow(row)) return 'not an object';
  if (typeof row.prompt_id !== 'string' && typeof row.prompt_id !== 'number') return 'prompt_id is missing';
  if (reward === null) return 'every column of the reward abstains';
  if (typeof reward === 'object') return `${reward.column} is not a number`;
  if (typeof reward !== 'number') return 'reward is not a number';
  if (!Number.isFinite(Math.fround(reward))) return `reward is ${reward}`;
  if (row.score !== undefined && row.score !== null && !Number.isFinite(row.score)) {
    return `score is ${row.score}`;
  }
  return null;
}

/** Small consecutive numbers for keys, in order of appearance. */
function numbering() {
  const known = new Map<string, number>();
  return (key: string): number => {
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  };
}

function settingsOf(options: AnalyzeOptions): AnalysisOptions {
  const { bins = 'equal-count', bootstrap = 1000, seed = 1 } = options;
  const groups = typeof bins === 'number' ? bins : (options.groups ?? defaultGrouping.groups);
  const mode = typeof bins === 'number' ? 'equal-count' : bins;
  if (!Number.isInteger(groups) || groups < 2 || groups > 1000) {
    throw new RangeError(`options.groups must be an integer from 2 to 1000 and not ${groups}.`);
  }
  if (mode !== 'equal-count' && mode !== 'equal-width') {
    throw new RangeError(`options.bins must be 'equal-count', 'equal-width' or a number and not ${mode}.`);
  }
  if (!Number.isInteger(bootstrap) || bootstrap < 0 || bootstrap > 20_000) {
    throw new RangeError(`options.bootstrap must be an integer from 0 to 20000 and not ${bootstrap}.`);
  }
  if (!Number.isFinite(seed)) throw new RangeError(`options.seed must be a number and not ${seed}.`);
  return { grouping: { groups, mode, weighted: true }, replicates: bootstrap, seed };
}

function filtersOf(
  wanted: NonNullable<AnalyzeOptions['filters']> | typeof standardFilterIds,
  reward: Float32Array,
) {
  const standard = standardFilters(reward);
  return wanted.map((one, i): NamedFilter => {
    if (typeof one !== 'string') {
      if (typeof one?.id !== 'string' || one.filter === undefined) {
        throw new TypeError(`options.filters[${i}] must be a name or { id, filter }.`);
      }
      return { id: one.id, label: one.label ?? one.id, filter: one.filter, sampler: one.sampler ?? 'keep' };
    }
    const id = one === 'none' ? 'ppo-m' : one;
    const found = standard.find((filter) => filter.id === id);
    if (found === undefined) {
      throw new RangeError(
        `There is no filter called '${one}'; the names are ${standardFilterIds.join(', ')}.`,
      );
    }
    return { ...found, id: one };
  });
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function estimate({ value, low, high }: Interval): Estimate {
  return { value: orNull(value), low: orNull(low), high: orNull(high) };
}

const unknown: Estimate = { value: null, low: null, high: null };

function plain({ label, filter, sampler, kept, share, meanReward, truth }: FilterReport): AnalyzedFilter {
  return {
    label,
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
  };
}
