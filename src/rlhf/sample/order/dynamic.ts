/** Dynamic sampling: a group whose rewards are all alike teaches nothing, so another prompt takes its place. */
import { order } from '../../slots.ts';
import { comesBack } from './comesBack.ts';
import { inTurn, poolOf } from './pool.ts';

export const dynamic = order({
  id: 'dynamic',
  label: 'Dynamic sampling',
  short: 'groups without contrast are replaced',
  what: 'A group whose rewards hardly differ is thrown away, and the next prompt is sampled in its place, until every group has contrast or the rounds are used up.',
  source: {
    arxiv: '2503.14476',
    where: 'DAPO, dynamic sampling; that groups left over at the last round stay is a choice of this project',
  },
  formula: 'keep x if max r − min r > δ, else draw x′',
  cost: 'whatever is thrown away was sampled and graded; the costs count it',
  knobs: {
    contrast: {
      kind: 'number',
      label: 'Least contrast (δ)',
      min: 0,
      max: 2,
      step: 0.01,
      initial: 0.05,
      what: 'By how much the best reward of a group must exceed its worst.',
      expect:
        'More groups are thrown away. 0 asks for any difference, which is DAPO’s rule where rewards are 0 or 1.',
    },
    rounds: {
      kind: 'integer',
      label: 'Most rounds',
      min: 1,
      max: 20,
      step: 1,
      initial: 5,
      what: 'How many rounds of sampling an iteration may have; then it goes on with the groups that it has.',
      expect: 'Fewer groups without contrast, at a higher price. 1 replaces nothing.',
    },
  },
  asks: ({ prompts, responses }) => ({ prompts, perPrompt: responses }),
  sees: 'own',
  conflicts(_, settings) {
    const back = comesBack('dynamic sampling', settings);
    if (settings.training.responses < 2)
      return [
        ...back,
        {
          path: 'training.responses',
          message: 'responses must be 2 or more for dynamic sampling: one response alone has no contrast.',
          repair: { 'training.responses': 2 },
        },
      ];
    return back;
  },
  // How many prompts have been drawn so far: what was replaced is not drawn again at once.
  memory: {
    start: () => ({ memory: { drawn: 0 } }),
    next: ({ drawn }, { prompts }) => ({ drawn: (drawn as number) + prompts }),
  },
  choose({ seed, count, drawn, problems, pool, memory }) {
    const members = poolOf(seed, { problems: problems.length, pool });
    return inTurn(seed, members, (memory!.drawn as number) + drawn, count);
  },
  replaces: {
    rounds: ({ rounds }) => rounds,
    keeps: (rewards, { contrast }) => Math.max(...rewards) - Math.min(...rewards) > contrast,
  },
});
