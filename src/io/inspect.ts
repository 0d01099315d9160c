/** A look at the beginning of a file: what kind of file it is, whose rollouts it holds, and what its columns mean. */
import { columnNames, csvFields, guessSeparator, parseCsv } from './csv.ts';
import { ImportError } from './importError.ts';
import { columnsOf, type Detection, detect, isNumeric } from './mapping.ts';
import { openParquet, readParquet } from './parquet.ts';
import { readRecords } from './records.ts';
import { type Fields, fieldOf, parseObject } from './values.ts';

export type FileKind = 'jsonl' | 'csv' | 'parquet';

/** A file as it is dropped on the page. */
export interface NamedBlob {
  name: string;
  blob: Blob;
}

/** What a look at the beginning of a file shows: enough for the mapping step. */
export interface Inspection extends Detection {
  name: string;
  bytes: number;
  kind: FileKind;
  /** Between the fields of a CSV file. */
  separator: string;
  /** Names of the columns of a CSV file, as they stand there. */
  header: string[] | null;
  columns: { name: string; numeric: boolean; example: unknown }[];
  /** The first rows that can be read. */
  preview: Fields[];
}

const headBytes = 2 ** 20;
const previewRows = 20;

/**
 * Looks at the beginning of a file.
 * @throws ImportError when the file as a whole cannot be rollouts
 */
export async function inspect({ name, blob }: NamedBlob): Promise<Inspection> {
  const kind = await kindOf(blob, name);
  let separator = ',';
  let preview: Fields[] = [];
  let header: string[] | null = null;
  if (kind === 'parquet') {
    const file = await openParquet(blob);
    for await (const part of readParquet(file, file.columns, 0, Math.min(previewRows, file.rows))) {
      preview = part.rows;
    }
  } else {
    const decoder = new TextDecoder();
    for await (const records of readRecords(blob.slice(0, Math.min(blob.size, 32 * headBytes)), {
      quoted: kind === 'csv',
      chunk: headBytes,
    })) {
      for (const record of records) {
        if (preview.length >= previewRows || record.tooLong) continue;
        const text = decoder.decode(record.bytes);
        if (kind === 'csv' && header === null) {
          separator = guessSeparator(text);
          header = columnNames(text, separator);
          continue;
        }
        const fields = header ? csvFields(header, parseCsv(text, separator)) : parseObject(text);
        if (typeof fields !== 'string') preview.push(fields);
      }
      if (preview.length >= previewRows) break;
    }
  }
  if (preview.length === 0) {
    throw new ImportError(
      'shape',
      `${name} holds no row that can be read: expected one JSON object per line, CSV with a header line, or parquet.`,
    );
  }
  const columns = columnsOf(preview).map((column) => ({
    name: column,
    numeric: isNumeric(preview, column),
    example: fieldOf(preview[0], column) ?? null,
  }));
  return { name, bytes: blob.size, kind, separator, header, columns, preview, ...detect(preview, kind) };
}

/** UTF-16 without its mark: of the two bytes of a Latin letter one is 0, in nearly all pairs the same one. */
function isWide(head: Uint8Array): boolean {
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 2]++;
  const pairs = head.length / 2;
  return Math.max(...zeros) > 0.8 * pairs && Math.min(...zeros) < 0.1 * pairs;
}

/** Tells text from tables from what cannot be read, by the first bytes rather than by the name. */
async function kindOf(blob: Blob, name: string): Promise<FileKind> {
  if (blob.size === 0) throw new ImportError('empty', `${name} is empty.`);
  const head = new Uint8Array(await blob.slice(0, 4096).arrayBuffer());
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x50, 0x41, 0x52, 0x31)) return 'parquet';
  if (starts(0x1f, 0x8b) || starts(0x50, 0x4b, 0x03, 0x04) || starts(0x28, 0xb5, 0x2f, 0xfd)) {
    throw new ImportError('compressed', `${name} is compressed. Unpack it first.`);
  }
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff) || isWide(head)) {
    throw new ImportError('encoding', `${name} is UTF-16 text. Save it as UTF-8.`);
  }
  if (head.includes(0)) {
    throw new ImportError('binary', `${name} is binary: rollouts come as JSON lines, CSV or parquet.`);
  }
  const text = new TextDecoder()
    .decode(head)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (text === '' && blob.size <= head.length) throw new ImportError('empty', `${name} is empty.`);
  if (text.startsWith('[')) {
    throw new ImportError(
      'shape',
      `${name} is one JSON array. Write one object per line instead (jq -c '.[]' FILE > FILE.jsonl).`,
    );
  }
  if (text.startsWith('{')) return 'jsonl';
  const header = text.split(/\r?\n/, 1)[0];
  if (/\.csv$|\.tsv$/i.test(name) || guessSeparator(header) !== ',' || header.includes(',')) {
    // A file of JSON lines whose first line is broken does not become CSV.
    return /\.(jsonl|ndjson|json)$/i.test(name) ? 'jsonl' : 'csv';
  }
  return 'jsonl';
}
