/**
 * Where a reward stands on the map: the reliability of its rollouts beside that of each cell. What is compared is the
 * shape, mean true score by tenth of the reward less the overall mean, because how hard the problems are is no matter of
 * the reward.
 */
import { fixed } from '../../core/numberText.ts';
import { mean } from '../../core/statistics/stats.ts';
import { tenthsOf } from './criteria.ts';
import type { StudyCell } from './study.ts';

/** Responses as columns. */
export interface RewardRows {
  reward: ArrayLike<number>;
  /** NaN where unknown; null when none is known. */
  score: ArrayLike<number> | null;
  group: ArrayLike<number>;
}

/** Rollouts as the map sees them. */
export interface RewardProfile {
  /** Mean true score in each tenth by reward, lowest first. */
  tenths: number[];
  score: number;
  /** Responses per prompt, on average. */
  responses: number;
}

export interface Place {
  cell: StudyCell;
  /** By how much the shapes differ: root of the mean squared difference over the tenths. */
  distance: number;
}

/** Farther than this, a cell is not like the reward at all. */
export const farthest = 0.1;

/** Fewer rows with a known score give no shape. */
const fewestRows = 50;

/** @returns null when too few true scores are known, or all rewards are the same */
export function profileOf({ reward, score, group }: RewardRows): RewardProfile | null {
  if (score === null) return null;
  const known = Array.from(score, (_, row) => row).filter((row) => !Number.isNaN(score[row]));
  const rewards = known.map((row) => reward[row]);
  if (known.length < fewestRows || new Set(rewards).size < 2) return null;
  const scores = known.map((row) => score[row]);
  return {
    tenths: tenthsOf(rewards, scores),
    score: mean(scores),
    responses: group.length / new Set(Array.from(group)).size,
  };
}

const shape = ({ tenths, score }: Pick<RewardProfile, 'tenths' | 'score'>): number[] =>
  tenths.map((tenth) => tenth - score);

/** The cells, the nearest first. */
export function placesOf(profile: RewardProfile, cells: readonly StudyCell[]): Place[] {
  const own = shape(profile);
  return cells
    .map((cell) => {
      const other = shape(cell);
      return { cell, distance: Math.sqrt(mean(own.map((value, i) => (value - other[i]) ** 2))) };
    })
    .sort((a, b) => a.distance - b.distance);
}

/** Which cells it is like, in a sentence. */
export function placeInWords([first, second]: readonly Place[]): string {
  if (!first || first.distance > farthest) {
    return `No cell of the map is like it${first ? `: the nearest, ${first.cell.name}, differs by ${fixed(first.distance)} of true score in a tenth` : ''}. The map says nothing about such a reward.`;
  }
  const also =
    second && second.distance <= farthest ? `, then ${second.cell.name} (${fixed(second.distance)})` : '';
  return `Nearest is ${first.cell.name}: the two differ by ${fixed(first.distance)} of true score in a tenth of the rewards${also}.`;
}

/** What would have to be true for a result of the cell to carry over; what differs already is said with its numbers. */
export function conditionsOf(profile: RewardProfile, cell: StudyCell): string[] {
  const conditions = [
    'Your reward stays as reliable while the policy moves. This compares starting points; a policy that learns to please a reward model changes where it can be trusted.',
    cell.settings.reward === undefined
      ? 'Your reward errs as a learned model does: on purpose, as it were, so that a policy can seek its errors out.'
      : 'Your reward errs as the one of this cell does: by chance, not in a way that a policy can learn to exploit.',
  ];
  const n = profile.responses;
  conditions.push(
    Math.abs(n - cell.responses) < 0.5
      ? `N stays ${cell.responses}, as in the cell.`
      : `N does not matter: you have ${fixed(n, 1)} responses to a prompt, the cell ${cell.responses}.`,
  );
  const gap = Math.abs(profile.score - cell.score);
  conditions.push(
    `The problems are as hard for your policy: its mean true score is ${fixed(profile.score)}, here ${fixed(cell.score)}${gap > 0.15 ? ', which is far apart' : ''}.`,
    'Size does not matter: the policies here have 0.12 million parameters, and train for a few dozen iterations with PPO.',
  );
  return conditions;
}
