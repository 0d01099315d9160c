/**
 * A table of Weights & Biases: `columns` names, `data` rows. verl's validation table is wide: a row per step, with
 * `input_1, output_1, score_1, input_2 …` for its samples.
 */
import type { Fields } from '../values.ts';
import type { Shape } from './shape.ts';

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string');

export const wandbTable: Shape = {
  wholeFile: true,

  fits: ({ columns, data }) => isNames(columns) && Array.isArray(data),

  rows({ columns, data }) {
    if (!isNames(columns) || !Array.isArray(data)) return 'no table of columns and data';
    if (data.length === 0) return 'a table without rows';
    const twice = columns.find((name, i) => columns.indexOf(name) !== i);
    if (twice !== undefined) return `a table with two columns called ${twice}`;
    const samples = samplesOf(columns);
    const place = new Map(columns.map((name, i) => [name, i]));
    return data.flatMap((row: unknown): (Fields | string)[] => {
      if (!Array.isArray(row)) return ['not a list of values'];
      if (row.length !== columns.length)
        return [`${row.length} values where the table has ${columns.length} columns`];
      const value = (name: string) => row[place.get(name)!];
      if (samples === null) return [Object.fromEntries(columns.map((name, i) => [name, row[i]]))];
      const shared = columns.filter((name) => !wideName.test(name)).map((name) => [name, value(name)]);
      return samples.map((names) =>
        Object.fromEntries([...shared, ...names.map((name) => [name.replace(wideName, ''), value(name)])]),
      );
    });
  },
};

const wideName = /_\d+$/;

/** Names of the columns of each sample of a wide table; null for a table that is not wide. */
function samplesOf(columns: readonly string[]): string[][] | null {
  if (!['input_1', 'output_1', 'score_1'].every((name) => columns.includes(name))) return null;
  const samples = new Map<string, string[]>();
  for (const name of columns) {
    const number = name.match(wideName)?.[0];
    if (number === undefined) continue;
    const names = samples.get(number);
    if (names) names.push(name);
    else samples.set(number, [name]);
  }
  return [...samples.values()];
}
