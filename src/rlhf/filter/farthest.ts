/** The pair of responses to a prompt that differ most in their words: how the paper makes pairs for its reward model. */
import { farthestPair } from '../../core/diversity/diversity.ts';
import { rowsByGroup } from '../../core/groups.ts';
import { filter } from '../slots.ts';

export const farthest = filter({
  id: 'far',
  label: 'Farthest pair',
  short: 'the two that differ most in words',
  what: 'The two responses to each prompt with the greatest edit distance between their tokens, whatever their rewards.',
  source: { arxiv: '2409.06957', where: 'section 5: pairs by maximum edit distance, after arXiv 2402.13228' },
  formula: 'argmax over i < j of edit distance(y_i, y_j)',
  cost: 'an update on two of N responses',
  knobs: {},
  shape: () => null,
  select(_, { group, words }) {
    // A row alone is kept as it is.
    return Int32Array.from(
      rowsByGroup(group).flatMap((rows) => (rows.length < 2 ? rows : farthestPair(rows, words).flat())),
    );
  },
});
