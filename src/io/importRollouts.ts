/**
 * Rollout files of any trainer to columns. Files are read as a stream: memory holds the columns and one chunk. A bad
 * row is dropped with a reason and its line; a good row is never lost to a bad neighbour.
 */
import { RewardExpressionError } from '../core/analysis/rewardExpression.ts';
import { ColumnBuilder, type DropReason, type ImportedColumns, type Reading } from './columns.ts';
import { canGroup, type FilesAre, groupColumn } from './grouping/grouping.ts';
import { groupWarnings } from './grouping/groupWarnings.ts';
import { type GroupQuestion, type QuestionKind, questionsOf } from './grouping/question.ts';
import { stepOfPath } from './grouping/steps.ts';
import { ImportError } from './importError.ts';
import { type Inspection, inspect, type NamedBlob } from './inspect.ts';
import { inTerminal } from './judging/columnQuestion.ts';
import { truthWarnings, warningsOf } from './judging/warnings.ts';
import type { Format, Mapping } from './mapping/mapping.ts';
import { openParquet, readParquet } from './parquet/parquet.ts';
import { rewardReader } from './reward.ts';
import { type Layout, lineOf, longestOf, recordsOf, rowsOfRecord } from './rows/layout.ts';
import type { Place } from './rows/place.ts';
import { readRecords } from './rows/records.ts';
import type { FurtherOutputs } from './sessions.ts';
import { batchFolders, trainedReader, trainedWarnings } from './trained.ts';
import { type Fields, parseObject } from './values.ts';

export interface ImportProgress {
  bytes: number;
  totalBytes: number;
  rows: number;
  dropped: number;
}

/** One file, and how it was read: enough to find any of its rows again. */
export interface ReadFile extends Layout {
  name: string;
  format: Format;
  mapping: Mapping;
  /** Rows that were taken. */
  rows: number;
}

export interface ImportedRollouts {
  files: ReadFile[];
  columns: ImportedColumns;
  /** Where the further outputs of sessions lie; null where every response is one row. */
  outputs: FurtherOutputs | null;
  dropped: DropReason[];
  /** What a person should know before trusting the numbers. */
  warnings: string[];
  /** What the groups leave open, the weightiest first. */
  questions: GroupQuestion[];
}

export interface ImportOptions {
  /** How to read each file, by position; files without one are read as detected. */
  mappings?: readonly (Mapping | undefined)[];
  /** What files are to each other; found out where nobody says. */
  files?: FilesAre;
  /** What somebody has answered about the groups: it is not asked again. */
  settled?: readonly QuestionKind[];
  signal?: AbortSignal;
  onProgress?: (progress: ImportProgress) => void;
  /** Called with the rows so far, early and then ever more rarely, so that something can be drawn. */
  onPartial?: (columns: ImportedColumns) => void;
  /** Milliseconds between looks at the rows so far; doubles each time. */
  partialEvery?: number;
  /** Bytes read at a time. */
  chunk?: number;
}

/**
 * Reads rollouts from one file or several.
 * @throws ImportError when a file cannot be read at all, needs a mapping, or the import is cancelled
 */
export async function importRollouts(
  files: readonly NamedBlob[],
  options: ImportOptions = {},
): Promise<ImportedRollouts> {
  const builder = new ColumnBuilder(options.files ?? null, files.length > 1);
  const batches = batchFolders(files.map(pathOf));
  const read: ImportedRollouts['files'] = [];
  const notes = new Set<string>();
  const totalBytes = files.reduce((sum, { blob }) => sum + blob.size, 0);
  let bytesBefore = 0;
  let partialEvery = options.partialEvery ?? 1000;
  let lastPartial = Date.now();
  const progress = (bytes: number) => {
    options.onProgress?.({
      bytes: bytesBefore + bytes,
      totalBytes,
      rows: builder.rows,
      dropped: builder.droppedCount,
    });
    if (options.onPartial && builder.rows > 0 && Date.now() - lastPartial >= partialEvery) {
      options.onPartial(builder.columns());
      partialEvery *= 2;
      lastPartial = Date.now();
    }
  };
  for (const [number, file] of files.entries()) {
    const inspection = await inspect(file);
    const said = options.mappings?.[number];
    const [question] = inspection.questions;
    if (said === undefined && question !== undefined)
      throw new ImportError('columns', inTerminal(file.name, question));
    const mapping = said ?? inspection.mapping;
    if (mapping === null) {
      const names = inspection.columns.map((column) => column.name).join(', ');
      throw new ImportError(
        'columns',
        `Which column of ${file.name} is the reward? Its columns are ${names}.`,
      );
    }
    if (!canGroup(mapping)) {
      const names = inspection.columns.map((column) => column.name).join(', ');
      throw new ImportError(
        'columns',
        `Which column of ${file.name} tells prompts apart? Its columns are ${names}.`,
      );
    }
    if (mapping.score === null) for (const note of inspection.notes) notes.add(note);
    const before = builder.rows;
    const names = inspection.columns.map(({ name }) => name);
    const reward = rewardOrError(file.name, mapping.reward, names, inspection.format);
    const path = pathOf(file);
    const named = stepOfPath(path);
    const says = trainedReader(inspection.format, path, batches);
    const looked = mapping.filterOn
      ? rewardOrError(file.name, mapping.filterOn, names, inspection.format)
      : null;
    const filterOn = looked?.read ?? null;
    const reading = { mapping, reward: reward.read, filterOn, named, trained: says };
    const rewardColumns = [...reward.columns, ...(looked?.columns ?? [])];
    const source = { file, number, inspection, reading, rewardColumns };
    if (inspection.kind === 'parquet') await readTable(builder, source, options, progress);
    else await readText(builder, source, options, progress);
    bytesBefore += file.blob.size;
    const { kind, format, separator, header, decimalComma, shape, document } = inspection;
    const rows = builder.rows - before;
    const layout = { kind, separator, header, decimalComma, shape, document };
    read.push({ name: file.name, format, mapping, rows, ...layout });
  }
  const columns = builder.columns();
  const { group, files: filesAre, shared } = builder.grouper.settleFiles(columns);
  const settled = { ...columns, group };
  return {
    files: read,
    columns: settled,
    outputs: builder.outputs.outputs(),
    dropped: builder.dropped,
    warnings: [
      ...groupWarnings(settled, builder, read),
      ...trainedWarnings(settled.trained, group),
      ...notes,
      ...warningsOf(settled, formatsOf(read)),
    ],
    questions: questionsOf(
      {
        columns: settled,
        grouper: builder.grouper,
        mappings: read.map(({ mapping }) => mapping),
        filesAre,
        shared,
      },
      options.settled ?? [],
    ),
  };
}

