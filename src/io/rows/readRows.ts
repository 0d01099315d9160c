/** Rows of an import, read again from their files a range at a time: the texts of a million rows are never together. */
import { ImportError } from '../importError.ts';
import type { ImportedRollouts } from '../importRollouts.ts';
import type { NamedBlob } from '../inspect.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { openParquet, readParquet } from '../parquet/parquet.ts';
import { firstOutput, type Whole, wholeResponse } from '../sessions.ts';
import type { Fields } from '../values.ts';
import { rowOfRecord, rowsOfRecord } from './layout.ts';

export interface RowFields {
  fields: Fields;
  mapping: Mapping;
}

export type Texts = Pick<Whole, 'prompt' | 'response'>;

/** Bytes fetched at once, unless one record is longer. */
const spanBytes = 4 * 2 ** 20;

/** What the rows `from` to `to` (exclusive) say; empty where a file says nothing. */
export async function readTexts(
  files: readonly NamedBlob[],
  imported: ImportedRollouts,
  from: number,
  to: number,
): Promise<Texts[]> {
  const texts = Array.from({ length: to - from }, (): Texts => ({ prompt: '', response: '' }));
  await readRows(files, imported, [from, to], (row, { fields, mapping }) => {
    texts[row - from] = textsIn(wholeResponse([fields], mapping));
  });
  const further = imported.outputs;
  const sessions = further?.row.subarray(firstOutput(further, from), firstOutput(further, to));
  for (const row of new Set(sessions)) {
    const whole = await readRow(files, imported, row);
    if (whole) texts[row - from] = textsIn(whole);
  }
  return texts;
}

const textsIn = ({ prompt, response }: Whole): Texts => ({ prompt, response });

/** One response as it stands in its file: for an inspector. Null when the file has changed since. */
export async function readRow(
  files: readonly NamedBlob[],
  imported: ImportedRollouts,
  row: number,
): Promise<Whole | null> {
  const { columns, outputs: further } = imported;
  const fieldsAt = (places: Places, at: number) => readPlace(files, imported, places, at);
  const outputs = [await fieldsAt(columns, row)];
  if (further !== null)
    for (let at = firstOutput(further, row); further.row[at] === row; at++)
      outputs.push(await fieldsAt(further, at));
  const found = outputs.filter((fields) => fields !== null);
  return found.length < outputs.length
    ? null
    : wholeResponse(found, imported.files[columns.file[row]].mapping);
}

interface Places {
  file: Uint16Array;
  offset: Float64Array;
  length: Uint32Array;
  part: Uint32Array | null;
}

async function readPlace(
  files: readonly NamedBlob[],
  { files: read }: ImportedRollouts,
  { file, offset, length, part }: Places,
  at: number,
): Promise<Fields | null> {
  const { blob } = files[file[at]];
  const from = offset[at];
  const layout = read[file[at]];
  if (layout.kind !== 'parquet') {
    const text = await blob.slice(from, from + length[at]).text();
    return rowOfRecord(rowsOfRecord(text, layout), part?.[at] ?? 0);
  }
  const table = await openParquet(blob);
  for await (const { rows } of readParquet(table, table.columns, from, from + 1)) return rows[0];
  return null;
}

/**
 * Calls `take` for the rows `from` to `to` (exclusive), in order. A record that a file no longer holds is left out.
 * @throws ImportError 'cancelled' when the signal fires
 */
export async function readRows(
  files: readonly NamedBlob[],
  { files: read, columns }: ImportedRollouts,
  [from, to]: readonly [number, number],
  take: (row: number, record: RowFields) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { file, offset, length, part } = columns;
  const decoder = new TextDecoder();
  for (let row = from; row < to; ) {
    if (signal?.aborted) throw new ImportError('cancelled', 'The reading was cancelled.');
    const { kind, mapping } = read[file[row]];
    const { blob } = files[file[row]];
    let end = row + 1;
    if (kind === 'parquet') {
      while (end < to && file[end] === file[row]) end++;
      const table = await openParquet(blob);
      let at = row;
      for await (const part of readParquet(table, table.columns, offset[row], offset[end - 1] + 1)) {
        if (signal?.aborted) throw new ImportError('cancelled', 'The reading was cancelled.');
        for (let i = 0; i < part.rows.length && at < end; i++)
          if (offset[at] === part.first + i) take(at++, { fields: part.rows[i], mapping });
      }
    } else {
      const limit = offset[row] + spanBytes;
      while (end < to && file[end] === file[row] && offset[end] + length[end] <= limit) end++;
      const last = offset[end - 1] + length[end - 1];
      const bytes = new Uint8Array(await blob.slice(offset[row], last).arrayBuffer());
      for (let at = row; at < end; ) {
        const start = offset[at] - offset[row];
        const rows = rowsOfRecord(decoder.decode(bytes.subarray(start, start + length[at])), read[file[at]]);
        for (const record = offset[at]; at < end && offset[at] === record; at++) {
          const fields = rowOfRecord(rows, part?.[at] ?? 0);
          if (fields !== null) take(at, { fields, mapping });
        }
      }
    }
    row = end;
  }
}
