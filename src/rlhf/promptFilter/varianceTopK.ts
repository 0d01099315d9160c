/** A number of prompts: those of the largest variance. */
import { promptFilter } from '../slots.ts';
import { needsGroups } from '../update/gradient/groups.ts';

export const varianceTopK = promptFilter({
  id: 'variance-top-k',
  label: 'Variance, top-k',
  short: 'the prompts of most variance',
  what: 'Keeps a number of prompts of each iteration: those whose responses vary most.',
  source: { arxiv: '2604.06268', where: 'RAGEN-2, reward-variance filtering, top-k' },
  formula: 'keep the k prompts of largest Var(r | x)',
  cost: 'an update on k prompts',
  knobs: {
    keepPrompts: {
      kind: 'integer',
      label: 'Kept prompts (k)',
      min: 1,
      max: 512,
      step: 1,
      initial: 24,
      what: 'How many prompts of each iteration are learned from.',
      expect: 'More prompts, of less contrast.',
    },
  },
  conflicts: needsGroups('A prompt filter by variance'),
  shape: ({ keepPrompts }) => ({ kind: 'variance-count', count: keepPrompts }),
});
