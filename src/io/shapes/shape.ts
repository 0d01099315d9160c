/** What one line of a JSON file can hold beside one row. */
import type { Fields } from '../values.ts';

export interface Shape {
  /** Whether a line of the beginning of a file is of this shape. */
  fits(record: Fields): boolean;
  /** The rows of a line, each with its fields or why it cannot be read; or why the whole line cannot. */
  rows(record: Fields): readonly (Fields | string)[] | string;
  /** The file is one record: its rows are told apart by their number, not by a line. */
  wholeFile?: boolean;
}

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
