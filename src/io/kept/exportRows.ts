/** Rollouts as files: `pfrollout/1` (one JSON object a line) and CSV, with the names that importers know. */
import { csvField } from '../csv/csv.ts';

/** One response, as any source of rollouts can give it. Unknown fields are written as they are. */
export interface ExportRow {
  step: number;
  prompt_id: string | number;
  /** What tells groups apart where step and prompt do not. */
  group?: number;
  /** Number of the response within its group. */
  sample: string | number;
  prompt?: string;
  response?: string;
  /** What the reward source said. */
  reward: number;
  /** True score in [0, 1]; null when unknown. */
  score: number | null;
  kept?: boolean;
  /** How often the training set holds the response. */
  uses?: number;
  /** 1 = highest reward of its group. */
  rank?: number;
  [more: string]: unknown;
}

/** One line of a `pfrollout/1` file, line break included. Numbers that JSON lacks become null. */
export function pfrolloutLine(row: ExportRow): string {
  return `${JSON.stringify({ format: 'pfrollout/1', ...row })}\n`;
}

/** The shortest decimal that means the same single-precision number: 0.1 and not 0.10000000149011612. */
export function shortest(value: number): number {
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}

const leading = ['step', 'prompt_id', 'group', 'sample', 'reward', 'score', 'kept', 'uses', 'rank'];

/** Columns of a CSV file: the known ones first, texts last, the rest between. */
export function csvColumns(row: ExportRow): string[] {
  const names = Object.keys(row);
  const texts = ['prompt', 'response'].filter((name) => names.includes(name));
  const others = names.filter((name) => !leading.includes(name) && !texts.includes(name));
  return [...leading.filter((name) => names.includes(name)), ...others, ...texts];
}

/** A CSV header, line break included. */
export function csvHeader(columns: readonly string[]): string {
  return `${columns.map(csvField).join(',')}\n`;
}

/** A CSV line for the given columns, line break included. Lists and objects are written as JSON. */
export function csvLine(row: ExportRow, columns: readonly string[]): string {
  return `${columns.map((name) => csvField(plain(row[name]))).join(',')}\n`;
}

/** A value as a CSV file can hold it. */
export function plain(value: unknown): string | number | null {
  switch (typeof value) {
    case 'string':
      // A spreadsheet must not take a model's text for a formula.
      return /^[=+@\t\r]/.test(value) ? `'${value}` : value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return value === undefined || value === null ? null : JSON.stringify(value);
  }
}
