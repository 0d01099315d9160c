/** How the rows of a file stand in its bytes: enough to read any of them, and to read it again. */
import { csvFields, parseCsv } from '../csv/csv.ts';
import { withPoints } from '../csv/decimalComma.ts';
import { type ShapeName, shapes } from '../shapes/shapes.ts';
import { type Fields, parseObject } from '../values.ts';
import { longestRecord, type RecordOptions } from './records.ts';

export type FileKind = 'jsonl' | 'csv' | 'parquet';

export interface Layout {
  kind: FileKind;
  /** Between the fields of a CSV file. */
  separator: string;
  /** Names of the columns of a CSV file, as they stand there. */
  header: string[] | null;
  /** Columns of a CSV file whose numbers have decimal commas. */
  decimalComma: readonly string[];
  /** What one line of a JSON file holds; null for one row. */
  shape: ShapeName | null;
  /** The file is one JSON object over several lines. */
  document: boolean;
}

/** The row of a record, or why there is none; a list where a record holds several. */
export type RecordRows = Fields | string | readonly (Fields | string)[];

/** A table that is one line of a file may be as long as the file. */
const longestTable = 256 * 2 ** 20;

export const longestOf = ({ shape, document }: Pick<Layout, 'shape' | 'document'>): number =>
  document || (shape !== null && shapes[shape].wholeFile) ? longestTable : longestRecord;

/** How the records of a file are cut out of it. */
export const recordsOf = (layout: Layout): Pick<RecordOptions, 'quoted' | 'whole' | 'longest'> => ({
  quoted: layout.kind === 'csv',
  whole: layout.document,
  longest: longestOf(layout),
});

export function rowsOfRecord(
  text: string,
  { separator, header, decimalComma, shape }: Omit<Layout, 'kind' | 'document'>,
): RecordRows {
  if (header) {
    const values = parseCsv(text, separator);
    if (values.length === header.length) return withPoints(csvFields(header, values), decimalComma);
    return `${values.length} fields where the header has ${header.length}`;
  }
  const fields = parseObject(text);
  return typeof fields === 'string' ? fields : shapedRows(fields, { shape });
}

/** The rows of a line that holds an object. */
export const shapedRows = (fields: Fields, { shape }: Pick<Layout, 'shape'>): RecordRows =>
  shape === null ? fields : shapes[shape].rows(fields);

/** Row number `part` of a record; null where the record no longer holds it. */
export function rowOfRecord(rows: RecordRows, part: number): Fields | null {
  const row = Array.isArray(rows) ? rows[part] : rows;
  return row === undefined || typeof row === 'string' ? null : (row as Fields);
}

/** Line of a row in its file. The rows of a file that is one table are counted as those of parquet are. */
export const lineOf = ({ shape, document }: Layout, line: number, part: number): number =>
  document || (shape !== null && shapes[shape].wholeFile) ? part + 1 : line;
