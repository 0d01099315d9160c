/** What noise before training can be, and its knobs: read by the page, which does not load the tensor library. */
import type { Knob } from '../../catalogue/knobs.ts';

export type NoiseKind = 'none' | 'dropout' | 'beta' | 'learned';

export interface NoiseSettings {
  /** What lies on the token embeddings while the model is pre-heated. */
  noise: NoiseKind;
  /** Share of the steps that pre-heat, in (0, 1); the others are as usual. */
  preheat: number;
  /** Mean of the factors, in (0, 1); of the learned mask the mean that it starts with. */
  maskMean: number;
}

/** The distributions behind the masks of one sequence: α and β for each block of the embedding of each token. */
export interface MaskLook {
  tokens: readonly number[];
  alpha: readonly (readonly number[])[];
  beta: readonly (readonly number[])[];
}

export const noNoise: NoiseSettings = { noise: 'none', preheat: 0.4, maskMean: 0.7 };

/** The paper's factors start evenly about one half; at that mean both parameters start in [e⁰, e¹]. */
const evenLogParameter = 0.5;

/** log α and log β of the fixed Beta noise of a mean, and of the middle of where the learned mask starts. */
export function logParametersAt(mean: number): { logAlpha: number; logBeta: number } {
  const logOdds = Math.log(mean / (1 - mean));
  return {
    logAlpha: evenLogParameter + Math.max(0, logOdds),
    logBeta: evenLogParameter + Math.max(0, -logOdds),
  };
}

const applies = (values: Readonly<Record<string, unknown>>) => values.noise !== 'none';

export const noiseKnobs: { [K in keyof NoiseSettings]: Knob } = {
  noise: {
    kind: 'choice',
    label: 'Noise before training',
    initial: noNoise.noise,
    what: 'What multiplies the token embeddings in the first steps (pre-heating, after arXiv 2406.14568); then it is dropped, and training goes on as usual.',
    expect:
      'worse losses while it lasts; whether anything is left of it afterwards is on docs/preparations.md.',
    options: [
      { value: 'none', label: 'none', what: 'Every step is as usual.' },
      { value: 'dropout', label: 'dropout', what: 'Parts of token embeddings are left out at random.' },
      {
        value: 'beta',
        label: 'fixed Beta',
        what: 'Every part of a token embedding is multiplied by a draw from one Beta distribution.',
      },
      {
        value: 'learned',
        label: 'learned mask',
        what: 'A small policy reads the request and chooses the Beta distribution of every token; it learns by REINFORCE that a lower loss is better.',
      },
    ],
  },
  preheat: {
    kind: 'number',
    label: 'Pre-heating',
    min: 0.05,
    max: 0.95,
    step: 0.05,
    initial: noNoise.preheat,
    what: 'Share of the steps under noise. They are counted among all steps, so that noise buys no further training.',
    expect: 'less time to get used to embeddings without noise.',
    applies,
  },
  maskMean: {
    kind: 'number',
    label: 'Mean of the mask',
    min: 0.1,
    max: 0.95,
    step: 0.05,
    initial: noNoise.maskMean,
    what: 'What a token embedding is multiplied by on average; the learned mask starts there and may move away.',
    expect: 'weaker noise.',
    applies,
  },
};
