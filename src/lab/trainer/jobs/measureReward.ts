/**
 * How good a reward model is, on programs of the starting policy for held-out problems: how often it orders two
 * programs as execution does, and where along its own scale it can be believed (PF-PPO, figure 1).
 */
import { orderOf, pearson } from '../../../core/statistics/stats.ts';
import { labelPairs, pairAccuracy, truthful } from '../../../rlhf/prepare/rewardModel.ts';
import { styleTaste } from '../../../rlhf/prepare/style.ts';
import type { Graded } from './job.ts';

const tenths = 10;

/** @param style the style that labelled what the model learned from; null where none did */
export function measureReward(
  reward: Float32Array,
  { responses: { rows, group }, judged: { score } }: Graded,
  style: number | null,
): { metrics: Record<string, number>; reliability: number[] } {
  const pass = score.map((s) => (s === 1 ? 1 : 0));
  const pairs = labelPairs({ rows, group, score }, truthful, 0);
  const decisive = pairs.filter(({ chosen, rejected }) => pass[chosen] !== pass[rejected]);
  const order = orderOf(reward);
  const tenth = (from: number, to = from + 1) =>
    order.subarray(Math.round((from * order.length) / tenths), Math.round((to * order.length) / tenths));
  const taste = style === null ? null : Float32Array.from(rows, styleTaste(style));
  return {
    reliability: Array.from({ length: tenths }, (_, i) => {
      const rowsOfTenth = tenth(i);
      return rowsOfTenth.reduce((sum, row) => sum + pass[row], 0) / rowsOfTenth.length;
    }),
    metrics: defined({
      heldPairAccuracy: pairAccuracy(reward, pairs),
      heldPassFailAccuracy: pairAccuracy(reward, decisive),
      heldMiddleAccuracy: passFailOrder(tenth(2, 8), reward, pass),
      ...(taste && {
        heldTruthCorrelation: pearson(reward, score),
        heldStyleCorrelation: pearson(reward, taste),
      }),
    }),
  };
}

/** Without the numbers that are not defined: where there is nothing to compare, nothing is said. */
const defined = (metrics: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => !Number.isNaN(value)));

/**
 * Of all pairs of a passing and a failing program among these rows, whatever their problems: the share that the reward
 * orders rightly, equal rewards counted as half. NaN where all pass or all fail.
 */
export function passFailOrder(rows: Int32Array, reward: Float32Array, pass: Float32Array): number {
  let right = 0;
  let pairs = 0;
  for (const better of rows) {
    if (pass[better] === 0) continue;
    for (const worse of rows) {
      if (pass[worse] === 1) continue;
      pairs++;
      if (reward[better] > reward[worse]) right++;
      else if (reward[better] === reward[worse]) right += 0.5;
    }
  }
  return right / pairs;
}
