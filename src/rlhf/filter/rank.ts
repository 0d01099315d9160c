/** The filters that look at the rank of a reward in its group (PF-PPO, section 4.1), and two controls. */
import { keepAll, type RankPreset } from '../../core/filters/filter.ts';
import type { Source } from '../catalogue/method.ts';
import { keep, keepWithinGroup, sampler, shaped } from './rows.ts';

const paper = (where: string): Source => ({ arxiv: '2409.06957', where });
const control: Source = { where: 'a control of this project, not in the paper' };

export const all = shaped({
  id: 'ppo-m',
  label: 'PPO-M',
  short: 'all',
  what: 'Learn from every response of each group.',
  source: paper('section 5, baseline PPO-M'),
  formula: 'w = (1/N, …, 1/N)',
  cost: 'an update on all that was sampled',
  knobs: { sampler },
  shape: () => ({ kind: 'rank', weights: 'uniform', keep: keepAll }),
});

export const bestOfN = shaped({
  id: 'bon',
  label: 'BoN',
  short: 'best of N',
  what: 'Learn only from the response with the highest reward.',
  source: paper('section 4.1'),
  formula: 'w = (1, 0, …, 0)',
  cost: 'an update on 1 of N responses',
  knobs: { sampler },
  shape: () => ({ kind: 'rank', weights: 'best', keep: 1 }),
});

/** A filter of `keep` responses per group with the weights over ranks that `weights` names. */
const keeping = (
  weights: RankPreset,
  words: { id: string; label: string; short: string; what: string; source: Source; formula: string },
) =>
  shaped({
    ...words,
    cost: 'an update on k of N responses',
    knobs: { sampler, keep },
    conflicts: (knobs, settings) => keepWithinGroup(knobs.keep, settings),
    shape: (knobs) => ({ kind: 'rank', weights, keep: knobs.keep }),
  });

export const bestRandom = keeping('best-random', {
  id: 'br',
  label: 'BR',
  short: 'best + random',
  what: 'The best response and one of the others at random.',
  source: paper('section 4.1'),
  formula: 'w = (1/2, 1/(2(N−1)), …)',
});

export const bestWorst = keeping('best-worst', {
  id: 'bw',
  label: 'BW',
  short: 'best + worst',
  what: 'The best and the worst response of each group.',
  source: paper('section 4.1'),
  formula: 'w = (1/2, 0, …, 0, 1/2)',
});

export const worstRandom = keeping('worst-random', {
  id: 'wr',
  label: 'WR',
  short: 'worst + random',
  what: 'The worst response and one of the others at random.',
  source: control,
  formula: 'w = (1/(2(N−1)), …, 1/2)',
});

export const randomTwo = keeping('uniform', {
  id: 'rand2',
  label: 'Rand2',
  short: 'two at random',
  what: 'Two at random: the same budget without looking at the reward.',
  source: control,
  formula: 'w = (1/N, …, 1/N), k of N',
});
