/** A filter that a person makes: weights over ranks, or a function that runs in the sandbox. */
import { type Filter, select, selectWeighted } from '../../core/filters/filter.ts';
import { filter } from '../slots.ts';
import { keep, keepWithinGroup, sampler } from './rows.ts';

const initialWeights = [0.5, 0, 0, 0, 0.5];

export const custom = filter({
  id: 'custom',
  label: 'custom',
  short: 'your own',
  what: 'Your own weights over ranks, or a function written in the page.',
  source: { where: 'a construction of this project' },
  formula: 'w = (w₁, …, w_N), or w = filter(r₁, …, r_N)',
  cost: 'an update on k of N responses',
  knobs: {
    sampler,
    keep,
    rankWeights: {
      kind: 'numbers',
      label: 'Weights by rank',
      min: 0,
      max: 1,
      maxCount: 16,
      initial: initialWeights,
      what: 'Custom filter: the weight of each rank, best first.',
      expect: 'Ranks with weight 0 are never learned from.',
      applies: ({ customFilter }) => (customFilter as string).trim() === '',
      bar: (index) => ({
        short: String(index + 1),
        long: `Weight of rank ${index + 1}${index === 0 ? ', the best' : ''}`,
      }),
    },
    customFilter: {
      kind: 'code',
      label: 'Filter function',
      maxLength: 8192,
      initial: '',
      what: 'Custom filter as JavaScript, executed in the sandbox. Empty: the weights by rank are used.',
      expect: 'Whatever you write.',
    },
  },
  conflicts({ keep: kept, rankWeights, customFilter }, settings) {
    const found = keepWithinGroup(kept, settings);
    if (customFilter.trim() === '' && rankWeights.every((weight) => weight === 0)) {
      found.push({
        path: 'filter.rankWeights',
        message: 'rankWeights must hold a number above 0: a filter that keeps nothing teaches nothing.',
        repair: { 'filter.rankWeights': initialWeights },
      });
    }
    return found;
  },
  shape: ({ customFilter, rankWeights, keep: kept }): Filter =>
    customFilter.trim() === ''
      ? { kind: 'rank', weights: [...rankWeights], keep: kept }
      : { kind: 'custom', source: customFilter },
  async select({ customFilter: evaluate }, { reward, group }, rng, knobs) {
    const shape = custom.shape(knobs) as Filter;
    if (shape.kind !== 'custom') return select(shape, knobs.sampler, { reward, group }, rng);
    return selectWeighted(
      await evaluate(shape.source, { reward, group }),
      knobs.sampler,
      knobs.keep,
      group,
      rng,
    );
  },
});
