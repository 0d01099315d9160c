/** What the losses on pairs share: their examples, what they log, and what they need. A file of each says its loss. */
import type { tf as tensors } from '../../../nn/tensors/tf.ts';
import type { Knobs, NumberKnob, ValuesOf } from '../../catalogue/knobs.ts';
import type { About } from '../../catalogue/method.ts';
import type { Metrics } from '../../catalogue/metricText.ts';
import { type Minibatch, type Nn, type UpdateMethod, update } from '../../slots.ts';
import { type Comparison, compare, contrastExamples, contrastMetrics, needsContrast } from '../contrast.ts';

const pairMetrics = {
  ...contrastMetrics,
  pairAccuracy: {
    group: 'update',
    label: 'Pairs in order',
    unit: '',
    digits: 3,
    what: 'Share of the pairs that the policy orders as the reward does, by the quantity that this loss compares.',
    formula: 'mean [m_w > m_l]',
  },
  pairMargin: {
    group: 'update',
    label: 'Margin of pairs',
    unit: 'nats',
    digits: 3,
    what: 'By how much the better response is ahead, in the quantity that this loss compares.',
    formula: 'mean (m_w − m_l)',
  },
  betterNats: {
    group: 'update',
    label: 'Better response, log π',
    unit: 'nats',
    digits: 2,
    what: 'Log-probability of the better responses. A margin can grow while both sides become less likely.',
    formula: 'mean log π(y_w)',
  },
  worseNats: {
    group: 'update',
    label: 'Worse response, log π',
    unit: 'nats',
    digits: 2,
    what: 'Log-probability of the worse responses.',
    formula: 'mean log π(y_l)',
  },
} as const satisfies Metrics;

export type PairMethod<K extends Knobs> = Omit<About<K>, 'cost' | 'conflicts' | 'brings'> & {
  /** Its loss reads the reference. */
  compares: boolean;
  /** The quantity of a response that it compares: log π, log π per token, or log π/π_ref. */
  by: 'sum' | 'perToken' | 'ratio';
  loss(nn: Nn, comparison: Comparison, knobs: ValuesOf<K>, minibatch: Minibatch): tensors.Scalar;
};

export function pairwise<const K extends Knobs>({ by, loss, ...words }: PairMethod<K>) {
  const { compares } = words;
  return update<K, typeof pairMetrics>({
    ...words,
    cost: compares
      ? 'a pass of the reference over each response; passes of the policy over the pairs; no critic'
      : 'passes of the policy over the pairs; neither critic nor reference',
    priced: false,
    metrics: pairMetrics,
    conflicts: needsContrast(words.label),
    networks: () => ({}),
    examples: (scored, kept) => contrastExamples(scored, kept, compares),
    losses: {
      policy(nn, minibatch, knobs) {
        const { tf } = nn;
        const comparison = compare(nn, minibatch);
        const margin = comparison.margin(comparison[by]);
        return {
          loss: loss(nn, comparison, knobs as ValuesOf<K>, minibatch),
          watch: {
            pairAccuracy: comparison.mean(tf.cast(tf.greater(margin, 0), 'float32')),
            pairMargin: comparison.mean(margin),
            betterNats: comparison.mean(
              tf.mul(comparison.better(comparison.sum), comparison.pairs) as typeof margin,
            ),
            worseNats: comparison.mean(
              tf.mul(comparison.worse(comparison.sum), comparison.pairs) as typeof margin,
            ),
          },
        };
      },
    },
  } as UpdateMethod<K, typeof pairMetrics>);
}

/** The scale of the reward that a policy implies, log π/π_ref times beta. */
export const beta = {
  kind: 'number',
  label: 'Scale (beta)',
  min: 0.001,
  max: 5,
  step: 0.01,
  initial: 0.1,
  log: true,
  what: 'How many nats of margin count as one: the strength with which the reference holds the policy.',
  expect: 'Smaller margins satisfy the loss; the policy stays nearer to the reference.',
} as const satisfies NumberKnob;
