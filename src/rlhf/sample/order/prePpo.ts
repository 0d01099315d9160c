/**
 * Pre-PPO: of new prompts, those that a policy is rewarded least for, before any training, join the original ones. A small
 * policy may look for a larger one.
 */
import { mean, sd } from '../../../core/statistics/stats.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { type Arm, order } from '../../slots.ts';
import { type KindOf, kindKnob, kindOf } from './kinds.ts';
import { allInOrder, inTurn, poolOf } from './pool.ts';
import { scan } from './scan.ts';

export const prePpo = order({
  id: 'pre-ppo',
  label: 'Pre-PPO',
  short: 'the hardest of new prompts join',
  what: 'Before the first iteration the starting policy, or a smaller one in its place, answers new prompts once; those of lowest reward within their kind join the original ones, because they are hard and their reward is not hacked yet.',
  source: {
    arxiv: '2503.22230',
    where:
      'section 4, second-hand for the share of 10 %, for the standardisation within each domain, and for a small model whose selection serves a large one',
  },
  formula: 'z = (r − mean of its kind)/sd of its kind; pool ∪ {x : z ≤ q-quantile}',
  cost: 'one response, and one pass of the reward, for each new prompt, before the first iteration',
  knobs: {
    fresh: {
      kind: 'integer',
      label: 'New prompts',
      min: 1,
      max: 3000,
      step: 1,
      initial: 400,
      what: 'How many problems beyond the training prompts are looked at, if the world has so many.',
      expect: 'More to choose from, and a longer look before the first iteration.',
    },
    share: {
      kind: 'number',
      label: 'Share that joins',
      min: 0.01,
      max: 1,
      step: 0.01,
      initial: 0.1,
      what: 'Which share of the new prompts joins, from the lowest reward up.',
      expect: 'Easier prompts join, too. The paper found 20 % and 50 % worse than 10 %; 1 takes all.',
    },
    standardisedWithin: {
      ...kindKnob,
      label: 'Compared within',
      what: 'Within what the rewards of the starting policy are standardised, so that no kind is chosen for being low as a whole.',
      expect: 'Every kind of problem gives some of the prompts that join.',
    },
    selectedBy: {
      kind: 'choice',
      label: 'Selected by',
      initial: 'own',
      what: 'Whose responses the new prompts are judged by.',
      expect:
        'Arms whose starting policies differ get the same prompts; a large one is spared the look. Where the starting policy is the one that ships, nothing changes.',
      options: [
        { value: 'own', label: 'the starting policy', what: 'The one that this arm trains.' },
        {
          value: 'small',
          label: 'the shipped small policy',
          what: 'The small policy that comes with the page, whatever the arm starts from.',
        },
      ],
    },
  },
  asks: ({ prompts, responses }) => ({ prompts, perPrompt: responses }),
  sees: 'own',
  models: ({ selectedBy }) => (selectedBy === 'small' ? ['small-policy'] : []),
  memory: {
    async start(arm, { fresh, share, standardisedWithin, selectedBy }) {
      const found = freshOf(arm, fresh);
      const looks = selectedBy === 'small' ? arm.models['small-policy'] : arm.reference;
      const { mean: rewards, costs } = await scan(arm, found, 1, looks);
      const z = standardised(found, rewards, arm.tasks.problems, standardisedWithin);
      const joined = pickLowest(found, z, share);
      return { memory: { joined: Array.from(joined) }, costs };
    },
    next: (memory) => memory,
  },
  choose({ seed, iteration, count, problems, pool, memory }) {
    const original = poolOf(seed, { problems: problems.length, pool });
    const members = Int32Array.from([...original, ...(memory!.joined as readonly number[])]);
    return inTurn(seed, members, (iteration - 1) * count, count);
  },
});

/**
 * Problems behind those of the pool.
 * @throws RangeError when the pool holds every problem
 */
export function freshOf({ seed, tasks, settings }: Arm, fresh: number): Int32Array {
  const { pool } = settings.training;
  const { length } = tasks.problems;
  if (pool >= length)
    throw new RangeError(
      `Pre-PPO needs new prompts, but all ${length} problems are training prompts already. Choose fewer training prompts.`,
    );
  return allInOrder(seed, length).slice(pool, pool + fresh);
}

/**
 * Rewards of candidates, standardised within their kind.
 * @param rewards in the order of the candidates
 */
export function standardised(
  candidates: Int32Array,
  rewards: ArrayLike<number>,
  problems: readonly Problem[],
  by: KindOf,
): number[] {
  const kinds = Array.from(candidates, (problem) => kindOf(problems[problem], by));
  const scale = new Map<number, { mean: number; sd: number }>();
  for (const kind of new Set(kinds)) {
    const own = Float64Array.from(Array.from(rewards).filter((_, i) => kinds[i] === kind));
    scale.set(kind, { mean: mean(own), sd: sd(own) });
  }
  return kinds.map((kind, i) => {
    const { mean: middle, sd: spread } = scale.get(kind)!;
    // A kind of one problem, or of equal rewards, has no spread: all of it lies in the middle.
    return spread > 0 ? (rewards[i] - middle) / spread : 0;
  });
}

/** The share of candidates that lies lowest; the earlier one where two are equal. */
export function pickLowest(candidates: Int32Array, z: readonly number[], share: number): Int32Array {
  const ranked = z.map((_, i) => i).sort((a, b) => z[a] - z[b] || a - b);
  const count = Math.max(1, Math.round(share * candidates.length));
  return Int32Array.from(ranked.slice(0, count), (i) => candidates[i]);
}
