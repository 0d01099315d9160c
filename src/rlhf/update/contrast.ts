/**
 * What the updates share that learn from comparisons: of what the filter kept, the rows to one prompt are one example,
 * best first. Which rows are compared is so the filter's choice: two extremes, two that differ in their words, or all.
 */
import { rowsByGroup } from '../../core/groups.ts';
import type { tf as tensors } from '../../nn/tensors/tf.ts';
import type { Conflict } from '../catalogue/method.ts';
import type { Metrics } from '../catalogue/metricText.ts';
import type { ArmSettings } from '../catalogue/settings.ts';
import type { Scored } from '../loop/responses.ts';
import type { Examples, Minibatch, Nn } from '../slots.ts';
import { needsGroups } from './gradient/groups.ts';

export const contrastMetrics = {
  comparisons: {
    group: 'update',
    label: 'Pairs learned from',
    unit: 'pairs',
    digits: 0,
    what: 'Pairs of kept responses to one prompt whose rewards differ.',
    formula: 'Σ over prompts of [r_i > r_j]',
  },
  flatPrompts: {
    group: 'update',
    label: 'Prompts without contrast',
    unit: '',
    digits: 3,
    what: 'Share of prompts of which nothing was kept that is better than something else: they teach nothing.',
    formula: 'mean over prompts of [no r_i > r_j among the kept]',
  },
} as const satisfies Metrics;

/** The kept rows of each prompt, every row once, best first; prompts without contrast are left out. */
export function contrasts(
  { standardised: reward, group }: Scored,
  kept: Int32Array,
): { rows: number[][]; metrics: Record<keyof typeof contrastMetrics, number> } {
  const through = new Set(kept);
  const groups = rowsByGroup(group).map((members) => members.filter((row) => through.has(row)));
  const rows: number[][] = [];
  let comparisons = 0;
  for (const members of groups) {
    let pairs = 0;
    for (const i of members) for (const j of members) if (reward[i] > reward[j]) pairs++;
    if (pairs === 0) continue;
    comparisons += pairs;
    rows.push(members.sort((i, j) => reward[j] - reward[i] || i - j));
  }
  return { rows, metrics: { comparisons, flatPrompts: 1 - rows.length / groups.length } };
}

/** Examples of comparisons. The reference's word is handed on only to a method that compares with it. */
export function contrastExamples(scored: Scored, kept: Int32Array, compares: boolean): Examples {
  const { rows, metrics } = contrasts(scored, kept);
  return {
    rows,
    perToken: compares ? { refLogProb: scored.refLogProb } : {},
    perRow: { reward: scored.standardised },
    metrics,
  };
}

/** A comparison needs two kept responses to a prompt. */
export const needsContrast =
  (label: string) =>
  (knobs: unknown, settings: ArmSettings): Conflict[] => {
    const why = `${label} compares kept responses to one prompt`;
    const conflicts = needsGroups(label)(knobs, settings);
    const { filter } = settings;
    if (filter.method === 'bon') {
      conflicts.push({
        path: 'filter',
        message: `filter must not be bon where ${why}: it keeps one.`,
        repair: { filter: 'bw' },
      });
    } else if (typeof filter.keep === 'number' && filter.keep < 2) {
      conflicts.push({
        path: 'filter.keep',
        message: `keep must be 2 or more where ${why}, and is ${filter.keep}.`,
        repair: { 'filter.keep': 2 },
      });
    }
    return conflicts;
  };

type Column = Minibatch['now'];
type Matrix = tensors.Tensor2D;

/** Sums over the rows of a minibatch, and moves between its rows and its pairs. B rows. */
export interface Comparison {
  /** [B] log π of whole responses. */
  sum: Column;
  /** [B] how many tokens each has. */
  count: Column;
  /** [B] log π per token. */
  perToken: Column;
  /** [B] log π_ref of whole responses, for a method that compares with the reference. */
  reference: Column;
  /** [B] log π/π_ref of whole responses. */
  ratio: Column;
  /** [B,1] and [1,B]: x of the better and of the worse response of each pair. */
  better(x: Column): Matrix;
  worse(x: Column): Matrix;
  /** [B,B] x of the better minus x of the worse response. */
  margin(x: Column): Matrix;
  /** Mean over the pairs. */
  mean(x: Matrix): tensors.Scalar;
  /** Sum over the pairs. */
  total(x: Matrix): tensors.Scalar;
  /** [B,B] 1 where row i is better than row j and both answer the same prompt. */
  pairs: Matrix;
  /** [B,B] 1 where two rows answer the same prompt. */
  together: Matrix;
  /** How many prompts the minibatch has. */
  prompts: number;
}

/** The rows of a minibatch side by side. Every pair of an example is seen at once, each row computed once. */
export function compare(nn: Nn, { batch, now, old, row, sizes }: Minibatch): Comparison {
  const { tf, completionSums, actionCounts } = nn;
  const sum = completionSums(now, batch.host);
  const count = actionCounts(batch.host);
  const B = batch.host.actionStarts.length - 1;
  const down = (x: Column) => tf.reshape(x, [B, 1]) as Matrix;
  const across = (x: Column) => tf.reshape(x, [1, B]) as Matrix;
  const together = togetherIn(nn, sizes, B);
  const better = tf.cast(tf.greater(down(row.reward), across(row.reward)), 'float32');
  const pairs = tf.mul(better, together) as Matrix;
  const total = (x: Matrix) => tf.sum(tf.mul(x, pairs)) as tensors.Scalar;
  const reference = () => completionSums(old.refLogProb, batch.host);
  return {
    sum,
    count,
    perToken: tf.div(sum, count),
    get reference() {
      return reference();
    },
    get ratio() {
      return tf.sub(sum, reference()) as Column;
    },
    better: down,
    worse: across,
    margin: (x) => tf.sub(down(x), across(x)),
    total,
    mean: (x) => tf.div(total(x), tf.maximum(tf.sum(pairs), 1)),
    pairs,
    together,
    prompts: sizes.length,
  };
}

function togetherIn({ tf }: Nn, sizes: readonly number[], B: number): Matrix {
  const together = new Float32Array(B * B);
  let from = 0;
  for (const size of sizes) {
    for (let i = from; i < from + size; i++) together.fill(1, i * B + from, i * B + from + size);
    from += size;
  }
  return tf.reshape(tf.tensor1d(together), [B, B]) as Matrix;
}
