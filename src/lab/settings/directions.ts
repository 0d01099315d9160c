/**
 * The map of a survey of alignment (arXiv 2407.16216): four topics, thirteen directions, and which side of each an arm
 * takes. Some sides follow from the loss alone; others from how prompts are answered, what the reference does, and which
 * responses are let through.
 */
import { methodsOf } from '../../rlhf/catalogue/catalogue.ts';
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';

export interface Direction {
  topic: 'Reward' | 'Feedback' | 'Reinforcement learning' | 'Optimisation';
  /** The question that it answers. */
  asks: string;
  /** Its sides: what the survey opposes, and what this laboratory has beside. */
  sides: Readonly<Record<string, string>>;
}

export const directions = {
  reward: {
    topic: 'Reward',
    asks: 'Where is the reward?',
    sides: { explicit: 'a reward of its own', implicit: 'the policy’s own probabilities' },
  },
  seen: {
    topic: 'Reward',
    asks: 'What does it say?',
    sides: { pointwise: 'how good one response is', preference: 'which of two is better' },
  },
  level: {
    topic: 'Reward',
    asks: 'Of what?',
    sides: { response: 'a whole response', token: 'each token' },
  },
  signs: {
    topic: 'Reward',
    asks: 'Learned from',
    sides: { both: 'good and bad', positives: 'good ones only', negatives: 'bad ones only' },
  },
  form: {
    topic: 'Feedback',
    asks: 'In which form?',
    sides: { score: 'a number', preference: 'a preference', binary: 'good or bad' },
  },
  shape: {
    topic: 'Feedback',
    asks: 'How many at once?',
    sides: { single: 'one response', pairwise: 'a pair', listwise: 'all responses to a prompt' },
  },
  by: {
    topic: 'Feedback',
    asks: 'By whom?',
    sides: { human: 'people', ai: 'a model or tests' },
  },
  reference: {
    topic: 'Reinforcement learning',
    asks: 'Held by a reference?',
    sides: { based: 'with a reference', free: 'without' },
  },
  length: {
    topic: 'Reinforcement learning',
    asks: 'Does length pay?',
    sides: { free: 'no control of length', controlled: 'length is controlled' },
  },
  divergence: {
    topic: 'Reinforcement learning',
    asks: 'Which distance?',
    sides: { reverse: 'reverse KL', forward: 'forward KL', none: 'none' },
  },
  policy: {
    topic: 'Reinforcement learning',
    asks: 'Whose responses?',
    sides: { on: 'the policy’s own', off: 'another’s' },
  },
  rounds: {
    topic: 'Optimisation',
    asks: 'When are they written?',
    sides: { online: 'anew in each iteration', iterative: 'in rounds', offline: 'once' },
  },
  tuning: {
    topic: 'Optimisation',
    asks: 'Imitation beside?',
    sides: { separate: 'alignment alone', merged: 'merged with imitation' },
  },
} as const satisfies Record<string, Direction>;
export type DirectionId = keyof typeof directions;
export type Side<D extends DirectionId = DirectionId> = keyof (typeof directions)[D]['sides'];
/** The sides that an arm takes, by direction. */
export type Position = { readonly [D in DirectionId]: readonly Side<D>[] };

/** What follows from the loss alone. */
interface LossSides {
  reward: Side<'reward'>;
  seen: Side<'seen'>;
  level: Side<'level'>;
  form: Side<'form'>;
  shape: Side<'shape'>;
  length?: 'controlled';
  divergence?: readonly Side<'divergence'>[];
  tuning?: 'merged';
}

const gradient = {
  reward: 'explicit',
  seen: 'pointwise',
  level: 'response',
  form: 'score',
  shape: 'single',
} as const;
const group = { ...gradient, shape: 'listwise' } as const;
const pair = {
  reward: 'implicit',
  seen: 'preference',
  level: 'response',
  form: 'preference',
  shape: 'pairwise',
} as const;
const list = { ...pair, shape: 'listwise', length: 'controlled', tuning: 'merged' } as const;

const losses: Readonly<Record<string, LossSides>> = {
  ppo: { ...gradient, level: 'token' },
  reinforce: { ...gradient, level: 'token' },
  rloo: group,
  grpo: group,
  'dr-grpo': { ...group, length: 'controlled' },
  dapo: group,
  dpo: pair,
  cdpo: pair,
  ipo: pair,
  slic: { ...pair, tuning: 'merged' },
  simpo: { ...pair, length: 'controlled' },
  orpo: { ...pair, length: 'controlled', tuning: 'merged' },
  cpo: { ...pair, tuning: 'merged' },
  dpop: pair,
  'r-dpo': { ...pair, length: 'controlled' },
  sppo: { ...pair, seen: 'pointwise' },
  tdpo: { ...pair, level: 'token', divergence: ['reverse', 'forward'] },
  kto: { ...pair, seen: 'pointwise', form: 'binary', shape: 'single' },
  rrhf: list,
  pro: list,
  imitation: { ...gradient, form: 'binary', tuning: 'merged' },
  bond: { ...group, divergence: ['reverse', 'forward'], tuning: 'merged' },
  'j-bond': { ...group, divergence: ['reverse', 'forward'], tuning: 'merged' },
};

const positive = ['bon', 'top', 'positives'];

/** @throws RangeError for an update that has no place on the map: a frozen policy learns nothing */
export function positionOf(settings: ArmSettings): Position {
  const { decode, reference, update } = methodsOf(settings);
  const loss = losses[update.id];
  if (!loss) throw new RangeError(`The update ${update.id} has no place on the map.`);
  const { length = 'free', divergence = ['reverse'], tuning = 'separate', ...own } = loss;
  const priced = update.priced && Number(settings.price.beta ?? 1) > 0;
  const held = priced || update.compares;
  const stored = decode.id === 'stored';
  const filter = settings.filter.method;
  return {
    reward: [own.reward],
    seen: [own.seen],
    level: [own.level],
    signs: [positive.includes(filter) ? 'positives' : filter === 'negatives' ? 'negatives' : 'both'],
    form: [own.form],
    shape: [own.shape],
    // Rewards come from models and tests here; nobody labels by hand.
    by: ['ai'],
    reference: [held ? 'based' : 'free'],
    length: [length],
    divergence: held ? divergence : ['none'],
    policy: stored ? ['off'] : decode.byReference ? ['on', 'off'] : ['on'],
    rounds: [!stored ? 'online' : reference.id === 'starting' ? 'offline' : 'iterative'],
    tuning: [tuning],
  };
}
