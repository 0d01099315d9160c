/** Where a file says which training step its rows are of: in a column of many names, else in its own name or folder. */

/** Stands in a mapping for a column when the step is in the file's name. */
export const stepInName = '(in the file name)';

/** Names of columns that hold a step, the surest first. */
const stepNames: readonly RegExp[] = [
  /^(global|train|training)_?steps?$/i,
  /^(step|gen_?step|rollout_?step)$/i,
  /^(it|iter|iteration|train_?iter(ation)?|update|update_?step|round)$/i,
  /^(rollout_?id|version|(model|policy|weight|weights|tail|sampler)_?version|sampling_client_step|epoch)$/i,
];

/** So many of them are believed whatever their values. */
const surest = 2;

/**
 * The column that holds the step.
 * @param fits whether the values of a column are like steps, which the surest names need not be
 */
export function stepColumn(numeric: readonly string[], fits: (name: string) => boolean): string | null {
  for (const [i, pattern] of stepNames.entries()) {
    const found = numeric.find((name) => pattern.test(name) && (i < surest || fits(name)));
    if (found !== undefined) return found;
  }
  return null;
}

const words = [
  'step',
  'globalstep',
  'iteration',
  'iter',
  'it',
  'rollout',
  'version',
  'update',
  'round',
  'epoch',
];
const marked = words.map((word) => new RegExp(`(?<![a-z])${word}[-_=. ]?(\\d+)(?![\\d.]*\\d)`, 'gi'));

/**
 * The step that the name or a folder of a file says: `iter_3.jsonl`, `train_data_step3.jsonl`, `step_12/all.jsonl`,
 * `20.jsonl`. A number that nothing marks as a step (`part-00001`, `rollouts_000002`) is none.
 * @param path the name, with folders where they are known
 */
export function stepOfPath(path: string): number | null {
  const parts = path.split(/[/\\]/);
  const file = parts.pop() ?? '';
  const stem = file.replace(/(\.[a-z]\w*)+$/i, '');
  for (const part of [stem, ...parts.reverse()]) {
    for (const pattern of marked) {
      const found = [...part.matchAll(pattern)].at(-1);
      if (found) return Number(found[1]);
    }
  }
  return /^\d+$/.test(stem) ? Number(stem) : null;
}