const pathOf = ({ path, name }: NamedBlob) => path ?? name;

const formatsOf = (files: readonly ReadFile[]) => files.map(({ format }) => format);

/** The same rollouts with another true score; NaN where it is unknown. */
export function withScore(imported: ImportedRollouts, score: Float32Array): ImportedRollouts {
  const columns = { ...imported.columns, score };
  const old = truthWarnings(imported.columns);
  const others = imported.warnings.filter((warning) => !old.includes(warning));
  return { ...imported, columns, warnings: [...truthWarnings(columns), ...others] };
}

interface Source {
  file: NamedBlob;
  number: number;
  inspection: Inspection;
  reading: Reading;
  rewardColumns: readonly string[];
}

function rewardOrError(file: string, ...[expression, columns, format]: Parameters<typeof rewardReader>) {
  try {
    return rewardReader(expression, columns, format);
  } catch (cause) {
    if (!(cause instanceof RewardExpressionError)) throw cause;
    throw new ImportError('columns', `${file}: ${cause.message}`);
  }
}

async function readText(
  builder: ColumnBuilder,
  { file, number, inspection, reading }: Source,
  { signal, chunk }: ImportOptions,
  progress: (bytes: number) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const longest = longestOf(inspection);
  let isHeader = inspection.header !== null;
  const take = (row: Fields | string, place: Place) => {
    if (typeof row === 'string') builder.drop(row, place);
    else builder.add(row, reading, place);
  };
  const records = readRecords(file.blob, { ...recordsOf(inspection), signal, chunk, onProgress: progress });
  for await (const chunk of records) {
    for (const { bytes, offset, line, tooLong, last } of chunk) {
      const place = { file: number, offset, part: 0, length: bytes.length, line };
      if (tooLong) {
        builder.drop(`longer than ${longest / 2 ** 20} MB`, place);
        continue;
      }
      if (isHeader) {
        isHeader = false;
        continue;
      }
      const text = decoder.decode(bytes);
      const rows = rowsOfRecord(text, inspection);
      if (Array.isArray(rows)) {
        rows.forEach((row, part) => {
          place.part = part;
          place.line = lineOf(inspection, line, part);
          take(row, place);
        });
      } else if (typeof rows === 'string') {
        const isCut = last && inspection.kind === 'jsonl' && typeof parseObject(text) === 'string';
        take(isCut ? `${rows} (the file ends here: it may be cut off)` : rows, place);
      } else take(rows as Fields, place);
    }
  }
}

async function readTable(
  builder: ColumnBuilder,
  { file, number, reading, rewardColumns }: Source,
  { signal }: ImportOptions,
  progress: (bytes: number) => void,
): Promise<void> {
  const table = await openParquet(file.blob);
  const { score, group, prompt, response, step, runs, sample } = reading.mapping;
  const { column = null, identity = null } = reading.trained ?? {};
  const roles = [score, groupColumn(group), prompt, response, step, sample, ...runs];
  const named = [...rewardColumns, ...roles, column, identity];
  const wanted = named.filter((name) => name !== null);
  try {
    for await (const { rows, first } of readParquet(table, wanted)) {
      if (signal?.aborted) throw new ImportError('cancelled', 'The import was cancelled.');
      rows.forEach((fields, i) => {
        const at = first + i;
        const place = { file: number, offset: at, part: 0, length: 1, line: at + 1 };
        builder.add(fields, reading, place);
      });
      progress(Math.round((file.blob.size * (first + rows.length)) / table.rows));
    }
  } catch (cause) {
    // A damaged row group costs what follows it, not what was read before.
    const partial = cause instanceof ImportError && cause.code === 'parquet' && builder.rows > 0;
    if (!partial) throw cause;
    builder.drop(cause.message, { file: number, line: builder.rows + 1 });
  }
}
