/**
 * Whether what a file says of an iteration can have happened in this world: every index into something must point
 * into it, every length must fit, every number must be one. The page and the trainer trust stored rows after this.
 */
import { verdictStatuses } from '../../judge/verdict.ts';
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';
import { encodePrompt, maxSequence, vocabulary } from '../../tasks/tokenizer.ts';
import { buildWorld } from '../../tasks/world.ts';
import type { SampleColumns } from '../records/record.ts';
import { shippedWorldSeed } from '../trainer/worldTasks.ts';

/** Tokens of each training problem's prompt, by its index. */
let prompts: readonly number[] | null = null;
const promptLengths = () => {
  prompts ??= buildWorld(shippedWorldSeed).train.map((problem) => encodePrompt(problem).length);
  return prompts;
};

/** Log-probabilities of compact files are rounded to thousandths. */
const rounding = 1e-3;

/** What is wrong with the samples of an iteration, as a whole sentence that names the place; null when nothing is. */
export function samplesIssue(samples: SampleColumns, settings: ArmSettings): string | null {
  const { problem, group, starts } = samples;
  const rows = problem.length;
  if (rows === 0) return null;
  const most = settings.training.prompts * settings.training.responses;
  if (rows > most) return `it has ${rows} responses, where its settings allow ${most}.`;
  if (starts[0] !== 0) return `column "starts" begins at ${starts[0]}, not at 0.`;
  const lengths = promptLengths();
  for (let row = 0; row < rows; row++) {
    if (!(problem[row] >= 0 && problem[row] < lengths.length))
      return range('problem', row, problem[row], lengths.length - 1);
    const before = row === 0 ? 0 : group[row - 1];
    if (group[row] !== before && group[row] !== before + 1)
      return `column "group" goes from ${before} to ${group[row]} at row ${row}; groups follow one another from 0.`;
    const length = starts[row + 1] - starts[row];
    const room = maxSequence - lengths[problem[row]];
    if (length < 1 || length > room)
      return `response ${row} has ${length} tokens; between 1 and ${room} fit behind its prompt.`;
  }
  return (
    outside('tokens', samples.tokens, 0, vocabulary.length - 1) ??
    outside('logProb', samples.logProb, -Infinity, rounding) ??
    outside('refLogProb', samples.refLogProb, -Infinity, rounding) ??
    (samples.advantage && outside('advantage', samples.advantage, -Infinity, Infinity)) ??
    outside('reward', samples.reward, -Infinity, Infinity) ??
    outside('score', samples.score, 0, 1) ??
    outside('status', samples.status, 0, verdictStatuses.length - 1)
  );
}

function outside(column: string, values: ArrayLike<number>, min: number, max: number): string | null {
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (!Number.isFinite(value)) return `column "${column}" holds ${value} at ${at}, which is no number.`;
    if (value < min || value > max) return range(column, at, value, max, min);
  }
  return null;
}

const range = (column: string, at: number, value: number, max: number, min = 0) =>
  `column "${column}" holds ${value} at ${at}, where ${
    min === -Infinity ? `at most ${max}` : `${min} to ${max}`
  } is possible.`;
