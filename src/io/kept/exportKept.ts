/**
 * The rows that a filter kept, written out of the files that they came from. The files are read once more as a
 * stream, so that the texts of a million rows never have to be in memory together.
 */
import { rankGroups } from '../../core/filters/filter.ts';
import { groupColumn } from '../grouping/grouping.ts';
import type { ImportedRollouts } from '../importRollouts.ts';
import type { NamedBlob } from '../inspect.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { openParquet, readParquet } from '../parquet/parquet.ts';
import { type RecordRows, recordsOf, rowOfRecord, rowsOfRecord } from '../rows/layout.ts';
import { readRecords } from '../rows/records.ts';
import { SessionReader, type Whole, wholeResponse } from '../sessions.ts';
import { fieldOf } from '../values.ts';
import { csvColumns, csvHeader, csvLine, type ExportRow, pfrolloutLine, shortest } from './exportRows.ts';

export interface KeptOptions {
  format: 'jsonl' | 'csv';
  /** Seed of the ties: the one that the selection was made with. */
  tieSeed: number;
  signal?: AbortSignal;
  onProgress?: (bytes: number) => void;
}

/**
 * @param files the files that were imported, in the same order
 * @param kept rows of `imported`, repeats allowed
 * @throws ImportError 'cancelled' when the signal fires
 */
export async function exportKept(
  files: readonly NamedBlob[],
  imported: ImportedRollouts,
  kept: Int32Array,
  { format, tieSeed, signal, onProgress }: KeptOptions,
): Promise<Blob> {
  const { columns } = imported;
  const uses = new Uint32Array(columns.reward.length);
  for (const row of kept) uses[row]++;
  const placeOf = ranksAndSamples(imported, tieSeed);
  const output = new Output();
  let header: string[] | null = null;
  const sessions = new SessionReader(imported.outputs, (row, outputs, mapping) => {
    const record = exportRow(wholeResponse(outputs, mapping), mapping, imported, row, uses[row], placeOf);
    if (format === 'jsonl') {
      output.write(pfrolloutLine(record));
      return;
    }
    if (header === null) {
      header = csvColumns(record);
      output.write(csvHeader(header));
    }
    output.write(csvLine(record, header));
  });
  let bytesBefore = 0;
  let row = 0;
  for (const [number, file] of files.entries()) {
    const { mapping } = imported.files[number];
    const end = row + imported.files[number].rows;
    for await (const { offset, rows } of records(file, imported.files[number], signal, (bytes) =>
      onProgress?.(bytesBefore + bytes),
    )) {
      // Rows stand in the order of the file, so one pointer follows along; dropped records fall between.
      if (row < end && columns.offset[row] === offset) {
        for (const record = rows(); row < end && columns.offset[row] === offset; row++) {
          const fields = rowOfRecord(record, columns.part?.[row] ?? 0);
          if (fields !== null && uses[row] > 0) sessions.begin(row, fields, mapping);
        }
      }
      sessions.goOn(number, offset, rows);
    }
    row = end;
    bytesBefore += file.blob.size;
  }
  sessions.end();
  return output.blob(format === 'csv' ? 'text/csv' : 'application/x-ndjson');
}

/** Hands text over to blobs as it comes: those live outside the heap. */
class Output {
  #parts: Blob[] = [];
  #waiting: string[] = [];
  #characters = 0;

  write(text: string): void {
    this.#waiting.push(text);
    this.#characters += text.length;
    if (this.#characters > 2 ** 22) this.#flush();
  }

  blob(type: string): Blob {
    this.#flush();
    return new Blob(this.#parts, { type });
  }

  #flush(): void {
    this.#parts.push(new Blob(this.#waiting));
    this.#waiting = [];
    this.#characters = 0;
  }
}

async function* records(
  { blob }: NamedBlob,
  layout: ImportedRollouts['files'][number],
  signal: AbortSignal | undefined,
  onProgress: (bytes: number) => void,
): AsyncGenerator<{ offset: number; rows: () => RecordRows }> {
  if (layout.kind === 'parquet') {
    const table = await openParquet(blob);
    for await (const { rows, first } of readParquet(table, table.columns)) {
      for (let i = 0; i < rows.length; i++) yield { offset: first + i, rows: () => rows[i] };
    }
    return;
  }
  const decoder = new TextDecoder();
  let isHeader = layout.header !== null;
  for await (const chunk of readRecords(blob, { ...recordsOf(layout), signal, onProgress })) {
    for (const { bytes, offset } of chunk) {
      if (isHeader) {
        isHeader = false;
        continue;
      }
      yield { offset, rows: () => rowsOfRecord(decoder.decode(bytes), layout) };
    }
  }
}

/** [B] rank within the group, and number within the group in order of appearance. */
function ranksAndSamples({ columns: { reward, group } }: ImportedRollouts, tieSeed: number) {
  const rank = new Int32Array(reward.length);
  const sample = new Int32Array(reward.length);
  const { order, starts } = rankGroups(reward, group, tieSeed);
  for (let g = 0; g + 1 < starts.length; g++) {
    const rows = order.slice(starts[g], starts[g + 1]);
    rows.forEach((row, i) => {
      rank[row] = i + 1;
    });
    rows.sort().forEach((row, i) => {
      sample[row] = i;
    });
  }
  return { rank, sample };
}

function exportRow(
  { fields, prompt, response }: Whole,
  mapping: Mapping,
  { columns }: ImportedRollouts,
  row: number,
  uses: number,
  { rank, sample }: { rank: Int32Array; sample: Int32Array },
): ExportRow {
  const used = new Set(
    [mapping.reward, mapping.score, mapping.prompt, mapping.response, mapping.step].filter(
      (name) => name !== null,
    ),
  );
  const more = Object.fromEntries(
    Object.entries(fields).filter(([name]) => !used.has(name) && name !== 'format'),
  );
  // A prompt that is a text is written as such, and gets a name unless its file groups by one; a name is kept.
  const grouped = groupColumn(mapping.group);
  const isName = mapping.prompt !== null && mapping.prompt === grouped;
  const name = isName || grouped === 'prompt_id' ? fieldOf(fields, grouped!) : null;
  const given = mapping.sample === null ? null : fieldOf(fields, mapping.sample);
  const score = columns.score === null ? Number.NaN : columns.score[row];
  return {
    ...more,
    step: columns.step[row],
    prompt_id: typeof name === 'string' || typeof name === 'number' ? name : `p${columns.prompt[row]}`,
    group: columns.group[row],
    sample: typeof given === 'string' || typeof given === 'number' ? given : sample[row],
    ...(mapping.prompt === null || isName ? {} : { prompt }),
    ...(mapping.response === null ? {} : { response }),
    reward: shortest(columns.reward[row]),
    score: Number.isNaN(score) ? null : shortest(score),
    kept: true,
    uses,
    rank: rank[row],
  };
}
