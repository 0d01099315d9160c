/** What the demos of the presets share: links with little work, and what the page shows of an arm. */
import type { LabState } from '../lab/state/store.ts';
import { armNamed, newest } from '../lessons/frame/readPage.ts';

/** The preset's arms with so little work that an iteration takes a moment. */
export const quick = (preset: string, arms: number): string =>
  [
    `preset=${preset}`,
    ...Array.from({ length: arms }, (_, i) =>
      ['prompts=6', 'iterations=3', 'minibatches=2', 'pool=30', 'evaluateEvery=1000', 'evaluationSamples=1']
        .map((knob) => `${i + 1}.${knob}`)
        .join('&'),
    ),
    'open=',
  ].join('&');

export const keeps = (state: LabState, arm: string, share: number): boolean =>
  Math.abs((newest(armNamed(state, arm), 'keptShare') ?? -1) - share) < 1e-6;
export const tokens = (state: LabState, arm: string): number =>
  newest(armNamed(state, arm), 'updateTokens') ?? 0;
