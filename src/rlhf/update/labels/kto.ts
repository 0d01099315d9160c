/** Kahneman–Tversky optimisation: single responses, each called good or bad; no pairs. */
import { mean } from '../../../core/statistics/stats.ts';
import type { SequenceRow } from '../../../nn/batch/batch.ts';
import type { tf as tensors } from '../../../nn/tensors/tf.ts';
import type { NumberKnob } from '../../catalogue/knobs.ts';
import type { Conflict } from '../../catalogue/method.ts';
import type { ArmSettings } from '../../catalogue/settings.ts';
import type { Scored } from '../../loop/responses.ts';
import { update } from '../../slots.ts';
import { beta } from '../pairs/pairwise.ts';

/** Filters that keep good responses only, or bad ones only. */
const oneSided: Readonly<Record<string, string>> = {
  bon: 'good',
  top: 'good',
  positives: 'good',
  negatives: 'bad',
};

const weight = (label: string, what: string) =>
  ({
    kind: 'number',
    label,
    min: 0,
    max: 10,
    step: 0.1,
    initial: 1,
    what,
    expect: 'They count for more.',
  }) as const satisfies NumberKnob;

export const kto = update({
  id: 'kto',
  label: 'KTO',
  short: 'good or bad, no pairs',
  what: 'Each response is good, if its reward is above the mean of the starting policy’s, or bad; good ones become likelier and bad ones less likely, with returns that diminish on both sides.',
  source: {
    arxiv: '2402.01306',
    where: 'equations 7 and 8; the baseline from prompts and responses that do not belong together',
  },
  formula:
    'good: λ_D (1 − σ(β (h − z₀))), bad: λ_U (1 − σ(β (z₀ − h))), h = log π/π_ref, z₀ = max(0, mean h of mismatched)',
  cost: 'passes of reference and policy over each kept response and a mismatched one; no critic',
  priced: false,
  compares: true,
  knobs: {
    beta,
    desirable: weight('Weight of good ones (lambda_D)', 'How much a good response counts.'),
    undesirable: weight('Weight of bad ones (lambda_U)', 'How much a bad response counts.'),
  },
  metrics: {
    goodShare: {
      group: 'update',
      label: 'Good among the kept',
      unit: '',
      digits: 3,
      what: 'Share of the kept responses that are called good. Near 0 or 1 there is little to learn from the other side.',
      formula: 'mean [r > mean r of the starting policy]',
    },
    mismatchedRatio: {
      group: 'update',
      label: 'Baseline of KTO',
      unit: 'nats',
      digits: 3,
      what: 'How far the policy is from the reference on responses that belong to other prompts.',
      formula: 'z₀ = max(0, mean log π/π_ref)',
    },
  },
  conflicts: (_, { filter }: ArmSettings): Conflict[] =>
    filter.method in oneSided
      ? [
          {
            path: 'filter',
            message: `filter must not be ${filter.method} where KTO learns from good and from bad responses: it keeps ${oneSided[filter.method]} ones only.`,
            repair: { filter: 'bw' },
          },
        ]
      : [],
  networks: () => ({}),

  examples(scored, kept) {
    const { rows, refLogProb, standardised } = scored;
    const count = rows.length;
    const good = Float32Array.from(standardised, (r) => (r > 0 ? 1 : 0));
    return {
      // Each kept response, and the same words as an answer to another prompt.
      rows: Array.from(kept, (row, i) => [row, count + i]),
      further: Array.from(kept, (row, i) => mismatched(scored, row, kept[(i + 1) % kept.length])),
      perToken: { refLogProb },
      perRow: {
        good: Float32Array.from({ length: count + kept.length }, (_, row) => good[row] ?? 0),
        real: new Float32Array(count + kept.length).fill(1, 0, count),
      },
      metrics: { goodShare: mean(Float32Array.from(kept, (row) => good[row])) },
    };
  },

  losses: {
    policy({ tf, completionSums, stopGradient }, { batch, now, old, row, sizes }, knobs) {
      const h = completionSums(tf.sub(now, old.refLogProb), batch.host);
      const share = 1 / sizes.length;
      const mismatchedMean = tf.mul(tf.sum(tf.mul(stopGradient(h), tf.sub(1, row.real))), share);
      const baseline = tf.relu(mismatchedMean) as tensors.Scalar;
      const side = tf.sub(tf.mul(row.good, 2), 1);
      const lost = tf.sigmoid(tf.mul(tf.mul(tf.sub(h, baseline), side), -knobs.beta));
      const weights = tf.add(
        tf.mul(row.good, knobs.desirable),
        tf.mul(tf.sub(1, row.good), knobs.undesirable),
      );
      return {
        loss: tf.mul(tf.sum(tf.mul(tf.mul(lost, weights), row.real)), share),
        watch: { mismatchedRatio: baseline },
      };
    },
  },
});

/** The response of `row` as an answer to the prompt of `other`, cut where the longest response of all ends. */
function mismatched({ rows }: Scored, row: number, other: number): SequenceRow {
  const { tokens, promptLength } = rows[other];
  const completion = Array.from(rows[row].tokens).slice(rows[row].promptLength);
  const longest = rows.reduce((most, { tokens: all }) => Math.max(most, all.length), 0);
  const joined = [...Array.from(tokens).slice(0, promptLength), ...completion];
  return { tokens: Int32Array.from(joined.slice(0, longest)), promptLength };
}
