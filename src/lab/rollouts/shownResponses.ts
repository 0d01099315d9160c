/** Which responses the filter lab looks at: those of a run up to the moment that the page shows, or of a file. Pure. */
import type { Rollouts } from '../../core/analysis/compareFilters.ts';
import type { ImportedColumns } from '../../io/columns.ts';
import type { IterationRecord } from '../records/record.ts';
import { rowsUpTo } from '../records/rowsByIteration.ts';
import type { AnalystLoad, ResponseIds, ResponseTexts } from './analysis/analyst.ts';
import type { DragSample } from './edit/dragSample.ts';

export interface ShownResponses {
  /** Said above the figures, for example "BW, iterations 11 to 20". */
  label: string;
  /** What the file calls the column that filters look at; absent: the reward. */
  filterOn?: string;
  rollouts: Rollouts;
  texts: ResponseTexts | ResponseIds | null;
  /** [B] tokens of each response; null when unknown. */
  lengths: Int32Array | null;
  /** What a drag follows, where a worker has computed it already. */
  sample?: DragSample;
  /** A copy for the analyst that may be handed over; null once it has been. */
  copy?: { take: () => AnalystLoad | null };
}

/** Gives something away, once. */
function once<T>(value: T): { take: () => T | null } {
  let left: T | null = value;
  return {
    take() {
      const given = left;
      left = null;
      return given;
    },
  };
}

export const windows = { one: 1, ten: 10, all: Number.POSITIVE_INFINITY } as const;
export type Window = keyof typeof windows;
export const windowText: Record<Window, string> = {
  one: 'this iteration',
  ten: 'the last 10 iterations',
  all: 'all iterations so far',
};

/** The last iterations up to `upTo` (null: up to the newest). */
export function iterationsIn(
  iterations: readonly IterationRecord[],
  upTo: number | null,
  window: Window,
): readonly IterationRecord[] {
  const reached = upTo === null ? iterations : rowsUpTo(iterations, upTo);
  return window === 'all' ? reached : reached.slice(-windows[window]);
}

/** Responses of the last iterations up to `upTo` (null: up to the newest); null when there are none. */
export function responsesOfRun(
  name: string,
  iterations: readonly IterationRecord[],
  upTo: number | null,
  window: Window,
): ShownResponses | null {
  const chosen = iterationsIn(iterations, upTo, window);
  if (chosen.length === 0) return null;
  const rows = chosen.reduce((sum, { samples }) => sum + samples.reward.length, 0);
  const tokens = chosen.reduce((sum, { samples }) => sum + samples.tokens.length, 0);
  const rollouts = {
    reward: new Float32Array(rows),
    score: new Float32Array(rows),
    group: new Int32Array(rows),
    prompt: new Int32Array(rows),
    step: new Float64Array(rows),
  };
  const texts = {
    kind: 'tokens' as const,
    starts: new Int32Array(rows + 1),
    tokens: new Uint16Array(tokens),
  };
  const lengths = new Int32Array(rows);
  let row = 0;
  let token = 0;
  let group = 0;
  for (const { samples, iteration } of chosen) {
    rollouts.step.fill(iteration, row, row + samples.reward.length);
    rollouts.reward.set(samples.reward, row);
    rollouts.score.set(samples.score, row);
    rollouts.prompt.set(samples.problem, row);
    texts.tokens.set(samples.tokens, token);
    let groups = 0;
    for (let i = 0; i < samples.reward.length; i++) {
      rollouts.group[row + i] = group + samples.group[i];
      groups = Math.max(groups, samples.group[i] + 1);
      lengths[row + i] = samples.starts[i + 1] - samples.starts[i];
      texts.starts[row + i + 1] = token + samples.starts[i + 1];
    }
    row += samples.reward.length;
    token += samples.tokens.length;
    group += groups;
  }
  const [first, last] = [chosen[0].iteration, chosen[chosen.length - 1].iteration];
  const when = first === last ? `iteration ${first}` : `iterations ${first} to ${last}`;
  return { label: `${name}, ${when}`, rollouts: { ...rollouts, lengths }, texts, lengths };
}

/** What the import worker gives of the rows that it has read. */
export interface ReadResponses {
  columns: ImportedColumns;
  sample: DragSample;
  copy: AnalystLoad;
}

/** Responses of imported files. */
export function importedResponses(
  label: string,
  { columns, sample, copy }: ReadResponses,
  lookedAt: string | null = null,
): ShownResponses {
  const { reward, score, group, prompt, response, filterOn, lengths, step, trained } = columns;
  return {
    label,
    ...(filterOn && lookedAt ? { filterOn: lookedAt } : {}),
    rollouts: { reward, score, group, prompt, filterOn, lengths, step, trained },
    texts: response && { ids: response },
    lengths: null,
    sample,
    copy: once(copy),
  };
}
