/** The filter station: the prompt filter, then the filter of responses on the prompts that are left. */
import { rowsOfBatch } from '../../core/filters/pipeline.ts';
import { selectPrompts } from '../../core/filters/promptFilter.ts';
import { stream } from '../../core/random.ts';
import type { Scored } from '../loop/responses.ts';
import type { Arm } from '../slots.ts';

/**
 * The rows to learn from, repeats included.
 * @param looked [B] what both filters look at
 */
export async function letThrough(
  arm: Arm,
  { group, starts, tokens }: Scored,
  looked: Float32Array,
  iteration: number,
): Promise<Int32Array> {
  const { seed, settings, methods } = arm;
  const length = Int32Array.from(looked, (_, row) => starts[row + 1] - starts[row]);
  const words = (row: number) => tokens.subarray(starts[row], starts[row + 1]);
  const batch = { reward: looked, group, length, words };
  const rng = stream(seed, 'filter', iteration);
  const prompts = methods.promptFilter.shape(settings.promptFilter);
  if (prompts === null) return methods.filter.select(arm, batch, rng, settings.filter);
  const through = selectPrompts(prompts, batch, stream(seed, 'prompt filter', iteration).uint32());
  const left = { ...rowsOfBatch(batch, through), words: (row: number) => words(through[row]) };
  const rows = await methods.filter.select(arm, left, rng, settings.filter);
  return rows.map((row) => through[row]);
}
