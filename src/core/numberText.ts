/** A share of a whole as people read it: "59 %" on one line, "−1.2 %" with a true minus, "–" where it is not known. */
export function percent(share: number | null | undefined, digits = 0): string {
  const value = 100 * (share ?? Number.NaN);
  if (!Number.isFinite(value)) return '–';
  // Adding 0 takes the minus from what rounds to zero.
  const rounded = Number(value.toFixed(digits)) + 0;
  return `${rounded.toFixed(digits).replace('-', '−')}\u00a0%`;
}
