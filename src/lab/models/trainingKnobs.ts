/** The knobs of the two training jobs, in the same form as those of an arm. */
import type { Knob } from '../../rlhf/knobs.ts';
import type { RewardModelSettings, SftSettings } from '../trainer/protocol.ts';

export const policyKnobs: { [K in keyof SftSettings]: Knob } = {
  steps: {
    kind: 'integer',
    label: 'Steps',
    min: 10,
    max: 20_000,
    step: 10,
    initial: 3000,
    what: 'How many batches the policy learns from.',
    expect: 'a better starting policy, and a longer wait.',
  },
  batch: {
    kind: 'integer',
    label: 'Batch',
    min: 4,
    max: 256,
    step: 4,
    initial: 32,
    what: 'Programs per step.',
    expect: 'steadier steps, and more work for each.',
  },
  learningRate: {
    kind: 'number',
    label: 'Learning rate',
    min: 1e-5,
    max: 1e-1,
    step: 1e-5,
    log: true,
    initial: 4e-3,
    what: 'Step size at its height; it warms up, then falls along a cosine.',
    expect: 'faster at first, unstable above about 0.01.',
  },
  corpus: {
    kind: 'integer',
    label: 'Corpus',
    min: 100,
    max: 50_000,
    step: 100,
    initial: 20_000,
    what: 'Right and realistically buggy programs to imitate.',
    expect: 'less memorising.',
  },
  layers: {
    kind: 'integer',
    label: 'Layers',
    min: 1,
    max: 6,
    step: 1,
    initial: 2,
    what: 'Depth of the transformer. The reward models must have the same size: train them anew afterwards.',
    expect: 'more room, and proportionally more work.',
  },
  width: {
    kind: 'integer',
    label: 'Width',
    min: 16,
    max: 256,
    step: 16,
    initial: 64,
    what: 'Width of the transformer; a multiple of the number of heads.',
    expect: 'more room; the work grows with its square.',
  },
  heads: {
    kind: 'integer',
    label: 'Heads',
    min: 1,
    max: 8,
    step: 1,
    initial: 4,
    what: 'Attention heads per layer.',
    expect: 'more, narrower views of the sequence.',
  },
};

export const rewardKnobs: { [K in keyof RewardModelSettings]: Knob } = {
  prompts: {
    kind: 'integer',
    label: 'Prompts',
    min: 10,
    max: 3000,
    step: 10,
    initial: 2000,
    what: 'How many problems the reward model sees programs for.',
    expect: 'a reward model that tells right from wrong more often.',
  },
  samplesPerPrompt: {
    kind: 'integer',
    label: 'Programs per prompt',
    min: 2,
    max: 16,
    step: 1,
    initial: 5,
    what: 'How many programs the policy writes for each problem, to be executed and compared.',
    expect: 'more pairs per problem.',
  },
  pairing: {
    kind: 'choice',
    label: 'Pairs',
    initial: 'all',
    what: 'Which two programs of a prompt are compared.',
    expect: 'All differing pairs teach far more from the same programs.',
    options: [
      { value: 'all', label: 'all that differ', what: 'Every pair of which one is truly better.' },
      {
        value: 'max-edit',
        label: 'the most different',
        what: 'One pair by edit distance: what the paper does.',
      },
    ],
  },
  flipped: {
    kind: 'number',
    label: 'Labels flipped',
    min: 0,
    max: 0.5,
    step: 0.01,
    initial: 0,
    what: 'Share of pairs whose label is wrong on purpose.',
    expect: 'a reward model that knows less; at 0.5 it knows nothing.',
  },
  epochs: {
    kind: 'integer',
    label: 'Epochs',
    min: 1,
    max: 10,
    step: 1,
    initial: 2,
    what: 'How often each pair is seen.',
    expect: 'overfitting, from about four on.',
  },
  batch: {
    kind: 'integer',
    label: 'Batch',
    min: 8,
    max: 512,
    step: 8,
    initial: 128,
    what: 'Pairs per step.',
    expect: 'steadier, fewer steps.',
  },
  learningRate: {
    kind: 'number',
    label: 'Learning rate',
    min: 1e-5,
    max: 1e-1,
    step: 1e-5,
    log: true,
    initial: 3e-3,
    what: 'Step size of the reward model.',
    expect: 'faster, then unstable; 0.0005 learns too little.',
  },
};

/** Null, or why these sizes make no transformer. */
export function refuseSizes({ width, heads }: Pick<SftSettings, 'width' | 'heads'>): string | null {
  return width % heads === 0
    ? null
    : `Width must be a multiple of the number of heads (${heads}), and is ${width}.`;
}
