/** A look at the beginning of a file: what kind of file it is, whose rollouts it holds, and what its columns mean. */
import { columnNames, guessSeparator } from './csv/csv.ts';
import { decimalCommas, withPoints } from './csv/decimalComma.ts';
import { kindOf } from './files/kind.ts';
import { stepOfPath } from './grouping/steps.ts';
import { ImportError } from './importError.ts';
import { isNumberList } from './judging/facts.ts';
import { type Detection, detect } from './mapping/detect.ts';
import { columnsOf, isNumeric } from './mapping/mapping.ts';
import { openParquet, readParquet } from './parquet/parquet.ts';
import { type Layout, longestOf, type RecordRows, rowsOfRecord, shapedRows } from './rows/layout.ts';
import { readRecords } from './rows/records.ts';
import { shapeOf } from './shapes/shapes.ts';
import { type Fields, fieldOf, parseObject } from './values.ts';

/** A file as it is dropped on the page. */
export interface NamedBlob {
  name: string;
  /** With its folders, where they are known: a folder may say the step. */
  path?: string;
  blob: Blob;
}

/** What a look at the beginning of a file shows: enough for the mapping step. */
export interface Inspection extends Detection, Layout {
  name: string;
  bytes: number;
  /** `isList` where most rows hold a list of several numbers. */
  columns: { name: string; numeric: boolean; isList: boolean; example: unknown }[];
  /** The step that the name of the file or a folder says. */
  step: number | null;
  /** The first rows that can be read. */
  preview: Fields[];
}

const headBytes = 2 ** 20;
const previewRows = 20;
/** Rows by which columns are judged. */
const sampleRows = 400;
/** The same of a parquet file, whose pages are read whole anyway. */
const tableRows = 2000;
const tailBytes = 2 ** 18;
const tailLines = 100;

/**
 * Looks at the beginning of a file.
 * @throws ImportError when the file as a whole cannot be rollouts
 */
export async function inspect(file: NamedBlob): Promise<Inspection> {
  const { name, path, blob } = file;
  const kind = await kindOf(blob, name);
  const { layout, sample } = kind === 'parquet' ? await tableHead(file) : await textHead(file, kind);
  const columns = columnsOf(sample).map((column) => ({
    name: column,
    numeric: isNumeric(sample, column),
    isList: isNumberList(sample, column),
    example: fieldOf(sample[0], column) ?? null,
  }));
  const preview = sample.slice(0, previewRows);
  const step = stepOfPath(path ?? name);
  const detected = detect(sample, layout, step !== null);
  return { name, bytes: blob.size, ...layout, columns, step, preview, ...detected };
}

const plain = { separator: ',', header: null, decimalComma: [], shape: null, document: false };

interface Head {
  layout: Layout;
  /** The first rows that can be read. */
  sample: Fields[];
}

async function tableHead({ name, blob }: NamedBlob): Promise<Head> {
  const layout: Layout = { ...plain, kind: 'parquet' };
  const table = await openParquet(blob);
  const sample: Fields[] = [];
  for await (const part of readParquet(table, table.columns, 0, Math.min(tableRows, table.rows)))
    sample.push(...part.rows);
  if (sample.length === 0) throw new ImportError('empty', `${name} is a table without rows.`);
  return { layout, sample };
}

