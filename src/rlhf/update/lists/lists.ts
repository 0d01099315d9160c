/** What the losses on ranked lists share: the best of each list is imitated. */
import type { NumberKnob } from '../../catalogue/knobs.ts';
import type { Examples } from '../../slots.ts';

export const imitation = {
  kind: 'number',
  label: 'Imitation (lambda)',
  min: 0,
  max: 10,
  step: 0.05,
  initial: 1,
  what: 'How strongly the best response is imitated beside.',
  expect: 'The best responses stay likely.',
} as const satisfies NumberKnob;

/** The examples with a column that is 1 at the best row of each. */
export function bestOfExamples(examples: Examples, count: number): Examples {
  const best = new Float32Array(count);
  for (const [first] of examples.rows) best[first] = 1;
  return { ...examples, perRow: { ...examples.perRow, best } };
}
