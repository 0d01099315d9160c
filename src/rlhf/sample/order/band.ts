/** A band of difficulty: prompts that the policy is neither always nor never rewarded for. */
import type { Memory } from '../../loop/state.ts';
import { order } from '../../slots.ts';
import { comesBack } from './comesBack.ts';
import { inTurn, poolOf } from './pool.ts';
import { scan } from './scan.ts';

export const band = order({
  id: 'band',
  label: 'Difficulty band',
  short: 'neither too easy nor too hard',
  what: 'Only prompts whose mean reward so far lies in a band are worked on; it begins with a look by the starting policy and is renewed at every visit.',
  source: { where: 'a construction of this project: what curricula by pass rate have in common' },
  formula: 'x with low ≤ m(x) ≤ high; m ← (1 − a) m + a · mean reward of its group',
  cost: 'a few responses, and passes of the reward, to each prompt before the first iteration',
  knobs: {
    low: {
      kind: 'number',
      label: 'Lowest mean reward',
      min: -1,
      max: 1,
      step: 0.05,
      initial: -0.6,
      what: 'Prompts below are too hard for now.',
      expect: 'Harder prompts are left out.',
    },
    high: {
      kind: 'number',
      label: 'Highest mean reward',
      min: -1,
      max: 1,
      step: 0.05,
      initial: 0.6,
      what: 'Prompts above are too easy.',
      expect: 'Easier prompts stay in.',
    },
    looks: {
      kind: 'integer',
      label: 'First looks',
      min: 1,
      max: 8,
      step: 1,
      initial: 2,
      what: 'Responses of the starting policy to each prompt, before the first iteration.',
      expect: 'A surer first estimate, for a longer look.',
    },
    renewal: {
      kind: 'number',
      label: 'Renewal (a)',
      min: 0,
      max: 1,
      step: 0.05,
      initial: 0.5,
      what: 'Weight of the newest visit in a prompt’s mean reward.',
      expect: 'The band follows the policy sooner. 0 keeps the first look for ever.',
    },
  },
  conflicts({ low, high }, settings) {
    const back = comesBack('the difficulty band', settings);
    if (low < high) return back;
    return [
      ...back,
      {
        path: 'order.low',
        message: `low must be below high, which is ${high}.`,
        repair: { 'order.low': -1, 'order.high': 1 },
      },
    ];
  },
  asks: ({ prompts, responses }) => ({ prompts, perPrompt: responses }),
  sees: 'own',
  memory: {
    async start(arm, { looks }) {
      const members = poolOf(arm.seed, {
        problems: arm.tasks.problems.length,
        pool: arm.settings.training.pool,
      });
      const { mean, costs } = await scan(arm, members, looks);
      return { memory: { members: Array.from(members), mean: Array.from(mean) }, costs };
    },
    next: (memory, { scored: { problem, reward } }, { renewal }) => renewed(memory, problem, reward, renewal),
  },
  choose({ seed, iteration, count, memory }, { low, high }) {
    const members = memory!.members as readonly number[];
    const mean = memory!.mean as readonly number[];
    const outside = mean.map((m) => Math.max(low - m, m - high, 0));
    const inside = outside.filter((distance) => distance === 0).length;
    // Where too few lie in the band, those nearest to it fill the iteration.
    const ranked = outside.map((_, i) => i).sort((a, b) => outside[a] - outside[b] || a - b);
    const eligible = ranked.slice(0, Math.max(inside, Math.min(count, members.length))).sort((a, b) => a - b);
    return inTurn(
      seed,
      Int32Array.from(eligible, (i) => members[i]),
      (iteration - 1) * count,
      count,
    );
  },
});

/** The memory with the mean reward of every prompt that was visited renewed. */
function renewed(memory: Memory, problem: Int32Array, reward: Float32Array, renewal: number): Memory {
  const sums = new Map<number, { sum: number; count: number }>();
  problem.forEach((at, row) => {
    const { sum, count } = sums.get(at) ?? { sum: 0, count: 0 };
    sums.set(at, { sum: sum + reward[row], count: count + 1 });
  });
  const mean = (memory.mean as readonly number[]).map((before, i) => {
    const seen = sums.get((memory.members as readonly number[])[i]);
    return seen ? (1 - renewal) * before + (renewal * seen.sum) / seen.count : before;
  });
  return { ...memory, mean };
}
