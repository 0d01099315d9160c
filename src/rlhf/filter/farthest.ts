/** The pair of responses to a prompt that differ most in their words: how the paper makes pairs for its reward model. */
import { editDistance } from '../../core/stats.ts';
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
    const members = new Map<number, number[]>();
    for (const [row, g] of group.entries()) members.set(g, [...(members.get(g) ?? []), row]);
    return Int32Array.from([...members.values()].flatMap((rows) => farthestOf(rows, words)));
  },
});

/** A row alone is kept as it is. */
function farthestOf(rows: readonly number[], words: (row: number) => Uint16Array): number[] {
  let pair = rows.slice(0, 2);
  let most = -1;
  for (const [at, i] of rows.entries()) {
    for (const j of rows.slice(at + 1)) {
      const distance = editDistance(words(i), words(j));
      if (distance > most) [most, pair] = [distance, [i, j]];
    }
  }
  return pair;
}
