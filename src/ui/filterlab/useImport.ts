/** The page's end of the import worker: files in, a look at them, progress, columns. */
import { useEffect, useRef, useState } from 'react';
import type { ImportedColumns } from '../../io/columns.ts';
import type { ImportedRollouts, ImportProgress } from '../../io/importRollouts.ts';
import type { Inspection, NamedBlob } from '../../io/inspect.ts';
import type { Mapping } from '../../io/mapping.ts';
import {
  type ImportCommand,
  type ImportEvent,
  type ImportFailure,
  isFailure,
} from '../../lab/importProtocol.ts';

export type ImportState =
  | { kind: 'empty'; failures: readonly ImportFailure[] }
  | { kind: 'looking'; files: readonly NamedBlob[] }
  | {
      kind: 'mapping';
      files: readonly NamedBlob[];
      inspections: readonly Inspection[];
      /** Files that cannot be used, and why. The others can. */
      failures: readonly ImportFailure[];
    }
  | {
      kind: 'reading';
      files: readonly NamedBlob[];
      progress: ImportProgress | null;
      /** The rows so far. */
      partial: ImportedColumns | null;
    }
  | { kind: 'done'; files: readonly NamedBlob[]; result: ImportedRollouts };

export interface ImportControl {
  state: ImportState;
  open: (files: readonly File[]) => void;
  read: (mappings: readonly Mapping[]) => void;
  /** Back to the mapping step, or to nothing. */
  cancel: () => void;
  close: () => void;
  /** The kept rows as a file of their own. */
  exportKept: (kept: Int32Array, format: 'jsonl' | 'csv', tieSeed: number) => Promise<Blob>;
}

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
  const exports = useRef(
    new Map<number, { resolve: (blob: Blob) => void; reject: (error: Error) => void }>(),
  );

  useEffect(() => () => worker.current?.terminate(), []);

  const receive = ({ data }: MessageEvent<ImportEvent>) => {
    const pending = exports.current.get(data.request);
    if (pending) {
      exports.current.delete(data.request);
      if (data.type === 'exported') pending.resolve(data.blob);
      else if (data.type === 'failed') pending.reject(new Error(data.failure.message));
      return;
    }
    if (data.request === current.current.request) setState((state) => next(state, data));
  };
  const next = (state: ImportState, event: ImportEvent): ImportState => {
    switch (event.type) {
      case 'inspected': {
        if (state.kind !== 'looking') return state;
        const usable: NamedBlob[] = [];
        const inspections: Inspection[] = [];
        const failures: ImportFailure[] = [];
        event.inspections.forEach((one, i) => {
          if (isFailure(one)) failures.push(one);
          else {
            usable.push(state.files[i]);
            inspections.push(one);
          }
        });
        if (usable.length === 0) return { kind: 'empty', failures };
        const mapping: ImportState = { kind: 'mapping', files: usable, inspections, failures };
        current.current.mapping = mapping;
        return mapping;
      }
      case 'progress':
        return state.kind === 'reading' ? { ...state, progress: event.progress } : state;
      case 'partial':
        return state.kind === 'reading' ? { ...state, partial: event.columns } : state;
      case 'imported':
        return state.kind === 'reading' ? { kind: 'done', files: state.files, result: event.result } : state;
      case 'failed':
        if (event.failure.code === 'cancelled') return current.current.mapping ?? empty;
        return { kind: 'empty', failures: [event.failure] };
      default:
        return state;
    }
  };

  const ask = (question: Question): number => {
    if (!worker.current) {
      worker.current = new Worker(new URL('../../../workers/import.ts', import.meta.url), { type: 'module' });
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

  return {
    state,
    open(files) {
      if (files.length === 0) return;
      const named = files.map((file) => ({ name: file.name, blob: file }));
      setState({ kind: 'looking', files: named });
      ask({ type: 'inspect', files: named });
    },
    read(mappings) {
      if (state.kind !== 'mapping') return;
      setState({ kind: 'reading', files: state.files, progress: null, partial: null });
      ask({ type: 'import', files: [...state.files], mappings: [...mappings] });
    },
    cancel() {
      worker.current?.postMessage({ type: 'cancel' } satisfies ImportCommand);
    },
    close() {
      worker.current?.terminate();
      worker.current = null;
      current.current = { request: current.current.request + 1, mapping: null };
      setState(empty);
    },
    exportKept(kept, format, tieSeed) {
      // An export must not take the place of the import whose answer the page shows.
      const shown = current.current.request;
      return new Promise((resolve, reject) => {
        const request = ask({ type: 'export', kept, format, tieSeed });
        exports.current.set(request, { resolve, reject });
        if (state.kind !== 'done') current.current.request = shown;
      });
    },
  };
}
