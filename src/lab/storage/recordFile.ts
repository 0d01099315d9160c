/**
 * Runs as one small file: a JSON header, then binary columns, gzipped. The recorded runs that the page opens with are
 * such files, made by the headless runner. Reading checks everything, because files also come from people.
 *
 * Layout after gunzip: "FLTR", uint32 header length (little endian), header (UTF-8 JSON), zero padding to a multiple
 * of 4, columns. A column is named in the header by its byte offset in the column part and its length in items.
 * Version 2 has settings by slot and snapshots by network; version 1, with flat settings, is read for ever.
 */
import * as v from 'valibot';
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';
import { type MetricKey, metrics } from '../records/metrics.ts';
import type { EvaluationRecord, IterationRecord, RunRecord, SampleColumns } from '../records/record.ts';
import { upgradeSettings } from '../settings/legacySettings.ts';
import {
  type ColumnRef,
  type KeptHeader,
  type KeptRun,
  keptSchema,
  packKept,
  unpackKept,
} from './keptRun.ts';

/** A run in a file. Runs that were stored bring along what it takes to go on with them. */
export interface StoredRunRecord extends RunRecord {
  kept?: KeptRun;
}

/** Several runs that belong on one page: the arms of a comparison. */
export interface Recording {
  /** Id of the preset that it shows. */
  preset: string;
  /** How it was made, so that anybody can make it again. */
  command: string;
  runs: StoredRunRecord[];
}

/** A file that is not a recording, or a damaged one. The message names the place. */
export class RecordFileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(`Recorded run: ${message}`, options);
    this.name = 'RecordFileError';
  }
}

const magic = 0x52_54_4c_46; // "FLTR", little endian
/** More than any honest file unpacks to; a hostile one stops here. */
const maxBytes = 1 << 30;

const itemTypes = { u8: Uint8Array, u16: Uint16Array, i16: Int16Array, i32: Int32Array, f32: Float32Array };
type ItemType = keyof typeof itemTypes;

interface Column {
  type: ItemType;
  milli?: true;
  per: 'row' | 'token' | 'edge';
  /** Not every run has it. */
  optional?: true;
}

/** How each column of `SampleColumns` is stored. `milli` columns hold thousandths in compact files. */
const layout: Record<keyof SampleColumns, Column> = {
  problem: { type: 'i32', per: 'row' },
  group: { type: 'i32', per: 'row' },
  starts: { type: 'i32', per: 'edge' },
  tokens: { type: 'u16', per: 'token' },
  logProb: { type: 'f32', milli: true, per: 'token' },
  refLogProb: { type: 'f32', milli: true, per: 'token' },
  advantage: { type: 'f32', milli: true, per: 'token', optional: true },
  reward: { type: 'f32', per: 'row' },
  score: { type: 'f32', per: 'row' },
  status: { type: 'u8', per: 'row' },
  uses: { type: 'u16', per: 'row' },
};
const columnKeys = Object.keys(layout) as (keyof SampleColumns)[];

const metricRecord = v.record(v.string(), v.nullable(v.number()));
const columnRef = v.tuple([
  v.pipe(v.number(), v.integer(), v.minValue(0)),
  v.pipe(v.number(), v.integer(), v.minValue(0)),
]);
const headerSchema = v.object({
  format: v.picklist(['filtrate-recording/1', 'filtrate-recording/2']),
  preset: v.string(),
  command: v.string(),
  /** Log-probabilities are stored as int16 thousandths of a nat. */
  milli: v.boolean(),
  runs: v.array(
    v.object({
      format: v.literal('filtrate-run/1'),
      name: v.string(),
      seed: v.number(),
      worldSeed: v.number(),
      settings: v.record(v.string(), v.unknown()),
      backend: v.object({ name: v.string(), reason: v.string() }),
      evaluations: v.array(v.object({ iteration: v.number(), metrics: metricRecord })),
      iterations: v.array(
        v.object({ iteration: v.number(), metrics: metricRecord, samples: v.record(v.string(), columnRef) }),
      ),
      kept: v.optional(keptSchema),
    }),
  ),
});

