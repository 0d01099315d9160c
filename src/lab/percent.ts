/** A share in [0, 1] as people read it: "59 %" on one line, "–" where it is not known. */
export function percent(share: number | null | undefined, digits = 0): string {
  return share === null || share === undefined || Number.isNaN(share)
    ? '–'
    : `${(share * 100).toFixed(digits)}\u00a0%`;
}
