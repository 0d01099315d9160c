/** Rows of a run by iteration, oldest first, when a run goes on from before its end. */

interface Row {
  iteration: number;
}

/** The rows up to an iteration, that one included. */
export const rowsUpTo = <Each extends Row>(rows: readonly Each[], iteration: number): Each[] =>
  rows.filter((row) => row.iteration <= iteration);

/** Rows with one more; a row of the same iteration or later is replaced, as when a run goes on from before it. */
export function withRow<Each extends Row>(rows: readonly Each[], row: Each): readonly Each[] {
  const last = rows.at(-1);
  if (!last || last.iteration < row.iteration) return [...rows, row];
  return [...rows.filter((old) => old.iteration < row.iteration), row];
}
