/**
 * Sessions of verl's V1 trainer: rows of a file that are outputs of one response. A row of the import stands for the
 * session and lies where its first row lies; this is where the others lie, and what they are together.
 */
import { parseUid } from './grouping/grouping.ts';
import type { Mapping } from './mapping/mapping.ts';
import { type RecordRows, rowOfRecord } from './rows/layout.ts';
import type { Place } from './rows/place.ts';
import { type Fields, fieldOf, textOf } from './values.ts';

/** Rows of files that are further outputs of a session, each with the row of the import that it belongs to, ascending. */
export interface FurtherOutputs {
  row: Int32Array;
  file: Uint16Array;
  offset: Float64Array;
  length: Uint32Array;
  part: Uint32Array;
}

export class OutputBuilder {
  readonly #rows: number[] = [];
  readonly #places: Place[] = [];

  get count(): number {
    return this.#rows.length;
  }

  add(row: number, place: Place): void {
    this.#rows.push(row);
    this.#places.push({ ...place });
  }

  /** Null where no session has several outputs. */
  outputs(): FurtherOutputs | null {
    if (this.#rows.length === 0) return null;
    const order = this.#rows.map((_, at) => at).sort((a, b) => this.#rows[a] - this.#rows[b] || a - b);
    const column = <T>(
      type: { from: (values: number[], pick: (at: number) => number) => T },
      name: keyof Place,
    ) => type.from(order, (at) => this.#places[at][name]);
    return {
      row: Int32Array.from(order, (at) => this.#rows[at]),
      file: column(Uint16Array, 'file'),
      offset: column(Float64Array, 'offset'),
      length: column(Uint32Array, 'length'),
      part: column(Uint32Array, 'part'),
    };
  }
}

/** The first further output of a row or of those after it. */
export function firstOutput({ row: rows }: FurtherOutputs, row: number): number {
  let low = 0;
  for (let high = rows.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A response, whatever it was written in. */
export interface Whole {
  /** The fields of the row; of a session those of the last output, whose reward counts. */
  fields: Fields;
  prompt: string;
  response: string;
}

/**
 * What the rows of one response are together: the prompt that it began with, and everything that was written.
 * @param outputs its rows in any order
 */
export function wholeResponse(outputs: readonly Fields[], mapping: Mapping): Whole {
  const text = (fields: Fields, name: string | null) => (name === null ? '' : textOf(fieldOf(fields, name)));
  const ordered = outputs.length === 1 ? outputs : byNumber(outputs, mapping);
  return {
    fields: ordered[ordered.length - 1],
    prompt: text(ordered[0], mapping.prompt),
    response: ordered.map((fields) => text(fields, mapping.response)).join('\n'),
  };
}

function byNumber(outputs: readonly Fields[], { group }: Mapping): Fields[] {
  if (group.by !== 'verl-uid') return [...outputs];
  const number = (fields: Fields) => parseUid(textOf(fieldOf(fields, group.column)))?.output ?? 0;
  return [...outputs].sort((a, b) => number(a) - number(b));
}

type Write = (row: number, outputs: readonly Fields[], mapping: Mapping) => void;

interface Session {
  row: number;
  outputs: Fields[];
  mapping: Mapping;
  missing: number;
}

/** Writes rows in their order, each when all outputs of its session have been read: those mostly follow each other. */
export class SessionReader {
  readonly #further: FurtherOutputs | null;
  readonly #write: Write;
  /** Numbers of further outputs by file and place. */
  readonly #places = new Map<string, number[]>();
  readonly #counts = new Map<number, number>();
  readonly #open = new Map<number, Session>();
  #waiting: Session[] = [];

  constructor(further: FurtherOutputs | null, write: Write) {
    this.#further = further;
    this.#write = write;
    for (let at = 0; at < (further?.row.length ?? 0); at++) {
      const { row, file, offset } = further!;
      const place = `${file[at]} ${offset[at]}`;
      const known = this.#places.get(place);
      if (known) known.push(at);
      else this.#places.set(place, [at]);
      this.#counts.set(row[at], (this.#counts.get(row[at]) ?? 0) + 1);
    }
  }

  begin(row: number, fields: Fields, mapping: Mapping): void {
    const session = { row, outputs: [fields], mapping, missing: this.#counts.get(row) ?? 0 };
    if (session.missing > 0) this.#open.set(row, session);
    this.#waiting.push(session);
    this.#flush();
  }

  /** Takes the further outputs that a record holds. */
  goOn(file: number, offset: number, rows: () => RecordRows): void {
    if (this.#open.size === 0) return;
    for (const at of this.#places.get(`${file} ${offset}`) ?? []) {
      const { row, part } = this.#further!;
      const session = this.#open.get(row[at]);
      const fields = session && rowOfRecord(rows(), part[at]);
      if (!session || !fields) continue;
      session.outputs.push(fields);
      session.missing--;
      if (session.missing === 0) this.#open.delete(row[at]);
    }
    this.#flush();
  }

  end(): void {
    for (const session of this.#waiting) session.missing = 0;
    this.#flush();
  }

  #flush(): void {
    let done = 0;
    for (; done < this.#waiting.length && this.#waiting[done].missing === 0; done++) {
      const { row, outputs, mapping } = this.#waiting[done];
      this.#write(row, outputs, mapping);
    }
    if (done > 0) this.#waiting = this.#waiting.slice(done);
  }
}
