/** What the first rows show of a column: the ground on which it is taken for a reward or a true score, or for neither. */
import { type Fields, fieldOf, numberOf } from '../values.ts';

export interface ColumnFacts {
  name: string;
  /** [rows] its numbers; null where it has none. */
  values: readonly (number | null)[];
  /** How many rows have a number. */
  count: number;
  /** Some rows hold a list of several numbers, such as one per token. */
  isList: boolean;
  isConstant: boolean;
  /** True, false, 0 and 1 alone. */
  isBinary: boolean;
  /** All within [0, 1]. */
  isShare: boolean;
  /** Whether responses to one prompt differ in it; null where no group has two of its values. */
  differsWithin: boolean | null;
}

const isNumbers = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.length > 1 && value.every((one) => typeof one === 'number');

const sumOf = (values: readonly unknown[]) =>
  values.reduce<number>((sum, value) => sum + (value as number), 0);

/** Whether most of the rows that have a column hold a list of several numbers in it. */
export function isNumberList(rows: readonly Fields[], name: string): boolean {
  const present = rows
    .map((row) => fieldOf(row, name))
    .filter((value) => value !== undefined && value !== null && value !== '');
  return 2 * present.filter(isNumbers).length > present.length;
}

/**
 * The facts of a column that holds numbers in most of the rows that have it; null for any other column.
 * @param groups [rows] equal values for responses to one prompt; null where a row has none
 */
export function factsOf(
  rows: readonly Fields[],
  name: string,
  groups: readonly (string | null)[],
): ColumnFacts | null {
  const raw = rows.map((row) => fieldOf(row, name));
  const present = raw.filter((value) => value !== undefined && value !== null && value !== '');
  const isList = isNumberList(rows, name);
  const values = raw.map((value) => {
    const number = isList && isNumbers(value) ? sumOf(value) : numberOf(value);
    return number === null || Number.isNaN(number) ? null : number;
  });
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0 || 2 * numbers.length <= present.length) return null;
  return {
    name,
    values,
    count: numbers.length,
    isList,
    isConstant: numbers.every((value) => value === numbers[0]),
    isBinary: numbers.every((value) => value === 0 || value === 1),
    isShare: numbers.every((value) => value >= 0 && value <= 1),
    differsWithin: differsWithin(values, groups),
  };
}

function differsWithin(
  values: readonly (number | null)[],
  groups: readonly (string | null)[],
): boolean | null {
  const first = new Map<string, number>();
  let compared = false;
  for (const [row, value] of values.entries()) {
    const group = groups[row];
    if (value === null || group === null) continue;
    const known = first.get(group);
    if (known === undefined) first.set(group, value);
    else if (known !== value) return true;
    else compared = true;
  }
  return compared ? false : null;
}

/** Whether two columns have the same value wherever both have one. */
export function agree(a: ColumnFacts, b: ColumnFacts): boolean {
  return a.values.every((value, row) => value === null || b.values[row] === null || value === b.values[row]);
}
