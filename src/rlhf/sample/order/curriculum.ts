/** A curriculum: first the simplest kind of problem, then the next joins, then all. */
import { order } from '../../slots.ts';
import { kindKnob, kindOf } from './kinds.ts';
import { inTurn, poolOf } from './pool.ts';

export const curriculum = order({
  id: 'curriculum',
  label: 'Curriculum',
  short: 'the simplest first',
  what: 'The first kind of problem alone, then the second joins, then all; the switches are set in iterations.',
  source: {
    arxiv: '2503.22230',
    where:
      'coding, then mathematics joins, then all: second-hand, without its switch points. Kinds of this world in their place',
  },
  formula: 'x ~ kinds ≤ k(i), k rises at each switch',
  cost: 'none',
  knobs: {
    kinds: {
      ...kindKnob,
      what: 'What the problems are told apart by.',
      expect: 'Tiers go from short programs to long ones; families from lists to texts.',
    },
    firstSwitch: {
      kind: 'integer',
      label: 'Second kind joins after',
      min: 0,
      max: 1000,
      step: 1,
      initial: 10,
      what: 'How many iterations have the first kind alone.',
      expect: 'More of it is learned before anything else. 0 leaves the stage out.',
    },
    secondSwitch: {
      kind: 'integer',
      label: 'All join after',
      min: 0,
      max: 1000,
      step: 1,
      initial: 20,
      what: 'After how many iterations every kind is in.',
      expect: 'The hardest kind comes later, when there is less time for it.',
    },
  },
  conflicts({ firstSwitch, secondSwitch }) {
    if (secondSwitch >= firstSwitch) return [];
    return [
      {
        path: 'order.secondSwitch',
        message: `secondSwitch must not come before firstSwitch, which is ${firstSwitch}.`,
        repair: { 'order.secondSwitch': firstSwitch },
      },
    ];
  },
  asks: ({ prompts, responses }) => ({ prompts, perPrompt: responses }),
  sees: 'alike',
  choose({ seed, iteration, count, problems, pool }, { kinds, firstSwitch, secondSwitch }) {
    const members = poolOf(seed, { problems: problems.length, pool });
    const present = [...new Set(Array.from(members, (at) => kindOf(problems[at], kinds)))].sort(
      (a, b) => a - b,
    );
    const [stage, began] =
      iteration > secondSwitch
        ? [present.length, secondSwitch]
        : iteration > firstSwitch
          ? [2, firstSwitch]
          : [1, 0];
    const open = new Set(present.slice(0, stage));
    const eligible = members.filter((at) => open.has(kindOf(problems[at], kinds)));
    return inTurn(seed, eligible, (iteration - 1 - began) * count, count);
  },
});
