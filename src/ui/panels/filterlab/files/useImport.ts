/** The page's end of the import worker: files in, a look at them, progress, columns. */
import { startTransition, useEffect, useRef, useState } from 'react';
import type { Form } from '../../../../io/files/forms.ts';
import type { FilesAre } from '../../../../io/grouping/grouping.ts';
import type { GroupChange, QuestionKind } from '../../../../io/grouping/question.ts';
import type { ImportedRollouts, ImportProgress } from '../../../../io/importRollouts.ts';
import type { NamedBlob } from '../../../../io/inspect.ts';
import type { ProblemMatch, ProblemName } from '../../../../io/judging/matchProblems.ts';
import type { Mapping } from '../../../../io/mapping/mapping.ts';
import type { Texts } from '../../../../io/rows/readRows.ts';
import type {
  GroupSizes,
  ImportCommand,
  ImportEvent,
  ImportFailure,
} from '../../../../lab/rollouts/files/importProtocol.ts';
import type { ReadResponses } from '../../../../lab/rollouts/shownResponses.ts';

/** What to read, and how. */
export interface ReadPlan {
  files: readonly NamedBlob[];
  /** One per file. */
  mappings: readonly Mapping[];
  /** What the files are to each other, where somebody said so. */
  filesAre?: FilesAre;
  /** What somebody has answered about the groups. */
  settled?: readonly QuestionKind[];
  /** Sentences about files that were left out. */
  leftOut: readonly string[];
}

export type ImportState =
  | { kind: 'empty'; failures: readonly ImportFailure[] }
  | { kind: 'looking'; files: readonly NamedBlob[] }
  | {
      kind: 'mapping';
      files: readonly NamedBlob[];
      forms: readonly Form[];
      /** Numbers of the files that are left out. */
      left: readonly number[];
      /** Files that cannot be used, and why. The others can. */
      failures: readonly ImportFailure[];
    }
  | {
      kind: 'reading';
      plan: ReadPlan;
      progress: ImportProgress | null;
      /** The rows so far. */
      partial: ReadResponses | null;
    }
  | {
      kind: 'done';
      plan: ReadPlan;
      result: ImportedRollouts;
      sizes: GroupSizes;
      read: ReadResponses;
    };

type Imported = ImportEvent & { type: 'imported' };

export interface ImportControl {
  state: ImportState;
  open: (files: readonly NamedBlob[]) => void;
  /** @param forms as they were filled in, to come back to; `left` are the files that are left out */
  read: (plan: ReadPlan, forms: readonly Form[], left: readonly number[]) => void;
  /** Reads again with what somebody said about the groups. */
  settle: (kind: QuestionKind, change: GroupChange) => void;
  /** From what was read back to the mapping step. */
  back: () => void;
  /** Back to the mapping step, or to nothing. */
  cancel: () => void;
  close: () => void;
  /** The kept rows as a file of their own. */
  exportKept: (kept: Int32Array, format: 'jsonl' | 'csv', tieSeed: number) => Promise<Blob>;
  /** Which problem each row that was read answers. Rejects when cancelled. */
  match: (problems: readonly ProblemName[]) => Promise<ProblemMatch>;
  /** The texts of the rows `from` to `to` (exclusive). */
  texts: (from: number, to: number) => Promise<Texts[]>;
  /** Gives the rows that were read a true score, NaN where it is unknown. */
  setScore: (score: Float32Array) => Promise<void>;
}

const done = (plan: ReadPlan, { result, sample, sizes, copy }: Imported): ImportState => ({
  kind: 'done',
  plan,
  result,
  sizes,
  read: { columns: result.columns, sample, copy },
});
const empty: ImportState = { kind: 'empty', failures: [] };
/** A command that expects an answer, before it has its number. */
type Question =
  Exclude<ImportCommand, { type: 'cancel' }> extends infer C
    ? C extends { request: number }
      ? Omit<C, 'request'>
      : never
    : never;

