/**
 * A table of columns on each line: ms-swift writes lists of equal length, caches of rejection sampling one prompt with
 * the lists of its responses and rewards. A value that is no list holds for all rows of its line.
 */
import type { Fields } from '../values.ts';
import type { Shape } from './shape.ts';

const responseNames = /^(completion|response|output|generation)s?$/i;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
const isNumbers = (value: unknown[]) =>
  value.some((one) => typeof one === 'number') &&
  value.every((one) => one === null || ['number', 'boolean', 'string'].includes(typeof one));

const responsesOf = (record: Fields) =>
  Object.entries(record).find(([name, value]) => responseNames.test(name) && isTexts(value));

export const columnTable: Shape = {
  fits(record) {
    const responses = responsesOf(record);
    if (responses === undefined) return false;
    // One number for several responses is the number of a row, whatever the row's response looks like.
    return Object.values(record).some((value) => Array.isArray(value) && isNumbers(value));
  },

  rows(record) {
    const responses = responsesOf(record);
    if (responses === undefined) return 'no table of columns, as the other lines are';
    const [responseName, { length }] = responses as [string, string[]];
    const fields = Object.entries(record);
    const allLists = fields.every(([, value]) => Array.isArray(value));
    const isColumn = (value: unknown): value is unknown[] =>
      Array.isArray(value) && (allLists || value.length === length || isNumbers(value));
    const odd = fields.find(([, value]) => isColumn(value) && value.length !== length);
    if (odd !== undefined) {
      const other = (odd[1] as unknown[]).length;
      return `a table with columns of unequal length (${responseName} ${length}, ${odd[0]} ${other})`;
    }
    return Array.from({ length }, (_, i) =>
      Object.fromEntries(fields.map(([name, value]) => [name, isColumn(value) ? value[i] : value])),
    );
  },
};
