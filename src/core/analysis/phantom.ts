/**
 * Phantom groups: responses that are all equally right, and rewarded differently. A gate on such a reward lets them
 * through, and an update turns the noise of the reward into advantages. Also, where what the filters look at and the truth
 * disagree about which prompts have any contrast.
 */
import { keptGroups, type PromptFilter } from '../filters/promptFilter.ts';
import { rankGroups } from '../filters/ranking.ts';
import { contrast } from './criteria.ts';
import { lookedAt, type Rollouts } from './rollouts.ts';

export interface GroupCounts {
  groups: number;
  phantom: number;
}

export interface PhantomReport {
  /** Groups whose truth is known for at least two responses, and the phantom ones among them, by the reward. */
  groups: number;
  phantom: number;
  /** Responses in phantom groups. */
  rows: number;
  /** Groups that differ in what the filters look at and not in truth, and the other way round. */
  onlyLooked: number;
  onlyTruth: number;
  /** What each prompt filter keeps. */
  byPromptFilter: Readonly<Record<string, GroupCounts>>;
}

/** Null without any truth. @param tieSeed orders prompts of equal variance */
export function phantomReport(
  rollouts: Rollouts,
  promptFilters: Readonly<Record<string, PromptFilter>>,
  tieSeed: number,
): PhantomReport | null {
  const { score, reward, group } = rollouts;
  if (score === null) return null;
  const looked = lookedAt(rollouts);
  const ranking = rankGroups(looked, group, tieSeed);
  const kept = Object.entries(promptFilters).map(([name, filter]) => ({
    name,
    stays: keptGroups(filter, ranking, { reward: looked, group, batch: rollouts.batch ?? null }, tieSeed),
    counts: { groups: 0, phantom: 0 },
  }));
  const report = { groups: 0, phantom: 0, rows: 0, onlyLooked: 0, onlyTruth: 0 };
  for (let g = 0; g < ranking.first.length; g++) {
    const truth = contrast(ranking, g, score);
    if (truth === null) continue;
    const isPhantom = !truth && contrast(ranking, g, reward) === true;
    const differs = contrast(ranking, g, looked) === true;
    report.groups++;
    if (isPhantom) {
      report.phantom++;
      report.rows += ranking.starts[g + 1] - ranking.starts[g];
    }
    if (differs && !truth) report.onlyLooked++;
    if (truth && !differs) report.onlyTruth++;
    for (const { stays, counts } of kept) {
      if (stays[g] === 0) continue;
      counts.groups++;
      if (isPhantom) counts.phantom++;
    }
  }
  if (report.groups === 0) return null;
  return { ...report, byPromptFilter: Object.fromEntries(kept.map(({ name, counts }) => [name, counts])) };
}
