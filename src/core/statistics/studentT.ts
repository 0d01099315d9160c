/**
 * The interval of a mean of few values: with three seeds two standard errors are far too narrow, and a page that
 * used them would tell apart what chance alone explains.
 */

/** Quantile .975 of Student's t for 1 to 30 degrees of freedom. */
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const normal = 1.96;

/**
 * Half the width of the 95 % interval of a mean.
 * @param standardError of the mean; null when it cannot be known, from a single value
 * @param count values that the mean is of
 * @returns null where there is no interval
 */
export function halfWidth95(standardError: number | null, count: number): number | null {
  if (standardError === null || count < 2) return null;
  return standardError * (quantiles[count - 2] ?? normal);
}

/**
 * A mean of fewer values is never told apart from zero: two values agree by chance too often where they come in steps.
 */
export const fewestToTell = 3;

/** A mean of differences, each of one seed. */
export interface MeanDifference {
  mean: number;
  /** Standard error of the mean; null for a single value, which tells nothing about it. */
  standardError: number | null;
  count: number;
}

/**
 * What a mean of differences allows to be said of it and zero. 'few': no more than two values. 'no spread': the same
 * difference in each, as shares of a few hundred programs can be by chance; the interval has no width then, and
 * vouches for nothing.
 */
export type Telling = 'above' | 'below' | 'level' | 'few' | 'no spread';

export function tellingOf(difference: MeanDifference): Telling {
  const { mean, standardError, count } = difference;
  const half = halfWidth95(standardError, count);
  if (half === null || count < fewestToTell) return 'few';
  if (mean === 0 && half === 0) return 'level';
  if (!hasSpread(difference)) return 'no spread';
  if (Math.abs(mean) <= half) return 'level';
  return mean > 0 ? 'above' : 'below';
}

/** Whether the values of a mean differ by more than the rounding of their subtraction. */
export function hasSpread({ mean, standardError }: MeanDifference): boolean {
  return standardError !== null && standardError > 1e-9 * Math.abs(mean);
}

/**
 * Whether a mean is told apart from zero: it has enough values, and its 95 % interval has a width and excludes zero.
 */
export function toldApart(difference: MeanDifference): boolean {
  return ['above', 'below'].includes(tellingOf(difference));
}
