/** Plain-text tables for terminals: text to the left, numbers to the right. */

export type Cell = string | number | null | undefined;

/** Numbers with about four digits; what was not measured is a dash, never a zero. */
export function formatCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'string') return cell;
  if (!Number.isFinite(cell)) return '–';
  if (Number.isInteger(cell)) return String(cell);
  const size = Math.abs(cell);
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? cell.toExponential(2)
    : String(Number(cell.toPrecision(4)));
}

/** Lines of a table with a head and a rule. Columns whose cells are all numbers (or dashes) are right-aligned. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const text = rows.map((row) => head.map((_, column) => formatCell(row[column])));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...text.map((row) => row[column].length)),
  );
  const right = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] !== 'string'),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (right[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...text.map(line)].join('\n');
}