/** Rows of the first `groups` groups only. */
function firstGroups(samples: SampleColumns, groups: number): SampleColumns {
  const kept = new Set<number>();
  let rows = 0;
  while (rows < samples.group.length) {
    kept.add(samples.group[rows]);
    if (kept.size > groups) break;
    rows++;
  }
  const tokens = samples.starts[rows];
  const length = { row: rows, token: tokens, edge: rows + 1 };
  return Object.fromEntries(
    columnKeys.map((key) => [key, samples[key]?.slice(0, length[layout[key].per])]),
  ) as unknown as SampleColumns;
}

const toMilli = (values: Float32Array) =>
  Int16Array.from(values, (value) => Math.max(-32768, Math.min(32767, Math.round(value * 1000))));

/** Through the platform's own stream coder, off this thread; refuses to grow past `maxBytes`. */
async function pump(bytes: Uint8Array<ArrayBuffer>, coder: CompressionStream | DecompressionStream) {
  const reader = new Blob([bytes]).stream().pipeThrough(coder).getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total > maxBytes) throw new RecordFileError(`it unpacks to more than ${maxBytes} bytes.`);
    parts.push(value);
  }
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * One file from several runs.
 * @param options.groups keep only the samples of the first groups of each iteration and round log-probabilities to
 *   thousandths, so that the file is small enough to open with the page; metrics stay exact. Absent: everything, exact.
 */
