/** The filters that learn from right responses, from wrong ones, or from right ones with less weight. */
import { passAt, withoutRepeats } from './rows.ts';

export const positives = withoutRepeats({
  id: 'positives',
  label: 'Positives only',
  short: 'right responses',
  what: 'Learn from right responses alone, as rejection sampling does.',
  source: { arxiv: '2504.11343', where: 'RAFT' },
  formula: 'w = [r ≥ c]',
  cost: 'an update on what is right: none where nothing is',
  knobs: { passAt },
  shape: (knobs) => ({ kind: 'sign', passAt: knobs.passAt, positives: 1, negatives: 0 }),
});

export const negatives = withoutRepeats({
  id: 'negatives',
  label: 'Negatives only',
  short: 'wrong responses',
  what: 'Learn from wrong responses alone: make them less likely, and leave the rest to what the policy knows.',
  source: { arxiv: '2506.01347', where: 'NSR' },
  formula: 'w = [r < c]',
  cost: 'an update on what is wrong: none where nothing is',
  knobs: { passAt },
  shape: (knobs) => ({ kind: 'sign', passAt: knobs.passAt, positives: 0, negatives: 1 }),
});

export const weightedNegatives = withoutRepeats({
  id: 'w-reinforce',
  label: 'Weighted negatives',
  short: 'wrong ones, some right ones',
  what: 'Learn from every wrong response and from a random share of the right ones: on average a weight on right responses in the loss.',
  source: { arxiv: '2506.01347', where: 'W-REINFORCE, its weight as the chance of being kept' },
  formula: 'w = 1 if r < c, else λ',
  cost: 'an update on what is wrong and a share of what is right',
  knobs: {
    passAt,
    positiveWeight: {
      kind: 'number',
      label: 'Weight of right responses (λ)',
      min: 0,
      max: 1,
      step: 0.05,
      initial: 0.1,
      what: 'The chance that a right response is kept.',
      expect: 'Closer to PPO-M.',
    },
  },
  shape: (knobs) => ({ kind: 'sign', passAt: knobs.passAt, positives: knobs.positiveWeight, negatives: 1 }),
});
