/** What the page and the import worker say to each other: files in, columns out, rows and exports on demand. */
import type { ImportedColumns } from '../../../io/columns.ts';
import type { Form } from '../../../io/files/forms.ts';
import type { FilesAre } from '../../../io/grouping/grouping.ts';
import type { QuestionKind } from '../../../io/grouping/question.ts';
import type { ImportErrorCode } from '../../../io/importError.ts';
import type { ImportedRollouts, ImportProgress } from '../../../io/importRollouts.ts';
import type { NamedBlob } from '../../../io/inspect.ts';
import type { ProblemMatch, ProblemName } from '../../../io/judging/matchProblems.ts';
import type { Mapping } from '../../../io/mapping/mapping.ts';
import type { Texts } from '../../../io/rows/readRows.ts';
import type { AnalystLoad } from '../analysis/analyst.ts';
import type { DragSample } from '../edit/dragSample.ts';

export type ImportCommand =
  /** A look at the beginning of each file, for the mapping step. */
  | { type: 'inspect'; request: number; files: NamedBlob[] }
  /** Reads the files; the worker remembers the result for `texts` and `export`. Ends a running import. */
  | {
      type: 'import';
      request: number;
      files: NamedBlob[];
      mappings: (Mapping | undefined)[];
      /** What the files are to each other, and what else somebody has answered about the groups. */
      filesAre?: FilesAre;
      settled?: readonly QuestionKind[];
    }
  /** Ends the running import or export. */
  | { type: 'cancel' }
  /** The kept rows of the last import as a file. `tieSeed` is the one of the selection. */
  | { type: 'export'; request: number; kept: Int32Array; format: 'jsonl' | 'csv'; tieSeed: number }
  /** Which problem each row of the last import answers. */
  | { type: 'match'; request: number; problems: ProblemName[] }
  /** What the rows `from` to `to` (exclusive) of the last import say. */
  | { type: 'texts'; request: number; from: number; to: number }
  /** Gives the last import a true score; the answer is 'imported'. */
  | { type: 'score'; request: number; score: Float32Array };

/** [size, number of groups], ascending. */
export type GroupSizes = readonly (readonly [number, number])[];

export type ImportEvent =
  /** The files as they are to be read, by their shape; numbers are places in the list. Unusable ones are failures. */
  | { type: 'inspected'; request: number; files: NamedBlob[]; forms: Form[]; failures: ImportFailure[] }
  | { type: 'progress'; request: number; progress: ImportProgress }
  /** The rows so far, early and ever more rarely. */
  | { type: 'partial'; request: number; columns: ImportedColumns; sample: DragSample; copy: AnalystLoad }
  | {
      type: 'imported';
      request: number;
      result: ImportedRollouts;
      sample: DragSample;
      sizes: GroupSizes;
      copy: AnalystLoad;
    }
  | { type: 'exported'; request: number; blob: Blob }
  | { type: 'matched'; request: number; match: ProblemMatch }
  | { type: 'texts'; request: number; texts: Texts[] }
  | { type: 'failed'; request: number; failure: ImportFailure };

/** Why a file cannot be used, in a sentence for people. */
export interface ImportFailure {
  name: string;
  code: ImportErrorCode | 'internal';
  message: string;
}
