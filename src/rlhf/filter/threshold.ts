/** The filters that compare a reward with thresholds (PF-PPO, Table 3; the paper does not give its thresholds). */
import { sampler, shaped } from './rows.ts';

const source = { arxiv: '2409.06957', where: 'Table 3; the thresholds are not in the paper' };

const thresholdHigh = {
  kind: 'number',
  label: 'Upper threshold',
  min: -1,
  max: 1,
  step: 0.01,
  initial: 0.5,
  what: 'Keep responses with a reward above this.',
  expect: 'Fewer, higher rewarded responses.',
} as const;

export const top = shaped({
  id: 'top',
  label: 'top',
  short: 'above a threshold',
  what: 'Responses whose reward is above the upper threshold.',
  source,
  formula: 'w = [r > u]',
  cost: 'an update on what is above the threshold: none where nothing is',
  knobs: { sampler, thresholdHigh },
  shape: (knobs) => ({ kind: 'threshold', above: knobs.thresholdHigh, below: null, otherwise: 0 }),
});

export const topRandom = shaped({
  id: 'top-rand',
  label: 'top-rand',
  short: 'above, some others',
  what: 'Above the upper threshold, and a random share of the rest.',
  source,
  formula: 'w = 1 if r > u, else q',
  cost: 'an update on what is above the threshold and a share of the rest',
  knobs: {
    sampler,
    thresholdHigh,
    randomShare: {
      kind: 'number',
      label: 'Share of the rest',
      min: 0,
      max: 1,
      step: 0.05,
      initial: 0.5,
      what: 'The chance that a response below the threshold is kept anyway.',
      expect: 'Closer to PPO-M.',
    },
  },
  shape: (knobs) => ({
    kind: 'threshold',
    above: knobs.thresholdHigh,
    below: null,
    otherwise: knobs.randomShare,
  }),
});

export const topBottom = shaped({
  id: 'top-bott',
  label: 'top-bott',
  short: 'above or below',
  what: 'Above the upper or below the lower threshold.',
  source,
  formula: 'w = [r > u or r < l]',
  cost: 'an update on what lies outside the thresholds',
  knobs: {
    sampler,
    thresholdHigh,
    thresholdLow: {
      kind: 'number',
      label: 'Lower threshold',
      min: -1,
      max: 1,
      step: 0.01,
      initial: -0.5,
      what: 'Also keep responses with a reward below this.',
      expect: 'More bad examples to learn contrast from.',
    },
  },
  conflicts: ({ thresholdLow, thresholdHigh: above }) =>
    thresholdLow <= above
      ? []
      : [
          {
            path: 'filter.thresholdLow',
            message: `thresholdLow must not exceed thresholdHigh (${above}), and is ${thresholdLow}.`,
            repair: { 'filter.thresholdLow': above },
          },
        ],
  shape: (knobs) => ({
    kind: 'threshold',
    above: knobs.thresholdHigh,
    below: knobs.thresholdLow,
    otherwise: 0,
  }),
});
