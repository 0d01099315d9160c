/**
 * What a column means. Every known trainer format is a mapping that is guessed from the fields of a file; for any
 * other file a person completes one.
 */
import type { Grouping } from '../grouping/grouping.ts';
import { type Fields, fieldOf, numberOf } from '../values.ts';

/** Names of columns; a dot leads into nested objects. Null where the file has none. */
export interface Mapping {
  /** What the trainer maximised. */
  reward: string;
  /** What filters look at, where that is not the reward: one column or a weighted sum. Absent or null: the reward. */
  filterOn?: string | null;
  /** The true score in [0, 1]; null when the file does not know it. */
  score: string | null;
  /** What tells groups apart within a step. */
  group: Grouping;
  /** The prompt: what tells prompts apart, whatever the step. Without one each group is a prompt of its own. */
  prompt: string | null;
  response: string | null;
  /** `stepInName` where the name of the file says it. */
  step: string | null;
  /** What tells runs apart, each with steps and groups of its own. */
  runs: readonly string[];
  /** Number of the response within its group: two rows may not share it. */
  sample: string | null;
}

export const formats = [
  'pfrollout/1',
  'verl',
  'verl-v1',
  'trl',
  'rl-logging-board',
  'open-instruct',
  'openrlhf-batch',
  'openrlhf-table',
  'ms-swift',
  'nemo-rl',
  'skyrl',
  'verifiers',
  'verifiers-results',
  'tinker',
  'areal',
  'roll',
  'rllm',
  'slime',
  'inspect',
  'unipo',
  'other',
] as const;
export type Format = (typeof formats)[number];

export const formatLabels: Record<Format, string> = {
  'pfrollout/1': 'Filtrate rollouts (pfrollout/1)',
  verl: 'verl rollout dump (legacy trainer)',
  'verl-v1': 'verl rollout dump (V1 trainer)',
  trl: 'TRL completions',
  'rl-logging-board': 'RL Logging Board',
  'open-instruct': 'open-instruct rollouts',
  'openrlhf-batch': 'OpenRLHF batch inference',
  'openrlhf-table': 'OpenRLHF samples (Weights & Biases table)',
  'ms-swift': 'ms-swift completions',
  'nemo-rl': 'NeMo-RL training data',
  skyrl: 'SkyRL evaluation dump',
  verifiers: 'verifiers traces (prime-rl)',
  'verifiers-results': 'verifiers results (before its traces)',
  tinker: 'Tinker cookbook summaries',
  areal: 'AReaL rollout dump',
  roll: 'ROLL rollout dump',
  rllm: 'rLLM episode',
  slime: 'slime samples, converted',
  inspect: 'Inspect log',
  unipo: 'UNIPO run',
  other: 'columns mapped by hand',
};

/** Names of all fields of `rows`, in order of appearance; fields of nested objects by dotted names. */
export function columnsOf(rows: readonly Fields[]): string[] {
  const names = new Set<string>();
  const visit = (fields: Fields, prefix: string) => {
    for (const [name, value] of Object.entries(fields)) {
      const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (nested && prefix === '') visit(value as Fields, `${name}.`);
      else names.add(prefix + name);
    }
  };
  for (const row of rows) visit(row, '');
  return [...names];
}

/** Whether a column holds numbers, however written, in most of the rows that have it. */
export function isNumeric(rows: readonly Fields[], name: string): boolean {
  const values = rows.map((row) => fieldOf(row, name));
  const present = values.filter((value) => value !== undefined && value !== null && value !== '');
  return 2 * present.filter((value) => numberOf(value) !== null).length > present.length;
}
