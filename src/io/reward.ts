/** The reward of a row: one column, or a weighted sum of several (core/analysis/rewardExpression.ts). */
import {
  type ColumnValue,
  parseReward,
  type RewardTerm,
  rewardOf,
} from '../core/analysis/rewardExpression.ts';
import type { Format } from './mapping/mapping.ts';
import { type Fields, fieldOf, numberOf } from './values.ts';

/** The reward of a row, or why it has none. */
export type RewardReader = (fields: Fields) => number | string;

/** Trainers that leave a response out when every reward function returns null, and write such rewards as NaN. */
const leavesOut: readonly Format[] = ['trl', 'ms-swift'];

/**
 * @param columns names of the columns of the file
 * @throws RewardExpressionError when the expression cannot be read
 */
export function rewardReader(
  expression: string,
  columns: readonly string[],
  format: Format,
): { read: RewardReader; columns: string[] } {
  const terms = parseReward(expression, columns);
  return {
    read: reader(expression, terms, leavesOut.includes(format)),
    columns: terms.map(({ column }) => column),
  };
}

/**
 * The columns that a reward is made of.
 * @throws RewardExpressionError when the expression cannot be read
 */
export function rewardColumns(expression: string, columns: readonly string[]): string[] {
  return parseReward(expression, columns).map(({ column }) => column);
}

function reader(expression: string, terms: readonly RewardTerm[], isNaNNull: boolean): RewardReader {
  const valueIn = (value: unknown): ColumnValue => {
    const number = numberOf(value);
    if (number === null) return isMissing(value) ? null : 'no number';
    return isNaNNull && Number.isNaN(number) ? null : number;
  };
  const finish = (reward: ReturnType<typeof rewardOf>): number | string => {
    if (typeof reward === 'number')
      return Number.isFinite(Math.fround(reward)) ? reward : `the reward (${expression}) is NaN or infinite`;
    if (reward !== null) return `the reward (${reward.column}) is not a number`;
    if (isNaNNull) return 'left out by its trainer: every reward is null';
    return `the reward (${expression}) is missing`;
  };
  const [first] = terms;
  if (terms.length === 1 && first.weight === 1 && !first.sum) {
    const { column } = first;
    return (fields) => {
      const value = valueIn(fieldOf(fields, column));
      return finish(value === 'no number' ? { column } : value);
    };
  }
  return (fields) =>
    finish(
      rewardOf(terms, ({ column, sum }) => {
        const value = fieldOf(fields, column);
        return sum && Array.isArray(value) && value.length !== 1 ? sumOf(value) : valueIn(value);
      }),
    );
}

const isMissing = (value: unknown) => value === undefined || value === null || value === '';

/** The sum of one value per token; a list of none is no value. */
function sumOf(values: readonly unknown[]): ColumnValue {
  if (values.length === 0) return null;
  let total = 0;
  for (const value of values) {
    const number = numberOf(value);
    if (number === null) return 'no number';
    total += number;
  }
  return total;
}
