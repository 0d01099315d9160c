/** The mean of a number over seeds, with the 95 % interval of Student's t, as the pages of findings write it. */
import { mean, standardError } from '../../src/core/statistics/stats.ts';
import { halfWidth95 } from '../../src/core/statistics/studentT.ts';

type Show = (value: number) => string;

const halfOf = (values: readonly number[]) => halfWidth95(standardError(values), values.length);

/** "0.13 ± 0.03": of two seeds or more. */
export const plusMinusOver = (values: readonly number[], show: Show): string =>
  `${show(mean(values))} ± ${show(halfOf(values) ?? Number.NaN)}`;

/** "0.13 [0.10, 0.16]"; without brackets where there is one seed, or no spread. */
export function intervalOver(values: readonly number[], show: Show): string {
  const [middle, half] = [mean(values), halfOf(values)];
  return half === null || half === 0
    ? show(middle)
    : `${show(middle)} [${show(middle - half)}, ${show(middle + half)}]`;
}
