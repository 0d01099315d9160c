/** Numbers as people read them: a true minus, none before zero, "–" where the number is not known. */

/** The text of a number with a true minus in the place of each hyphen. */
export const trueMinus = (text: string): string => text.replaceAll('-', '−');

/** A number with so many decimals: "0.62", "−1.20". */
export function fixed(value: number | null | undefined, digits = 2): string {
  const number = value ?? Number.NaN;
  if (!Number.isFinite(number)) return '–';
  // Adding 0 takes the minus from what rounds to zero.
  return trueMinus((Number(number.toFixed(digits)) + 0).toFixed(digits));
}

/** A share of a whole: "59 %" on one line, "−1.2 %". */
export function percent(share: number | null | undefined, digits = 0): string {
  const number = fixed(100 * (share ?? Number.NaN), digits);
  return number === '–' ? number : `${number}\u00a0%`;
}
