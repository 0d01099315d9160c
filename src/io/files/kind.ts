/** Text, table or parquet: what kind of file the first bytes show, whatever its name says. */
import { guessSeparator } from '../csv/csv.ts';
import { ImportError } from '../importError.ts';
import type { FileKind } from '../rows/layout.ts';
import { foreignFile, foreignText } from './foreign.ts';

/** UTF-16 without its mark: of the two bytes of a Latin letter one is 0, in nearly all pairs the same one. */
function isWide(head: Uint8Array): boolean {
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 2]++;
  const pairs = head.length / 2;
  return Math.max(...zeros) > 0.8 * pairs && Math.min(...zeros) < 0.1 * pairs;
}

/** Tells text from tables from what cannot be read, by the first bytes rather than by the name. */
export async function kindOf(blob: Blob, name: string): Promise<FileKind> {
  if (blob.size === 0) throw new ImportError('empty', `${name} is empty.`);
  const head = new Uint8Array(await blob.slice(0, 4096).arrayBuffer());
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x50, 0x41, 0x52, 0x31)) return 'parquet';
  const foreign = foreignFile(head, name);
  if (foreign) throw foreign;
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
  const other = foreignText(text, name);
  if (other) throw other;
  const header = text.split(/\r?\n/, 1)[0];
  if (/\.csv$|\.tsv$/i.test(name) || guessSeparator(header) !== ',' || header.includes(',')) {
    // A file of JSON lines whose first line is broken does not become CSV.
    return /\.(jsonl|ndjson|json)$/i.test(name) ? 'jsonl' : 'csv';
  }
  return 'jsonl';
}
