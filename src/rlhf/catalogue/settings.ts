/**
 * What makes one arm differ from another: how much it trains, how it is looked at, and a method for each slot with the
 * knobs of that method and no others. The seed belongs to the experiment, not to the arm.
 */
import type { Station } from '../loop/samples.ts';
import type { Knob, KnobValue, ValuesOf } from './knobs.ts';

/** The slots of an arm and the station at which each acts. The judge fills the station `run` by itself. */
export const slots = {
  order: 'sample',
  decode: 'sample',
  reward: 'score',
  reference: 'score',
  price: 'score',
  promptFilter: 'filter',
  filter: 'filter',
  update: 'update',
} as const satisfies Record<string, Station>;
export type Slot = keyof typeof slots;
export const slotNames = Object.keys(slots) as Slot[];

/** What each slot is for, as a heading and in one line. */
export const slotText: Record<Slot, { label: string; what: string }> = {
  order: { label: 'Prompts', what: 'Which problems an iteration works on.' },
  decode: { label: 'Decoding', what: 'How a response is written.' },
  reward: { label: 'Reward', what: 'Where the reward that the policy learns from comes from.' },
  reference: { label: 'Reference', what: 'Which policy the distance of moving is measured from.' },
  price: { label: 'Price of moving', what: 'What it costs to move away from the reference.' },
  promptFilter: {
    label: 'Prompt filter',
    what: 'Which prompts are worth an update; the filter of responses sees those alone.',
  },
  filter: { label: 'Filter', what: 'Which responses may be learned from.' },
  update: { label: 'Update', what: 'By which loss the policy learns from what was kept.' },
};

/** A method and the values of its knobs. */
export interface Choice {
  readonly method: string;
  readonly [knob: string]: KnobValue;
}

type StationKnob = Knob & { station: Station };

export const trainingKnobs = {
  iterations: {
    station: 'update',
    kind: 'integer',
    label: 'Iterations',
    min: 1,
    max: 1000,
    step: 1,
    initial: 40,
    what: 'How many times the loop runs.',
    expect: 'More learning, and more room for over-optimisation.',
  },
  prompts: {
    station: 'sample',
    kind: 'integer',
    label: 'Prompts per iteration',
    min: 1,
    max: 512,
    step: 1,
    initial: 48,
    what: 'How many problems are drawn in each iteration.',
    expect: 'Steadier steps, slower iterations.',
  },
  responses: {
    station: 'sample',
    kind: 'integer',
    label: 'Responses per prompt (N)',
    min: 1,
    max: 16,
    step: 1,
    initial: 5,
    what: 'How many programs the policy writes for each prompt.',
    expect: 'More to choose from, and proportionally more sampling work.',
  },
  pool: {
    station: 'sample',
    kind: 'integer',
    label: 'Training prompts',
    min: 1,
    max: 3000,
    step: 1,
    initial: 400,
    what: 'How many different problems the prompts are drawn from; each is used once before any is used again.',
    expect: 'More variety, fewer visits to each problem.',
  },
  filterOn: {
    station: 'filter',
    kind: 'choice',
    label: 'Filter on',
    initial: 'reward',
    what: 'What both filters look at. What is learned from stays the reward.',
    expect:
      'On the tests, prompts whose programs all pass or all fail no longer seem to have a better and a worse one.',
    options: [
      { value: 'reward', label: 'the reward', what: 'What is learned from, too.' },
      {
        value: 'truth',
        label: 'the tests',
        what: 'The share of tests passed, which the judge must then tell before the update.',
      },
    ],
  },
  normalise: {
    station: 'update',
    kind: 'choice',
    label: 'Normalise',
    initial: 'before',
    what: 'Whether advantages are compared with everything that was sampled, or with what the filters let through.',
    expect:
      'After filtering, a best and a worst response are equally far from their mean, however rare either was.',
    options: [
      { value: 'before', label: 'before filtering', what: 'Over all that was sampled, as PF-PPO does.' },
      { value: 'after', label: 'after filtering', what: 'Over what was let through, as PODS does.' },
    ],
  },
  learningRate: {
    station: 'update',
    kind: 'number',
    label: 'Policy learning rate',
    min: 1e-6,
    max: 1e-2,
    step: 1e-5,
    initial: 3e-4,
    log: true,
    what: 'Step size of the policy.',
    expect: 'Faster, then unstable (above about 0.001).',
  },
  epochs: {
    station: 'update',
    kind: 'integer',
    label: 'Epochs',
    min: 1,
    max: 8,
    step: 1,
    initial: 1,
    what: 'How often each kept sample is used.',
    expect: 'More from each sample; the ratio leaves 1 and clipping starts to act.',
  },
  minibatches: {
    station: 'update',
    kind: 'integer',
    label: 'Minibatches',
    min: 1,
    max: 64,
    step: 1,
    initial: 6,
    what: 'Into how many steps one pass over the kept samples is cut.',
    expect: 'More, noisier steps per iteration.',
  },
  accounting: {
    station: 'update',
    kind: 'choice',
    label: 'Steps',
    initial: 'equal-steps',
    what: 'Whether methods share the number of steps or the size of a step.',
    expect: 'With the paper’s accounting a filter that keeps less also takes fewer steps.',
    options: [
      {
        value: 'equal-steps',
        label: 'same number',
        what: 'Every method takes the same number of minibatch steps.',
      },
      {
        value: 'paper',
        label: 'same size',
        what: 'Every minibatch has as many rows as PPO-M’s: the paper’s accounting.',
      },
    ],
  },
} as const satisfies Record<string, StationKnob>;

export const evaluationKnobs = {
  evaluateEvery: {
    station: 'run',
    kind: 'integer',
    label: 'Evaluate every',
    min: 1,
    max: 1000,
    step: 1,
    initial: 5,
    what: 'Iterations between two looks at the held-out problems.',
    expect: 'Coarser curves, faster runs.',
  },
  evaluationSamples: {
    station: 'run',
    kind: 'integer',
    label: 'Samples per held-out problem',
    min: 1,
    max: 16,
    step: 1,
    initial: 3,
    what: 'How many programs are sampled for each held-out problem.',
    expect: 'Less noise in the main curve.',
  },
  naiveJudge: {
    station: 'run',
    kind: 'toggle',
    label: 'Naive judge beside',
    initial: false,
    what: 'Also score the training samples with the naive judge, which believes what programs tell it.',
    expect:
      'A dotted line beside the training score. The gap is what can be had without being right: in the built-in world mostly by programs that throw.',
  },
} as const satisfies Record<string, StationKnob>;

export type Training = ValuesOf<typeof trainingKnobs>;
export type EvaluationSettings = ValuesOf<typeof evaluationKnobs>;

export type ArmSettings = {
  readonly training: Training;
  readonly evaluation: EvaluationSettings;
} & { readonly [S in Slot]: Choice };
