/** Contrastive preference optimisation: DPO's pair without a reference, held by imitation. */
import { beta, pairwise } from './pairwise.ts';

export const cpo = pairwise({
  id: 'cpo',
  label: 'CPO',
  short: 'pairs and imitation, no reference',
  what: 'The better response becomes likelier than the worse, and is imitated beside; no reference.',
  source: { arxiv: '2401.08417', where: 'equations 3 to 5' },
  formula: '−log σ(β (log π(y_w) − log π(y_l))) − λ Σ log π(y_w) / Σ |y_w|',
  compares: false,
  by: 'sum',
  knobs: {
    beta,
    imitation: {
      kind: 'number',
      label: 'Imitation (lambda)',
      min: 0,
      max: 10,
      step: 0.1,
      initial: 1,
      what: 'How strongly the better response is imitated beside.',
      expect: 'The better responses stay likely.',
    },
  },
  loss({ tf }, { sum, count, margin, better, pairs, mean, total }, knobs) {
    const spread = (x: typeof sum) => tf.mul(better(x), pairs) as typeof pairs;
    const apart = mean(tf.softplus(tf.mul(margin(sum), -knobs.beta)));
    const likely = tf.div(total(spread(sum)), tf.maximum(total(spread(count)), 1));
    return tf.sub(apart, tf.mul(likely, knobs.imitation));
  },
});