export function useImport(): ImportControl {
  const [state, setState] = useState<ImportState>(empty);
  const worker = useRef<Worker | null>(null);
  const current = useRef({ request: 0, mapping: null as ImportState | null });
  const asked = useRef(
    new Map<number, { resolve: (event: ImportEvent) => void; reject: (error: Error) => void }>(),
  );

  useEffect(() => () => worker.current?.terminate(), []);

  const receive = ({ data }: MessageEvent<ImportEvent>) => {
    const pending = asked.current.get(data.request);
    if (pending) {
      asked.current.delete(data.request);
      if (data.type === 'failed') pending.reject(new Error(data.failure.message));
      else pending.resolve(data);
      return;
    }
    if (data.request !== current.current.request) return;
    const update = () => setState((state) => next(state, data));
    // Rows bring every figure with them, which are drawn one after the other, not all in one breath.
    if (data.type === 'partial' || data.type === 'imported') startTransition(update);
    else update();
  };
  const next = (state: ImportState, event: ImportEvent): ImportState => {
    switch (event.type) {
      case 'inspected': {
        if (state.kind !== 'looking') return state;
        const { files, forms, failures } = event;
        if (forms.length === 0) return { kind: 'empty', failures };
        const left = forms.flatMap((form) => (form.strange === null ? [] : form.files));
        const mapping: ImportState = { kind: 'mapping', files, forms, left, failures };
        current.current.mapping = mapping;
        return mapping;
      }
      case 'progress':
        return state.kind === 'reading' ? { ...state, progress: event.progress } : state;
      case 'partial':
        return state.kind === 'reading'
          ? { ...state, partial: { columns: event.columns, sample: event.sample, copy: event.copy } }
          : state;
      case 'imported':
        return state.kind === 'reading' ? done(state.plan, event) : state;
      case 'failed':
        if (event.failure.code === 'cancelled') return current.current.mapping ?? empty;
        return { kind: 'empty', failures: [event.failure] };
      default:
        return state;
    }
  };

  const ask = (question: Question): number => {
    if (!worker.current) {
      worker.current = new Worker(new URL('../../../../../workers/import.ts', import.meta.url), {
        type: 'module',
      });
      worker.current.onmessage = receive;
      worker.current.onerror = () =>
        setState({
          kind: 'empty',
          failures: [
            {
              name: '',
              code: 'internal',
              message: 'The import worker could not be started. Reload the page.',
            },
          ],
        });
    }
    const request = ++current.current.request;
    worker.current.postMessage({ ...question, request });
    return request;
  };

  /** One question with one answer, beside what the page shows. */
  const answer = <T extends ImportEvent['type']>(question: Question, type: T) => {
    // A question about what was read must not take the place of the import whose answer the page shows.
    const shown = current.current.request;
    return new Promise<ImportEvent & { type: T }>((resolve, reject) => {
      const request = ask(question);
      asked.current.set(request, {
        resolve: (event) =>
          event.type === type
            ? resolve(event as ImportEvent & { type: T })
            : reject(new Error(`The import worker answered ${event.type}, not ${type}.`)),
        reject,
      });
      if (state.kind !== 'done') current.current.request = shown;
    });
  };

  const start = (plan: ReadPlan) => {
    setState({ kind: 'reading', plan, progress: null, partial: null });
    const { files, mappings, filesAre, settled } = plan;
    ask({ type: 'import', files: [...files], mappings: [...mappings], filesAre, settled });
  };

  return {
    state,
    open(files) {
      if (files.length === 0) return;
      setState({ kind: 'looking', files });
      ask({ type: 'inspect', files: [...files] });
    },
    read(plan, forms, left) {
      if (state.kind !== 'mapping') return;
      current.current.mapping = { ...state, forms, left };
      start(plan);
    },
    settle(kind, { files, ...roles }) {
      if (state.kind !== 'done') return;
      const { result } = state;
      const plan = { ...state.plan, settled: [...(state.plan.settled ?? []), kind] };
      if (files === undefined && Object.keys(roles).length === 0) {
        const questions = result.questions.filter((question) => question.kind !== kind);
        setState({ ...state, plan, result: { ...result, questions } });
        return;
      }
      const mappings = plan.mappings.map((mapping) => ({ ...mapping, ...roles }));
      start({ ...plan, mappings, filesAre: files ?? plan.filesAre });
    },
    back() {
      setState(current.current.mapping ?? empty);
    },
    cancel() {
      worker.current?.postMessage({ type: 'cancel' } satisfies ImportCommand);
    },
    close() {
      worker.current?.terminate();
      worker.current = null;
      for (const { reject } of asked.current.values()) reject(new Error('The files were closed.'));
      asked.current.clear();
      current.current = { request: current.current.request + 1, mapping: null };
      setState(empty);
    },
    exportKept: async (kept, format, tieSeed) =>
      (await answer({ type: 'export', kept, format, tieSeed }, 'exported')).blob,
    match: async (problems) => (await answer({ type: 'match', problems: [...problems] }, 'matched')).match,
    texts: async (from, to) => (await answer({ type: 'texts', from, to }, 'texts')).texts,
    async setScore(score) {
      const event = await answer({ type: 'score', score }, 'imported');
      setState((state) => (state.kind === 'done' ? done(state.plan, event) : state));
    },
  };
}
