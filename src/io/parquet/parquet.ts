/** Parquet files: row groups read one after another, and only the columns that are wanted. */
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import { ImportError } from '../importError.ts';
import type { Fields } from '../values.ts';
import { compressorsFor } from './codecs.ts';

/**
 * Rows are decoded in portions, which bounds memory in files that are one large row group. Each portion decodes the pages
 * that it lies in anew, so portions are as large as their bytes allow.
 */
const bytesAtOnce = 2 ** 26;
const fewestAtOnce = 20_000;
const mostAtOnce = 200_000;

export interface ParquetFile {
  file: AsyncBuffer;
  metadata: FileMetaData;
  compressors: Compressors;
  rows: number;
  /** Names of the columns at the top level. */
  columns: string[];
}

/** @throws ImportError 'parquet' when the footer cannot be read */
export async function openParquet(blob: Blob): Promise<ParquetFile> {
  const file = {
    byteLength: blob.size,
    slice: (from: number, to?: number) => blob.slice(from, to).arrayBuffer(),
  };
  const metadata = await parquetMetadataAsync(file).catch((cause) => {
    throw parquetError(cause);
  });
  const columns = metadata.schema[0].num_children
    ? topLevel(metadata.schema)
    : metadata.schema.slice(1).map(({ name }) => name);
  const compressors = await compressorsFor(metadata);
  return { file, metadata, compressors, rows: Number(metadata.num_rows), columns };
}

/** Rows from `start` to `end`, in portions. @throws ImportError 'parquet' naming the rows that cannot be read */
export async function* readParquet(
  { file, metadata, compressors, rows, columns }: ParquetFile,
  wanted: readonly string[],
  start = 0,
  end = rows,
): AsyncGenerator<{ rows: Fields[]; first: number }> {
  const present = wanted.flatMap((name) => columnsBehind(name, columns));
  const rowsAtOnce = portionOf(metadata, new Set(present));
  for (let from = start; from < end; from += rowsAtOnce) {
    const to = Math.min(end, from + rowsAtOnce);
    try {
      const options = {
        file,
        metadata,
        compressors,
        columns: [...new Set(present)],
        rowStart: from,
        rowEnd: to,
      };
      yield { rows: (await parquetReadObjects(options)) as Fields[], first: from };
    } catch (cause) {
      throw parquetError(cause, `rows ${from + 1} to ${to}: `);
    }
  }
}

/** How many rows of some columns are decoded at a time. */
function portionOf({ row_groups, num_rows }: FileMetaData, columns: ReadonlySet<string>): number {
  let bytes = 0;
  for (const group of row_groups) {
    for (const { meta_data } of group.columns) {
      if (meta_data && columns.has(meta_data.path_in_schema[0]))
        bytes += Number(meta_data.total_uncompressed_size);
    }
  }
  const rows = Math.floor((bytesAtOnce * Number(num_rows)) / Math.max(1, bytes));
  return Math.min(mostAtOnce, Math.max(fewestAtOnce, rows));
}

/** The column called `name`; where there is none, those with a field that `name` may be. */
function columnsBehind(name: string, columns: readonly string[]): string[] {
  if (columns.includes(name)) return [name];
  return columns.filter((column) => name.startsWith(`${column}.`));
}

function topLevel(schema: FileMetaData['schema']): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const { num_children = 0 } = schema[at++];
    for (let i = 0; i < num_children; i++) skip();
  };
  while (at < schema.length) {
    names.push(schema[at].name);
    skip();
  }
  return names;
}

function parquetError(cause: unknown, where = ''): ImportError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const hint = /compression/i.test(message)
    ? ' Write the file again with snappy, zstd or no compression.'
    : ' The file may be incomplete.';
  return new ImportError('parquet', `This parquet file cannot be read (${where}${message}).${hint}`);
}
