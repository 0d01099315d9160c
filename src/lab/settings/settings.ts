/**
 * Every knob of an arm in one table: its range, its default, and what a person is told about it.
 * The form, the URL, the command line and the validator all read this table; nothing else lists knobs.
 */
import { type Filter, keepAll, type Sampler } from '../../core/filter.ts';

export const methods = [
  'ppo-m',
  'ppo-s',
  'bon',
  'br',
  'bw',
  'wr',
  'rand2',
  'top',
  'top-rand',
  'top-bott',
  'pow',
  'custom',
] as const;
export type Method = (typeof methods)[number];

export const rewardSources = ['model', 'oracle', 'synthetic'] as const;
export type RewardSource = (typeof rewardSources)[number];

/** Everything that makes one arm differ from another. The seed belongs to the experiment, not to the arm. */
export interface ArmSettings {
  method: Method;
  sampler: Sampler;
  responses: number;
  keep: number;
  rankWeights: number[];
  thresholdHigh: number;
  thresholdLow: number;
  randomShare: number;
  powerExponent: number;
  customFilter: string;

  rewardSource: RewardSource;
  rewardModel: 'strong' | 'weak';
  syntheticNoise: number[];
  syntheticFresh: boolean;

  iterations: number;
  prompts: number;
  pool: number;
  beta: number;
  actorLearningRate: number;
  criticLearningRate: number;
  clip: number;
  valueClip: number;
  gamma: number;
  lambda: number;
  epochs: number;
  minibatches: number;
  accounting: 'equal-steps' | 'paper';
  temperature: number;
  topP: number;

  evaluateEvery: number;
  evaluationSamples: number;
  naiveJudge: boolean;
}

/** Knobs that came after the first stored runs, with the value at which those ran. */
export const laterKnobs = { naiveJudge: false } as const satisfies Partial<ArmSettings>;

interface KnobText {
  label: string;
  /** What it does, in one plain line. */
  what: string;
  /** What to expect when it is raised (numbers) or chosen (choices). */
  expect: string;
  group: 'filter' | 'reward' | 'ppo' | 'evaluation';
}
export type Knob =
  | (KnobText & {
      kind: 'number' | 'integer';
      min: number;
      max: number;
      step: number;
      initial: number;
      log?: boolean;
    })
  | (KnobText & {
      kind: 'choice';
      options: readonly { value: string; label: string; what: string }[];
      initial: string;
    })
  | (KnobText & { kind: 'toggle'; initial: boolean })
  | (KnobText & { kind: 'numbers'; min: number; max: number; maxCount: number; initial: number[] })
  | (KnobText & { kind: 'code'; maxLength: number; initial: string });

export const methodText: Record<Method, { label: string; short: string; what: string }> = {
  'ppo-m': { label: 'PPO-M', short: 'all', what: 'Learn from every response of each group.' },
  'ppo-s': {
    label: 'PPO-S',
    short: 'one per prompt',
    what: 'One response per prompt, N times as many prompts.',
  },
  bon: { label: 'BoN', short: 'best of N', what: 'Learn only from the response with the highest reward.' },
  br: { label: 'BR', short: 'best + random', what: 'The best response and one of the others at random.' },
  bw: { label: 'BW', short: 'best + worst', what: 'The best and the worst response of each group.' },
  wr: { label: 'WR', short: 'worst + random', what: 'The worst response and one of the others at random.' },
  rand2: {
    label: 'Rand2',
    short: 'two at random',
    what: 'Two at random: the same budget without looking at the reward.',
  },
  top: {
    label: 'top',
    short: 'above a threshold',
    what: 'Responses whose reward is above the upper threshold.',
  },
  'top-rand': {
    label: 'top-rand',
    short: 'above, some others',
    what: 'Above the upper threshold, and a random share of the rest.',
  },
  'top-bott': {
    label: 'top-bott',
    short: 'above or below',
    what: 'Above the upper or below the lower threshold.',
  },
  pow: {
    label: 'pow-k',
    short: 'weight |r|^k',
    what: 'Drawn with a weight that grows with the size of the reward.',
  },
  custom: {
    label: 'custom',
    short: 'your own',
    what: 'Your own weights over ranks, or a function written in the page.',
  },
};

