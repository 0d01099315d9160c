/**
 * What the trainer itself left out, where its files say so: in a column, or by a second file with what it trained on.
 */
import type { Format } from './mapping/mapping.ts';
import { type Fields, fieldOf, numberOf } from './values.ts';

/** Whether a trainer learned from a row. */
export const trained = { unknown: 0, yes: 1, no: 2 } as const;
export type Trained = (typeof trained)[keyof typeof trained];

/** prime-rl writes each episode of a step to `all`, and to `effective` once more those that it trains on. */
export function subsetOf(path: string): { folder: string; name: 'all' | 'effective' } | null {
  const parts = /^(.*)[/\\](all|effective)[/\\][^/\\]+$/.exec(path);
  return parts && { folder: parts[1], name: parts[2] as 'all' | 'effective' };
}

/** The folders whose batch that trains is among the files. */
export const batchFolders = (paths: readonly string[]): ReadonlySet<string> =>
  new Set(paths.map(subsetOf).flatMap((subset) => (subset?.name === 'effective' ? [subset.folder] : [])));

export interface TrainedReader {
  of: (fields: Fields) => Trained;
  /** The column that tells it; null where the file as a whole does. */
  column: string | null;
  /** The column that tells rows apart that stand in two files; null where none does. */
  identity: string | null;
}

const bySign = (column: string, sign: 'kept' | 'removed'): TrainedReader => ({
  column,
  identity: null,
  of(fields) {
    const value = numberOf(fieldOf(fields, column));
    if (value === null || Number.isNaN(value)) return trained.unknown;
    return (value !== 0) === (sign === 'kept') ? trained.yes : trained.no;
  },
});

/** Null where a file does not say what was trained on. @param batches `batchFolders` of all files */
export function trainedReader(
  format: Format,
  path: string,
  batches: ReadonlySet<string>,
): TrainedReader | null {
  switch (format) {
    case 'pfrollout/1':
      return bySign('kept', 'kept');
    case 'slime':
      return bySign('remove_sample', 'removed');
    case 'nemo-rl':
      return bySign('sample_loss_mask', 'kept');
    case 'verifiers': {
      const subset = subsetOf(path);
      if (subset === null) return null;
      const left = batches.has(subset.folder) ? trained.no : trained.unknown;
      const state = subset.name === 'effective' ? trained.yes : left;
      return { of: () => state, column: null, identity: 'trace' };
    }
    default:
      return null;
  }
}

/** What the trainer left out, in a sentence; none where the files do not say, or it left out nothing. */
export function trainedWarnings(states: Uint8Array | null, group: Int32Array): string[] {
  const left = states?.reduce((sum, state) => sum + (state === trained.no ? 1 : 0), 0) ?? 0;
  if (states === null || left === 0) return [];
  const touched = new Set<number>();
  const known = new Set<number>();
  states.forEach((state, row) => {
    if (state !== trained.unknown) known.add(group[row]);
    if (state === trained.yes) touched.add(group[row]);
  });
  const whole = known.size - touched.size;
  const count = (n: number) => n.toLocaleString('en');
  const groups = whole === 0 ? '' : `, ${count(whole)} of ${count(known.size)} groups whole`;
  return [`The trainer itself left out ${count(left)} of ${count(states.length)} responses${groups}.`];
}
