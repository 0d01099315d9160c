import { describe, expect, it } from 'vitest';
import { compareFilters, type Rollouts } from '../../../core/analysis/compareFilters.ts';
import { stream } from '../../../core/random.ts';
import { tableCsv } from '../../../ui/panels/filterlab/table/decisionColumns.tsx';
import { standardFilters } from '../analysis/standardFilters.ts';
import { findingsOf } from './findings.ts';

/** `prompts` prompts of four responses; `score` says how the truth follows from the reward. */
function made(prompts: number, score: (reward: number, noise: number) => number): Rollouts {
  const rng = stream(1, 'findings');
  const reward = Float32Array.from({ length: 4 * prompts }, () => rng.normal());
  const group = Int32Array.from(reward, (_, row) => row >> 2);
  return { reward, score: reward.map((r) => score(r, rng.normal())), group, prompt: group };
}
const reportsOf = (rollouts: Rollouts) => [
  ...compareFilters(rollouts, standardFilters(rollouts), { replicates: 200 }),
];
const said = (rollouts: Rollouts) => findingsOf(reportsOf(rollouts)).join(' ');

describe('findings', () => {
  it('of a reward that knows much: an order, with those that it does not hold for', () => {
    expect(said(made(400, (r, noise) => (r + 0.3 * noise > 0 ? 1 : 0)))).toMatch(
      /has the highest R² per response\. (No other|Its interval overlaps)/,
    );
  });

  it('of a reward that knows nothing: none is told apart', () => {
    expect(said(made(100, (_, noise) => (noise > 0 ? 1 : 0)))).toContain('do not put');
  });

  it('of constant scores: that R² is undefined, and no NaN anywhere', () => {
    const reports = reportsOf(made(20, () => 1));
    expect(findingsOf(reports)).toEqual([expect.stringContaining('R² is undefined here')]);
    expect(tableCsv(reports)).not.toContain('NaN');
  });

  it.each([2, 3, 4])('of %i prompts: that intervals of so few are too narrow', (prompts) => {
    const text = said(made(prompts, (r, noise) => (r + noise > 0 ? 1 : 0)));
    expect(text).toContain(`known for ${prompts} prompts only`);
    expect(text).not.toContain('NaN');
  });

  it('of many prompts of which few have a true score: the same', () => {
    const many = made(40, (r, noise) => (r + noise > 0 ? 1 : 0));
    expect(said(many)).not.toContain('too narrow');
    many.score!.fill(Number.NaN, 4 * 3);
    expect(said(many)).toContain('known for 3 prompts only: the intervals are too narrow');
  });

  it('of one prompt: that there is no interval', () => {
    const reports = reportsOf(made(1, (r) => (r > 0 ? 1 : 0)));
    expect(findingsOf(reports).join(' ')).toContain('One prompt gives no interval');
    expect(tableCsv(reports)).not.toContain('NaN');
  });

  it('without a true score: nothing', () => {
    expect(findingsOf(reportsOf({ ...made(20, () => 1), score: null }))).toEqual([]);
  });
});