export const knobs: { [K in keyof ArmSettings]: Knob } = {
  method: {
    group: 'filter',
    kind: 'choice',
    label: 'Filter',
    initial: 'bw',
    what: 'Which of the sampled responses train the policy and the critic.',
    expect: 'Filters that keep two of five cut update tokens to 40 %.',
    options: methods.map((value) => ({
      value,
      label: methodText[value].label,
      what: methodText[value].what,
    })),
  },
  sampler: {
    group: 'filter',
    kind: 'choice',
    label: 'Sampler',
    initial: 'keep',
    what: 'How the filter turns its weights into training rows.',
    expect: 'keep is steadiest; resample and verl train on as many rows as were sampled.',
    options: [
      { value: 'keep', label: 'keep', what: 'A fixed number per group, without repeats.' },
      { value: 'draw', label: 'draw', what: 'Independent draws per group: the text of the paper.' },
      {
        value: 'resample',
        label: 'resample',
        what: 'With replacement over the whole buffer: the authors’ code.',
      },
      {
        value: 'verl',
        label: 'verl',
        what: 'Extremes of the whole batch instead of each group: verl’s version.',
      },
    ],
  },
  responses: {
    group: 'filter',
    kind: 'integer',
    label: 'Responses per prompt (N)',
    min: 1,
    max: 16,
    step: 1,
    initial: 5,
    what: 'How many programs the policy writes for each prompt.',
    expect: 'More to choose from, and proportionally more sampling work.',
  },
  keep: {
    group: 'filter',
    kind: 'integer',
    label: 'Kept per prompt (k)',
    min: 1,
    max: 16,
    step: 1,
    initial: 2,
    what: 'How many responses of each group are learned from (rank filters).',
    expect: 'Closer to PPO-M: more update work, less filtering.',
  },
  rankWeights: {
    group: 'filter',
    kind: 'numbers',
    label: 'Weights by rank',
    min: 0,
    max: 1,
    maxCount: 16,
    initial: [0.5, 0, 0, 0, 0.5],
    what: 'Custom filter: the weight of each rank, best first.',
    expect: 'Ranks with weight 0 are never learned from.',
  },
  thresholdHigh: {
    group: 'filter',
    kind: 'number',
    label: 'Upper threshold',
    min: -1,
    max: 1,
    step: 0.01,
    initial: 0.5,
    what: 'Keep responses with a reward above this (top, top-rand, top-bott).',
    expect: 'Fewer, higher rewarded responses.',
  },
  thresholdLow: {
    group: 'filter',
    kind: 'number',
    label: 'Lower threshold',
    min: -1,
    max: 1,
    step: 0.01,
    initial: -0.5,
    what: 'Also keep responses with a reward below this (top-bott).',
    expect: 'More bad examples to learn contrast from.',
  },
  randomShare: {
    group: 'filter',
    kind: 'number',
    label: 'Share of the rest',
    min: 0,
    max: 1,
    step: 0.05,
    initial: 0.5,
    what: 'The chance that a response below the threshold is kept anyway (top-rand).',
    expect: 'Closer to PPO-M.',
  },
  powerExponent: {
    group: 'filter',
    kind: 'number',
    label: 'Exponent',
    min: 0,
    max: 8,
    step: 0.5,
    initial: 2,
    what: 'Weight of a response: the absolute reward to this power (pow-k).',
    expect: 'Extremes dominate; 0 draws uniformly.',
  },
  customFilter: {
    group: 'filter',
    kind: 'code',
    label: 'Filter function',
    maxLength: 8192,
    initial: '',
    what: 'Custom filter as JavaScript, executed in the sandbox. Empty: the weights by rank are used.',
    expect: 'Whatever you write.',
  },

  rewardSource: {
    group: 'reward',
    kind: 'choice',
    label: 'Reward',
    initial: 'model',
    what: 'Where the reward that PPO maximises comes from.',
    expect: 'Only the learned model can be over-optimised; only the synthetic one lets you place its errors.',
    options: [
      { value: 'model', label: 'Learned model', what: 'A reward model trained on pairs of programs.' },
      { value: 'oracle', label: 'The tests', what: 'The true score itself: no model, nothing to hack.' },
      {
        value: 'synthetic',
        label: 'Synthetic',
        what: 'The true score seen through a reliability curve that you draw.',
      },
    ],
  },
  rewardModel: {
    group: 'reward',
    kind: 'choice',
    label: 'Reward model',
    initial: 'strong',
    what: 'Which trained reward model grades the programs.',
    expect: 'The weak one saw few labelled pairs and is easier to fool.',
    options: [
      { value: 'strong', label: 'strong', what: '2,000 prompts, all differing pairs.' },
      { value: 'weak', label: 'weak', what: '400 prompts, one pair each by maximum edit distance.' },
    ],
  },
  syntheticNoise: {
    group: 'reward',
    kind: 'numbers',
    label: 'Noise by reward band',
    min: 0,
    max: 1,
    maxCount: 10,
    initial: [0, 0, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0, 0],
    what: 'Synthetic reward: the share of all programs that get a meaningless reward in each tenth of [−1, 1].',
    expect: 'The reward says less about the truth in that band.',
  },
  syntheticFresh: {
    group: 'reward',
    kind: 'toggle',
    label: 'Fresh noise each time',
    initial: false,
    what: 'Synthetic reward: draw the noise anew for each sample instead of once per program.',
    expect: 'Noise that averages out instead of errors that can be exploited.',
  },

  iterations: {
    group: 'ppo',
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
    group: 'ppo',
    kind: 'integer',
    label: 'Prompts per iteration',
    min: 1,
    max: 512,
    step: 1,
    initial: 48,
    what: 'How many problems are drawn in each iteration.',
    expect: 'Steadier steps, slower iterations.',
  },
  pool: {
    group: 'ppo',
    kind: 'integer',
    label: 'Training prompts',
    min: 1,
    max: 3000,
    step: 1,
    initial: 400,
    what: 'How many different problems the prompts are drawn from; each is used once before any is used again.',
    expect: 'More variety, fewer visits to each problem.',
  },
  beta: {
    group: 'ppo',
    kind: 'number',
    label: 'KL cost (beta)',
    min: 0,
    max: 5,
    step: 0.01,
    initial: 0.2,
    what: 'The price of moving away from the starting policy, per nat.',
    expect: 'Less over-optimisation, slower change.',
  },
  actorLearningRate: {
    group: 'ppo',
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
  criticLearningRate: {
    group: 'ppo',
    kind: 'number',
    label: 'Critic learning rate',
    min: 1e-6,
    max: 1e-1,
    step: 1e-5,
    initial: 1e-3,
    log: true,
    what: 'Step size of the critic.',
    expect: 'A critic that follows the reward sooner, or overshoots.',
  },
  clip: {
    group: 'ppo',
    kind: 'number',
    label: 'Clip',
    min: 0.01,
    max: 1,
    step: 0.01,
    initial: 0.2,
    what: 'How far one update may move a token’s probability ratio from 1.',
    expect: 'Larger steps per batch.',
  },
  valueClip: {
    group: 'ppo',
    kind: 'number',
    label: 'Value clip',
    min: 0.01,
    max: 10,
    step: 0.01,
    initial: 0.2,
    what: 'How far one update may move a value.',
    expect: 'A critic that moves faster.',
  },
  gamma: {
    group: 'ppo',
    kind: 'number',
    label: 'Discount (gamma)',
    min: 0.5,
    max: 1,
    step: 0.01,
    initial: 1,
    what: 'How much a later reward counts for an earlier token.',
    expect: 'At 1 the whole program shares its reward.',
  },
  lambda: {
    group: 'ppo',
    kind: 'number',
    label: 'GAE lambda',
    min: 0,
    max: 1,
    step: 0.01,
    initial: 0.95,
    what: 'Between trusting the critic (0) and the observed reward (1).',
    expect: 'Less bias, more noise.',
  },
  epochs: {
    group: 'ppo',
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
    group: 'ppo',
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
    group: 'ppo',
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
  temperature: {
    group: 'ppo',
    kind: 'number',
    label: 'Temperature',
    min: 0.05,
    max: 3,
    step: 0.05,
    initial: 1,
    what: 'Randomness of sampling.',
    expect: 'More varied, more broken programs.',
  },
  topP: {
    group: 'ppo',
    kind: 'number',
    label: 'Top-p',
    min: 0.05,
    max: 1,
    step: 0.05,
    initial: 1,
    what: 'Sample only from the most likely tokens that make up this share of probability.',
    expect: '1 samples from the policy itself, which is what PPO assumes.',
  },

  evaluateEvery: {
    group: 'evaluation',
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
    group: 'evaluation',
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
    group: 'evaluation',
    kind: 'toggle',
    label: 'Naive judge beside',
    initial: false,
    what: 'Also score the training samples with the naive judge, which believes what programs tell it.',
    expect:
      'A dotted line beside the training score: the gap is reward hacking. Programs of the built-in world can hardly cheat, so there is next to none.',
  },
};

export const knobKeys = Object.keys(knobs) as (keyof ArmSettings)[];

/** The settings of an arm that nobody has touched. */
export function defaultSettings(): ArmSettings {
  return Object.fromEntries(
    knobKeys.map((key) => [key, structuredClone(knobs[key].initial)]),
  ) as unknown as ArmSettings;
}

/** The filter that an arm's knobs describe. */
export function filterOf(settings: ArmSettings): Filter {
  const { method, keep } = settings;
  switch (method) {
    case 'ppo-m':
    case 'ppo-s':
      return { kind: 'rank', weights: 'uniform', keep: keepAll };
    case 'bon':
      return { kind: 'rank', weights: 'best', keep: 1 };
    case 'br':
      return { kind: 'rank', weights: 'best-random', keep };
    case 'bw':
      return { kind: 'rank', weights: 'best-worst', keep };
    case 'wr':
      return { kind: 'rank', weights: 'worst-random', keep };
    case 'rand2':
      return { kind: 'rank', weights: 'uniform', keep };
    case 'top':
      return { kind: 'threshold', above: settings.thresholdHigh, below: null, otherwise: 0 };
    case 'top-rand':
      return {
        kind: 'threshold',
        above: settings.thresholdHigh,
        below: null,
        otherwise: settings.randomShare,
      };
    case 'top-bott':
      return { kind: 'threshold', above: settings.thresholdHigh, below: settings.thresholdLow, otherwise: 0 };
    case 'pow':
      return { kind: 'power', exponent: settings.powerExponent };
    case 'custom':
      return settings.customFilter.trim() === ''
        ? { kind: 'rank', weights: settings.rankWeights, keep }
        : { kind: 'custom', source: settings.customFilter };
    default:
      method satisfies never;
      throw new Error(`Unknown method: ${method}`);
  }
}
