/** Prompts in a random order, every one used once before any is used again. */
import { order } from '../../slots.ts';
import { choosePrompts } from './pool.ts';

export const uniform = order({
  id: 'uniform',
  label: 'Uniform',
  short: 'every problem in turn',
  what: 'Each iteration draws problems from the pool at random, every one once before any is drawn again.',
  source: { arxiv: '2409.06957', where: 'Algorithm 2: prompts are sampled from the data set' },
  formula: 'x ~ Uniform(pool), without replacement within a pass',
  cost: 'none',
  knobs: {},
  asks: ({ prompts, responses }) => ({ prompts, perPrompt: responses }),
  sees: 'alike',
  choose: ({ seed, problems, ...asked }) => choosePrompts(seed, { ...asked, problems: problems.length }),
});
