/** One small method for a slot of each kind: the examples of docs/development.md, added to the catalogue in a test. */
import { filter, order, reward, update } from '../slots.ts';

/** The first problems of the world, always in the same order. */
export const inOrder = order({
  id: 'toy-order',
  label: 'In order',
  short: 'the first problems',
  what: 'Each iteration works on the first problems of the world.',
  source: { where: 'a toy' },
  formula: 'xᵢ = i',
  cost: 'none',
  knobs: {},
  asks: ({ prompts, responses }) => ({ prompts, perPrompt: responses }),
  sees: 'alike',
  choose: ({ count, problems }) => Int32Array.from({ length: count }, (_, i) => i % problems.length),
});

/** Short programs are rewarded. */
export const brevity = reward({
  id: 'toy-reward',
  label: 'Brevity',
  short: 'the shorter, the better',
  what: 'The fewer characters a program has, the higher its reward.',
  source: { where: 'a toy' },
  formula: 'r = 1 − 2 min(1, length / L)',
  cost: 'none',
  knobs: {
    longest: {
      kind: 'integer',
      label: 'Longest',
      min: 1,
      max: 1000,
      step: 1,
      initial: 40,
      what: 'A program of so many characters gets the lowest reward.',
      expect: 'Long programs are told apart, too.',
    },
  },
  models: () => [],
  open: (_, { longest }) => ({
    needsVerdicts: false,
    passes: () => 0,
    grade: ({ programs }) =>
      Float32Array.from(programs, (program) => 1 - 2 * Math.min(1, program.length / longest)),
  }),
});

/** Every other response. */
export const everyOther = filter({
  id: 'toy-filter',
  label: 'Every other',
  short: 'one of two',
  what: 'Learn from every other response, whatever its reward.',
  source: { where: 'a toy' },
  formula: 'w = (1, 0, 1, …)',
  cost: 'an update on half of the responses',
  knobs: {},
  shape: () => null,
  select: (_, { reward: rewards }) =>
    Int32Array.from(
      rewards.filter((_, i) => i % 2 === 0),
      (_, i) => 2 * i,
    ),
});

/** The likelihood of what was kept is raised, as in supervised fine-tuning. */
export const imitate = update({
  id: 'toy-update',
  label: 'Imitate',
  short: 'likelier, whatever the reward',
  what: 'Raises the likelihood of every token that was kept.',
  source: { where: 'a toy' },
  formula: '−s log π',
  cost: 'a pass of the policy over what was kept',
  priced: false,
  compares: false,
  knobs: {
    strength: {
      kind: 'number',
      label: 'Strength',
      min: 0,
      max: 10,
      step: 0.1,
      initial: 1,
      what: 'Scales the loss.',
      expect: 'Larger steps.',
    },
  },
  metrics: {
    toyNats: {
      group: 'update',
      label: 'Nats per token',
      unit: 'nats',
      digits: 3,
      what: 'Mean surprise at the tokens that were kept.',
      formula: '−log π',
    },
  },
  networks: () => ({}),
  examples: (_, kept) => ({ rows: Array.from(kept, (row) => [row]), perToken: {} }),
  losses: {
    policy({ tf }, { now }, { strength }) {
      const nats = tf.neg(tf.mean(now)) as ReturnType<typeof tf.scalar>;
      return { loss: tf.mul(nats, strength), watch: { toyNats: nats } };
    },
  },
});
