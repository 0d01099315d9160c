/** What a person should know of the rows that were read before trusting the numbers. */
import type { ImportedColumns } from '../columns.ts';
import type { Format } from '../mapping/mapping.ts';

/** What of that is about the true score: another score has other warnings. */
export function truthWarnings({ reward, score }: Pick<ImportedColumns, 'reward' | 'score'>): string[] {
  const warnings: string[] = [];
  const rows = reward.length;
  if (rows === 0) return [];
  const percent = (n: number) => `${n.toLocaleString('en')} of ${rows.toLocaleString('en')} rows`;
  if (score === null) {
    warnings.push('There is no true score: what a filter keeps can be shown, what it is worth cannot.');
  } else {
    const unknown = score.reduce((n, s) => n + (Number.isNaN(s) ? 1 : 0), 0);
    const outside = score.reduce((n, s) => n + (s < 0 || s > 1 ? 1 : 0), 0);
    if (score.every((s, i) => Number.isNaN(s) || s === reward[i])) {
      warnings.push('The true score is the reward itself: that one predicts the other says nothing.');
    }
    if (unknown > 0) warnings.push(`The true score is missing in ${percent(unknown)}.`);
    if (outside > 0) {
      warnings.push(`The true score lies outside [0, 1] in ${percent(outside)}; a pass is a score of 1.`);
    }
  }
  return warnings;
}

export function warningsOf(columns: ImportedColumns, formats: readonly Format[]): string[] {
  const { reward, group } = columns;
  if (reward.length === 0) return ['No row could be read.'];
  const warnings = truthWarnings(columns);
  const sizes = new Map<number, number>();
  for (const g of group) sizes.set(g, (sizes.get(g) ?? 0) + 1);
  const alone = [...sizes.values()].filter((size) => size === 1).length;
  if (alone > 0) {
    warnings.push(
      `${alone.toLocaleString('en')} of ${sizes.size.toLocaleString('en')} groups hold one response: there is nothing to rank in them.`,
    );
  }
  const values = new Set(reward).size;
  if (isSameWithin(reward, group)) {
    warnings.push(
      `The reward is the same ${values === 1 ? 'in all rows' : 'for all responses to a prompt'}: there is nothing to rank.`,
    );
  } else if (values <= 2) {
    warnings.push('The reward takes at most two values: ranks are mostly ties, broken at random.');
  }
  if (new Set(formats).size > 1) {
    warnings.push('The files come from different trainers; their rewards may not be on one scale.');
  }
  return warnings;
}

/** Whether no two responses of a group differ in their reward, though some group has two. */
function isSameWithin(reward: Float32Array, group: Int32Array): boolean {
  const first = new Map<number, number>();
  let compared = false;
  for (let row = 0; row < reward.length; row++) {
    const known = first.get(group[row]);
    if (known === undefined) first.set(group[row], reward[row]);
    else if (known !== reward[row]) return false;
    else compared = true;
  }
  return compared;
}