/** A file that is one object over several lines, of a shape that is known; null for any other. */
async function documentHead({ name, blob }: NamedBlob): Promise<Head | null> {
  if (!/^\s*\{\s*[\r\n]/.test(await blob.slice(0, 200).text())) return null;
  const longest = longestOf({ shape: null, document: true });
  const record = blob.size > longest ? 'too long' : parseObject(await blob.text());
  const shape = typeof record === 'string' ? null : shapeOf([record]);
  if (typeof record === 'string' || shape === null) return null;
  const layout: Layout = { ...plain, kind: 'jsonl', shape, document: true };
  const rows = [shapedRows(record, layout)].flat() as (Fields | string)[];
  const sample = rows.filter((row) => typeof row !== 'string').slice(0, sampleRows);
  if (sample.length === 0) {
    const [reason] = rows;
    throw new ImportError('shape', `${name} holds no row that can be read: ${reason}.`);
  }
  return { layout, sample };
}

/** The first chunks of a text file; further ones only while no row could be read. */
async function textHead(file: NamedBlob, kind: 'jsonl' | 'csv'): Promise<Head> {
  const { name, blob } = file;
  const document = kind === 'jsonl' ? await documentHead(file) : null;
  if (document !== null) return document;
  const decoder = new TextDecoder();
  const layout: Layout = { ...plain, kind };
  const records: { rows: RecordRows; line: number }[] = [];
  const isOne = await startsAsOne(blob);
  const longest = longestOf({ shape: isOne ? 'wandb-table' : null, document: false });
  const head = isOne ? blob : blob.slice(0, Math.min(blob.size, 32 * headBytes));
  let readable = 0;
  let chunks = 0;
  for await (const chunk of readRecords(head, { quoted: kind === 'csv', chunk: headBytes, longest })) {
    for (const { bytes, line, tooLong } of chunk) {
      if (tooLong || readable >= sampleRows) continue;
      const text = decoder.decode(bytes);
      if (kind === 'csv' && layout.header === null) {
        layout.separator = guessSeparator(text);
        layout.header = columnNames(text, layout.separator);
        continue;
      }
      const rows = rowsOfRecord(text, layout);
      if (typeof rows !== 'string') readable++;
      if (typeof rows !== 'string' || records.length === 0) records.push({ rows, line });
    }
    // The last line of a small file comes with the second chunk.
    if (readable > 0 && ++chunks > 1) break;
  }
  const objects = records.filter(({ rows }) => typeof rows !== 'string').map(({ rows }) => rows as Fields);
  if (kind === 'jsonl') layout.shape = shapeOf(objects);
  if (layout.header) {
    layout.decimalComma = decimalCommas(name, layout.header, objects);
    for (const fields of objects) withPoints(fields, layout.decimalComma);
  }
  const sample: Fields[] = [];
  let trouble = '';
  for (const { rows, line } of records) {
    for (const row of [typeof rows === 'string' ? rows : shapedRows(rows as Fields, layout)].flat()) {
      if (typeof row === 'string') trouble ||= ` Line ${line}: ${row}.`;
      else if (sample.length < sampleRows) sample.push(row as Fields);
    }
  }
  if (sample.length > 0) return { layout, sample: [...sample, ...(await lastRows(blob, layout))] };
  if (/^\s*\{\s*[\r\n]/.test(await blob.slice(0, 200).text())) {
    throw new ImportError(
      'shape',
      `${name} holds no row that can be read: it is one JSON object over several lines. If it is a row, write it on one (jq -c . ${name}).`,
    );
  }
  throw new ImportError(
    'shape',
    `${name} holds no row that can be read: expected one JSON object per line, CSV with a header line, or parquet.${trouble}`,
  );
}

/** Rows from the end of a large file of lines: a column may begin late, or first change there. */
async function lastRows(blob: Blob, layout: Layout): Promise<Fields[]> {
  if (layout.kind !== 'jsonl' || longestOf(layout) > longestOf(plain) || blob.size <= tailBytes) return [];
  const text = await blob.slice(blob.size - tailBytes).text();
  // The first line began before.
  const lines = text.split('\n').slice(1).slice(-tailLines);
  const rows = lines.flatMap((line): (Fields | string)[] => [rowsOfRecord(line, layout)].flat());
  return rows.filter((row) => typeof row !== 'string').slice(-sampleRows);
}

/** Whether a file is one record that may stand on one line however long: a table, a run or a log. */
async function startsAsOne(blob: Blob): Promise<boolean> {
  const start = /^\s*\{\s*("columns"\s*:\s*\[|"header"\s*:\s*\{|"version"\s*:\s*\d+\s*,\s*"status")/;
  return start.test(await blob.slice(0, 200).text());
}
