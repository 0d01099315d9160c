/** How large groups are, and how alike in size: what tells a right grouping from a wrong one. */

export interface Sizes {
  groups: number;
  rows: number;
  /** The size that most rows are in. */
  usual: number;
  /** Share of the rows that are in groups of that size. */
  share: number;
  /** [size, number of groups], ascending. */
  counts: readonly (readonly [number, number])[];
}

/** @param groupOf the number of the group of a row, any number */
export function sizesOf(rows: number, groupOf: (row: number) => number): Sizes {
  const members = new Map<number, number>();
  for (let row = 0; row < rows; row++) members.set(groupOf(row), (members.get(groupOf(row)) ?? 0) + 1);
  const counts = new Map<number, number>();
  for (const size of members.values()) counts.set(size, (counts.get(size) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => a[0] - b[0]);
  let usual = 0;
  let most = 0;
  for (const [size, count] of sorted) {
    if (size * count > most) [usual, most] = [size, size * count];
  }
  return { groups: members.size, rows, usual, share: rows === 0 ? 0 : most / rows, counts: sorted };
}

/** "18 groups of 4"; "18 groups, most of 4". */
export function sizesInWords({ groups, usual, counts }: Sizes): string {
  const whole = groups.toLocaleString('en-GB');
  if (groups === 1) return `1 group of ${usual.toLocaleString('en-GB')}`;
  return `${whole} groups${counts.length === 1 ? '' : ', most'} of ${usual.toLocaleString('en-GB')}`;
}
