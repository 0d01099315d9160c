/** Rows of an import, read again from their files a range at a time: the texts of a million rows are never together. */
import { ImportError } from './importError.ts';
import type { ImportedRollouts } from './importRollouts.ts';
import type { NamedBlob } from './inspect.ts';
import { rowOfRecord, rowsOfRecord } from './layout.ts';
import type { Mapping } from './mapping.ts';
import { openParquet, readParquet } from './parquet.ts';
import { type Fields, fieldOf, textOf } from './values.ts';

export interface RowFields {
  fields: Fields;
  mapping: Mapping;
}

/** Bytes fetched at once, unless one record is longer. */
const spanBytes = 4 * 2 ** 20;

/** The responses of the rows `from` to `to` (exclusive); empty where a file has none. */
export async function readResponses(
  files: readonly NamedBlob[],
  imported: ImportedRollouts,
  from: number,
  to: number,
): Promise<string[]> {
  const texts = new Array<string>(to - from).fill('');
  await readRows(files, imported, [from, to], (row, { fields, mapping }) => {
    if (mapping.response !== null) texts[row - from] = textOf(fieldOf(fields, mapping.response));
  });
  return texts;
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
