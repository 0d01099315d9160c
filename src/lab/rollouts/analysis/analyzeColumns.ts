/** Rows of a script as columns: rewards and what filters look at made of columns, groups told apart, bad rows named. */
import {
  type ColumnValue,
  parseReward,
  type RewardTerm,
  rewardOf,
} from '../../../core/analysis/rewardExpression.ts';
import type { Rollouts } from '../../../core/analysis/rollouts.ts';

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
  /** Of the response, in tokens or another unit: for filters that look at length. */
  length?: number;
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

/** What a reward, and what the filters look at, are made of. */
export interface Expressions {
  reward?: string;
  filterOn?: string;
}

/**
 * The columns that make up the reward of rows.
 * @throws TypeError or RangeError when the expression cannot be read
 */
export function rewardTerms(
  rows: readonly AnalysisRow[],
  expression: string,
  option: 'reward' | 'filterOn' = 'reward',
): RewardTerm[] {
  if (typeof expression !== 'string')
    throw new TypeError(`options.${option} must be a text such as 'rm + 0.5*format' and not ${expression}.`);
  const names = new Set<string>();
  for (const row of rows) if (isRow(row)) for (const name of Object.keys(row)) names.add(name);
  return parseReward(expression, [...names]);
}

/** Rows as columns, bad ones left out with a reason. `rowOf` numbers the rows of the columns in the input. */
export function columnsOf(rows: readonly AnalysisRow[], { reward: expression, filterOn }: Expressions) {
  if (!Array.isArray(rows)) throw new TypeError('analyze(rows): rows must be an array of objects.');
  const terms = expression === undefined ? null : rewardTerms(rows, expression);
  const lookedTerms = filterOn === undefined ? null : rewardTerms(rows, filterOn, 'filterOn');
  const dropped: { row: number; reason: string }[] = [];
  const kept: number[] = [];
  const rewards: number[] = [];
  const looked: number[] = [];
  rows.forEach((row, i) => {
    const reward = terms === null || !isRow(row) ? row?.reward : rewardOf(terms, reader(row));
    const filtered = lookedTerms === null || !isRow(row) ? 0 : rewardOf(lookedTerms, reader(row));
    const reason = problemOf(row, reward) ?? problemOfLooked(filtered);
    if (reason === null) {
      kept.push(i);
      looked.push(filtered as number);
      rewards.push(reward as number);
    } else dropped.push({ row: i, reason });
  });
  const groupKey = groupKeys(kept.map((i) => rows[i]));
  const groupOf = numbering();
  const promptOf = numbering();
  const of = (field: 'step' | 'length') =>
    kept.every((i) => Number.isFinite(rows[i][field]))
      ? Float64Array.from(kept, (i) => rows[i][field]!)
      : null;
  const rollouts: Rollouts = {
    reward: Float32Array.from(rewards),
    score: Float32Array.from(kept, (i) => rows[i].score ?? Number.NaN),
    group: Int32Array.from(kept, (i) => groupOf(groupKey(rows[i]))),
    prompt: Int32Array.from(kept, (i) => promptOf(JSON.stringify(rows[i].prompt_id))),
    filterOn: lookedTerms === null ? null : Float32Array.from(looked),
    step: of('step'),
    lengths: of('length'),
  };
  return { dropped, rollouts, rowOf: kept };
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

function problemOfLooked(value: number | null | { column: string }): string | null {
  if (value === null) return 'every column that the filters look at abstains';
  if (typeof value === 'object') return `${value.column} is not a number`;
  return Number.isFinite(Math.fround(value)) ? null : `what the filters look at is ${value}`;
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
