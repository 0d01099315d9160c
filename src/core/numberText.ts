/**
 * Numbers as people read them, written in this one place: a true minus, no minus before what rounds to zero, and a
 * dash for what is not known. Nothing here says NaN, Infinity or −0, or more digits than were asked for.
 */

type Unsure = number | null | undefined;

const isKnown = (value: Unsure): value is number => Number.isFinite(value);

/** Minus signs in the text of a number, its exponent included. */
const withMinus = (text: string): string => text.replaceAll('-', '−');

/** Adding 0 takes the minus from what rounded to zero. */
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits)) + 0;

/** "−0.31": as many digits after the point as are asked for. */
export function fixed(value: Unsure, digits = 2): string {
  return isKnown(value) ? withMinus(rounded(value, digits).toFixed(digits)) : '–';
}

/** "1,234.5": thousands apart, at most so many digits after the point. */
export function grouped(value: Unsure, digits = 0): string {
  if (!isKnown(value)) return '–';
  const options = { maximumFractionDigits: digits };
  return withMinus(rounded(value, digits).toLocaleString('en-GB', options));
}

/** "1 response", "1,234 responses". */
export const counted = (count: number, one: string): string =>
  `${grouped(count)} ${one}${count === 1 ? '' : 's'}`;

/** "0.0012", "1e−7": at most so many digits that say something. */
export function short(value: Unsure, digits = 4): string {
  if (!isKnown(value)) return '–';
  const text = value.toPrecision(digits);
  const number = Number(text) + 0;
  // The greatest numbers there are round to one that is not.
  return withMinus(isKnown(number) ? String(number) : text);
}

/** "1.0e−5": for what fixed digits would round to nothing. */
export function power(value: Unsure, digits = 1): string {
  return isKnown(value) ? withMinus((value + 0).toExponential(digits)).replace('+', '') : '–';
}

/** "0.51 ± 0.02", and the number alone where there is no second. */
export function plusMinus(value: Unsure, half: Unsure, digits: number): string {
  return isKnown(half) ? `${fixed(value, digits)} ± ${fixed(half, digits)}` : fixed(value, digits);
}

/** A share of a whole: "59 %" on one line, "−1.2 %", "–" where it is not known. */
export function percent(share: Unsure, digits = 0): string {
  const value = 100 * (share ?? Number.NaN);
  return isKnown(value) ? `${fixed(value, digits)}\u00a0%` : '–';
}

/** A count in thousands, "9.6": one digit, and for a small one as many as say something, "0.04". */
export function thousands(count: Unsure): string {
  if (!isKnown(count)) return '–';
  return count > 0 && count < 100 ? short(count / 1000, 1) : fixed(count / 1000, 1);
}
