/** Rows by the group that they belong to: the responses to one prompt. */

/** Rows of each group, groups in order of first appearance. @param group [B] equal numbers form a group, adjacent or not */
export function rowsByGroup(group: ArrayLike<number>): number[][] {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < group.length; row++) {
    const own = rows.get(group[row]);
    if (own) own.push(row);
    else rows.set(group[row], [row]);
  }
  return [...rows.values()];
}
