/** What a training job tells of the noise that it begins under: the phase, the mean of the masks, and a few of them. */
import type { SequenceRow } from '../../../nn/batch/batch.ts';
import type { NoiseMask } from '../../../rlhf/prepare/noise/noiseMask.ts';
import type { MaskLook } from '../../../rlhf/prepare/noise/settings.ts';

/** Steps between two looks at the masks: more often than a person sees would only slow the job. */
const lookEvery = 10;
/** Sequences whose masks are shown, with different requests where there are any. */
const shown = 3;

interface Heat {
  phase: string;
  told: { maskMean?: number };
  masks: readonly MaskLook[] | null;
}

/** @param rows what the job trains on */
export function heating(
  noise: NoiseMask | null,
  rows: readonly SequenceRow[],
): (at: { step: number; steps: number }, usual: string) => Heat {
  const chosen: SequenceRow[] = [];
  for (const row of rows) {
    if (chosen.length === shown) break;
    if (!chosen.some((other) => requestOf(other) === requestOf(row))) chosen.push(row);
  }
  return ({ step, steps }, usual) => {
    if (!noise || step > noise.heated(steps)) return { phase: usual, told: {}, masks: null };
    const due = step === 1 || step % lookEvery === 0 || step === noise.heated(steps);
    return {
      phase: 'pre-heating',
      told: { maskMean: noise.means.at(-1) ?? Number.NaN },
      masks: due ? noise.look(chosen) : null,
    };
  };
}

const requestOf = ({ tokens, promptLength }: SequenceRow): string =>
  Array.from(tokens).slice(0, promptLength).join();
