/** PPO-S: as many responses as the other arms sample, each to a prompt of its own. */
import { order } from '../../slots.ts';
import { choosePrompts } from './pool.ts';

export const single = order({
  id: 'ppo-s',
  label: 'PPO-S',
  short: 'one response per prompt',
  what: 'One response per prompt, N times as many prompts.',
  source: { arxiv: '2409.06957', where: 'section 5, baseline PPO-S' },
  formula: 'N · prompts problems, one response each',
  cost: 'none: as many samples as with N responses per prompt',
  knobs: {},
  // In a group of one there is nothing to choose.
  brings: { filter: 'ppo-m' },
  asks: ({ prompts, responses }) => ({ prompts: prompts * responses, perPrompt: 1 }),
  sees: 'alike',
  choose: ({ seed, problems, ...asked }) => choosePrompts(seed, { ...asked, problems: problems.length }),
});