export async function encodeRecording(
  recording: Recording,
  options: { groups?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const milli = options.groups !== undefined;
  const columns: Uint8Array[] = [];
  let offset = 0;
  const put = (column: NonNullable<SampleColumns[keyof SampleColumns]> | Int16Array): ColumnRef => {
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    const ref: ColumnRef = [offset, column.length];
    columns.push(bytes, new Uint8Array(-bytes.length & 3));
    offset += (bytes.length + 3) & ~3;
    return ref;
  };
  const store = (samples: SampleColumns) => {
    const refs: Record<string, ColumnRef> = {};
    for (const key of columnKeys) {
      const column = samples[key];
      if (column) refs[key] = put(milli && layout[key].milli ? toMilli(column as Float32Array) : column);
    }
    return refs;
  };
  const header = {
    format: 'filtrate-recording/2',
    preset: recording.preset,
    command: recording.command,
    milli,
    runs: recording.runs.map((run) => ({
      ...run,
      iterations: run.iterations.map((row) => ({
        ...row,
        samples: store(options.groups === undefined ? row.samples : firstGroups(row.samples, options.groups)),
      })),
      ...(run.kept ? { kept: packKept(run.kept, put) } : {}),
    })),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = (8 + text.length + 3) & ~3;
  const file = new Uint8Array(start + offset);
  const view = new DataView(file.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, text.length, true);
  file.set(text, 8);
  let at = start;
  for (const bytes of columns) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return pump(file, new CompressionStream('gzip'));
}

/** What is left of logged numbers: known metrics that were measured. JSON spells a non-finite number null. */
function knownMetrics(logged: Record<string, number | null>): Partial<Record<MetricKey, number>> {
  return Object.fromEntries(
    Object.entries(logged).filter(([key, value]) => key in metrics && value !== null),
  ) as Partial<Record<MetricKey, number>>;
}

/** A column of the file, copied out of it so that it is aligned. */
function take<Type extends ItemType>(
  body: Uint8Array<ArrayBuffer>,
  [at, length]: ColumnRef,
  type: Type,
  where: string,
): InstanceType<(typeof itemTypes)[Type]> {
  const Items = itemTypes[type];
  const end = at + length * Items.BYTES_PER_ELEMENT;
  if (at % 4 !== 0 || end > body.length) {
    throw new RecordFileError(`column ${where} lies outside the file: it was cut off or altered.`);
  }
  return new Items(body.buffer.slice(body.byteOffset + at, body.byteOffset + end)) as InstanceType<
    (typeof itemTypes)[Type]
  >;
}

function samplesFrom(
  body: Uint8Array<ArrayBuffer>,
  refs: Record<string, ColumnRef>,
  milli: boolean,
  where: string,
): SampleColumns {
  const columns = {} as Record<keyof SampleColumns, ArrayLike<number>>;
  for (const key of columnKeys) {
    const ref = refs[key];
    if (!ref && layout[key].optional) continue;
    if (!ref) throw new RecordFileError(`${where} lacks the column "${key}".`);
    const packed = milli && layout[key].milli === true;
    const stored = take(body, ref, packed ? 'i16' : layout[key].type, `"${key}" of ${where}`);
    columns[key] = packed ? Float32Array.from(stored, (value) => value / 1000) : stored;
  }
  const samples = columns as unknown as SampleColumns;
  const rows = samples.problem.length;
  const expected = { row: rows, token: samples.starts.at(-1) ?? -1, edge: rows + 1 };
  for (const key of columnKeys) {
    const { length } = samples[key] ?? { length: expected[layout[key].per] };
    if (length !== expected[layout[key].per]) {
      throw new RecordFileError(
        `column "${key}" of ${where} has ${length} items where ${expected[layout[key].per]} belong.`,
      );
    }
  }
  for (let row = 0; row < rows; row++) {
    if (samples.starts[row] > samples.starts[row + 1] || samples.starts[row] < 0) {
      throw new RecordFileError(`column "starts" of ${where} is not in order at row ${row}.`);
    }
  }
  return samples;
}

function keptFrom(body: Uint8Array<ArrayBuffer>, kept: KeptHeader, where: string): KeptRun {
  try {
    return unpackKept(kept, (ref, type, what) => take(body, ref, type, what) as never, where);
  } catch (cause) {
    if (cause instanceof RecordFileError) throw cause;
    throw new RecordFileError(`${(cause as Error).message} It was altered.`, { cause });
  }
}

function settingsFrom(stored: Record<string, unknown>, name: string): ArmSettings {
  try {
    return upgradeSettings(stored);
  } catch (cause) {
    throw new RecordFileError(`run "${name}": ${(cause as Error).message}`, { cause });
  }
}

/** @throws RecordFileError when the file is not a recording, is damaged, or is of another version. */
export async function decodeRecording(bytes: Uint8Array<ArrayBuffer>): Promise<Recording> {
  let file: Uint8Array<ArrayBuffer>;
  try {
    file = await pump(bytes, new DecompressionStream('gzip'));
  } catch (cause) {
    if (cause instanceof RecordFileError) throw cause;
    throw new RecordFileError('the file is not gzip data, or was cut off.', { cause });
  }
  const view = new DataView(file.buffer);
  if (file.length < 8 || view.getUint32(0, true) !== magic) {
    throw new RecordFileError('the file does not begin with "FLTR".');
  }
  const length = view.getUint32(4, true);
  if (8 + length > file.length) throw new RecordFileError('the header is longer than the file.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + length)));
  } catch (cause) {
    throw new RecordFileError('the header is not JSON.', { cause });
  }
  const header = v.safeParse(headerSchema, parsed);
  if (!header.success) {
    const issue = header.issues[0];
    throw new RecordFileError(`header field "${v.getDotPath(issue) ?? 'format'}": ${issue.message}`);
  }
  const body = file.subarray((8 + length + 3) & ~3);
  const { preset, command, milli } = header.output;
  const runs = header.output.runs.map(({ kept, ...run }): StoredRunRecord => {
    return {
      ...run,
      settings: settingsFrom(run.settings, run.name),
      evaluations: run.evaluations.map(
        (row): EvaluationRecord => ({ iteration: row.iteration, metrics: knownMetrics(row.metrics) }),
      ),
      iterations: run.iterations.map(
        (row): IterationRecord => ({
          iteration: row.iteration,
          metrics: knownMetrics(row.metrics),
          samples: samplesFrom(body, row.samples, milli, `iteration ${row.iteration} of "${run.name}"`),
        }),
      ),
      ...(kept ? { kept: keptFrom(body, kept, `"${run.name}"`) } : {}),
    };
  });
  return { preset, command, runs };
}
