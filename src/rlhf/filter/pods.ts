/** Down-sampling by variance: the responses whose rewards differ most. */
import { keep, keepWithinGroup, withoutRepeats } from './rows.ts';

export const pods = withoutRepeats({
  id: 'pods',
  label: 'PODS',
  short: 'of most variance',
  what: 'The k responses of each group whose rewards vary most: some of the highest and some of the lowest. With k = 2 that is best and worst: BW.',
  source: { arxiv: '2504.13818', where: 'max-variance down-sampling' },
  formula: 'argmax over |S| = k of Var(r | S) = the j highest and k − j lowest, best j',
  cost: 'an update on k of N responses',
  knobs: { keep: { ...keep, initial: 4 } },
  conflicts: (knobs, settings) => keepWithinGroup(knobs.keep, settings),
  shape: (knobs) => ({ kind: 'max-variance', keep: knobs.keep }),
});
