/**
 * Cuts a file into records (lines, or CSV records with quoted line breaks) without ever holding more of it than a
 * chunk and one record. A record is handed out as bytes with its place, so that its text can be read again later.
 */
import { ImportError } from '../importError.ts';

export interface RecordBytes {
  /** Valid until the next record is asked for. */
  bytes: Uint8Array;
  /** Byte position in the file. */
  offset: number;
  /** Line on which the record begins; the first is 1. */
  line: number;
  /** The record was longer than the limit; `bytes` holds its beginning. */
  tooLong: boolean;
  /** The file ended before the record did: no line break follows. */
  last: boolean;
}

export interface RecordOptions {
  /** Line breaks between double quotes do not end a record (CSV). */
  quoted?: boolean;
  /** The file is one record. */
  whole?: boolean;
  /** Bytes read at a time. */
  chunk?: number;
  /** Longest record in bytes; the rest of a longer one is skipped. */
  longest?: number;
  signal?: AbortSignal;
  /** Called after each chunk with the bytes read so far. */
  onProgress?: (bytes: number) => void;
}

export const longestRecord = 32 * 2 ** 20;

const newline = 10;
const carriageReturn = 13;
const quote = 34;

/**
 * The records of `blob`, chunk by chunk: an array of records per chunk keeps the cost of waiting off each record.
 * Blank records are left out. A leading byte order mark is skipped.
 * @throws ImportError 'cancelled' when `signal` fires
 */
export async function* readRecords(
  blob: Blob,
  {
    quoted = false,
    whole = false,
    chunk = 4 * 2 ** 20,
    longest = longestRecord,
    signal,
    onProgress,
  }: RecordOptions = {},
): AsyncGenerator<Iterable<RecordBytes>> {
  if (whole) {
    const bytes = new Uint8Array(await blob.slice(0, longest).arrayBuffer());
    yield [{ bytes, offset: 0, line: 1, tooLong: blob.size > longest, last: true }];
    onProgress?.(blob.size);
    return;
  }
  const cutter = new Cutter(quoted, longest);
  for (let at = 0; at < blob.size; at += chunk) {
    if (signal?.aborted) throw new ImportError('cancelled', 'The import was cancelled.');
    let bytes = new Uint8Array(await blob.slice(at, at + chunk).arrayBuffer());
    let offset = at;
    if (at === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      bytes = bytes.subarray(3);
      offset = 3;
    }
    yield cutter.cut(bytes, offset);
    onProgress?.(Math.min(blob.size, at + chunk));
  }
  yield cutter.finish();
}

/** Remembers the unfinished record between chunks. */
class Cutter {
  readonly #quoted: boolean;
  readonly #longest: number;
  /** Pieces of the record that the last chunk left unfinished. */
  #pieces: Uint8Array[] = [];
  #held = 0;
  #start = 0;
  #line = 1;
  #lineOfStart = 1;
  #inQuotes = false;

  constructor(quoted: boolean, longest: number) {
    this.#quoted = quoted;
    this.#longest = longest;
  }

  *cut(bytes: Uint8Array, offset: number): Generator<RecordBytes> {
    let from = 0;
    while (from < bytes.length) {
      const end = this.#findEnd(bytes, from);
      if (end < 0) break;
      if (this.#held === 0 && this.#pieces.length === 0) {
        this.#start = offset + from;
        yield* this.#record(bytes.subarray(from, end), false);
      } else {
        this.#hold(bytes.subarray(from, end));
        yield* this.#record(this.#joined(), false);
      }
      from = end + 1;
      this.#lineOfStart = this.#line;
    }
    if (from < bytes.length) {
      if (this.#pieces.length === 0) this.#start = offset + from;
      this.#hold(bytes.slice(from));
    }
  }

  *finish(): Generator<RecordBytes> {
    if (this.#pieces.length > 0) yield* this.#record(this.#joined(), true);
  }

  /** Position of the line break that ends the record, or −1. Counts lines on the way. */
  #findEnd(bytes: Uint8Array, from: number): number {
    if (!this.#quoted) {
      const end = bytes.indexOf(newline, from);
      if (end >= 0) this.#line++;
      return end;
    }
    for (let i = from; i < bytes.length; i++) {
      if (bytes[i] === quote) this.#inQuotes = !this.#inQuotes;
      else if (bytes[i] === newline) {
        this.#line++;
        // A quote that never closes must not swallow the rest of the file.
        const tooLong = this.#held + i - from > this.#longest;
        if (tooLong) this.#inQuotes = false;
        if (!this.#inQuotes) return i;
      }
    }
    return -1;
  }

  #hold(piece: Uint8Array): void {
    const room = this.#longest + 1 - this.#held;
    this.#held += piece.length;
    this.#pieces.push(room >= piece.length ? piece : piece.slice(0, Math.max(0, room)));
  }

  #joined(): Uint8Array {
    const joined = new Uint8Array(this.#pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.#pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#held = 0;
    return joined;
  }

  *#record(bytes: Uint8Array, last: boolean): Generator<RecordBytes> {
    const tooLong = bytes.length > this.#longest;
    const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
    if (isBlank(bytes, end)) return;
    yield { bytes: bytes.subarray(0, end), offset: this.#start, line: this.#lineOfStart, tooLong, last };
  }
}

function isBlank(bytes: Uint8Array, end: number): boolean {
  for (let i = 0; i < end; i++) if (bytes[i] !== 32 && bytes[i] !== 9) return false;
  return true;
}
