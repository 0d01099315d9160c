/** From the columns of an iteration to groups in order of reward: what the strips draw and the inspector walks. Pure. */
import type { SampleColumns } from '../../lab/records/record.ts';

export interface RankedGroup {
  /** Index of the prompt occurrence within the iteration. */
  group: number;
  /** Index of the problem among the training problems. */
  problem: number;
  /** Rows of the iteration, highest reward first; equal rewards in order of row. */
  rows: number[];
}

/** Groups of an iteration, in order of appearance. */
export function groupsByReward(samples: Pick<SampleColumns, 'group' | 'problem' | 'reward'>): RankedGroup[] {
  const groups = new Map<number, RankedGroup>();
  for (let row = 0; row < samples.group.length; row++) {
    const group = samples.group[row];
    const known = groups.get(group);
    if (known) known.rows.push(row);
    else groups.set(group, { group, problem: samples.problem[row], rows: [row] });
  }
  for (const { rows } of groups.values()) {
    rows.sort((a, b) => samples.reward[b] - samples.reward[a] || a - b);
  }
  return [...groups.values()];
}

/** Three classes of truth that shapes can tell apart where colours cannot. */
export type Truth = 'pass' | 'part' | 'fail';
export const truthOf = (score: number): Truth => (score === 1 ? 'pass' : score > 0 ? 'part' : 'fail');
export const truthText: Record<Truth, string> = {
  pass: 'passes every test',
  part: 'passes some tests',
  fail: 'passes none',
};

/** Colour of a true score in [0, 1]: the theme's two ends, mixed between. */
export const scoreColour = (score: number) =>
  score >= 1
    ? 'var(--score-high)'
    : score <= 0
      ? 'var(--score-low)'
      : `color-mix(in oklab, var(--score-high) ${Math.round(score * 100)}%, var(--score-low))`;

/** Outline of the mark of a truth in a box of 16 × 16. */
export const truthPath: Record<Truth, string> = {
  pass: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13Z',
  part: 'M8 1L15 8L8 15L1 8Z',
  fail: 'M3.7 1.2L8 5.5L12.3 1.2L14.8 3.7L10.5 8L14.8 12.3L12.3 14.8L8 10.5L3.7 14.8L1.2 12.3L5.5 8L1.2 3.7Z',
};
