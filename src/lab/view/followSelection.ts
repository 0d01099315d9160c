/** The response under inspection, as the cursor moves: the same place among the responses, not the same row. */
import type { SampleColumns } from '../records/record.ts';
import { type Arm, shownIteration } from '../state/arm.ts';
import type { Selection } from '../state/store.ts';

/** Rows of a group, highest reward first; of equal rewards the earlier row. */
const ranked = (samples: SampleColumns, group: number): number[] =>
  [...samples.group.keys()]
    .filter((row) => samples.group[row] === group)
    .sort((a, b) => samples.reward[b] - samples.reward[a] || a - b);

/**
 * The response of the same rank in the same group at another moment. Prompts change from iteration to iteration, so
 * rank is what can be followed: it is also what filters go by. An arm that has not come so far shows its newest.
 */
export function followSelection(
  selection: Selection,
  arm: Arm | undefined,
  cursor: number | null,
): Selection {
  const from = arm?.iterations.find((row) => row.iteration === selection.iteration);
  const to = arm && (shownIteration(arm, cursor) ?? arm.iterations.at(-1));
  if (!from || !to || to === from) return selection;
  const group = from.samples.group[selection.row];
  const rank = ranked(from.samples, group).indexOf(selection.row);
  const rows = ranked(to.samples, Math.min(group, Math.max(...to.samples.group)));
  return {
    ...selection,
    iteration: to.iteration,
    row: rows[Math.min(rank, rows.length - 1)] ?? selection.row,
  };
}
