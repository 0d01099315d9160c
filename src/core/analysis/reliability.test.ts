import { describe, expect, it } from 'vitest';
import { rankGroups } from '../filters/filter.ts';
import { stream } from '../random.ts';
import { binomialSpread, histogram } from './bins.ts';
import { calibration, passFailHistogram, rankProfile, tenLines } from './reliability.ts';

/** Independent passes with probability p(reward). */
function world(prompts: number, n: number, p: (reward: number) => number) {
  const rng = stream(4, 'world');
  const reward = Float64Array.from({ length: prompts * n }, () => 2 * rng.uniform() - 1);
  const score = reward.map((r) => (rng.uniform() < p(r) ? 1 : 0));
  return { reward, score, prompt: Int32Array.from(reward, (_, i) => Math.floor(i / n)) };
}

describe('ten lines', () => {
  const { reward, score, prompt } = world(600, 10, (r) => 0.5 + 0.45 * r);

  it('spread as binomial sampling predicts when passes are independent', () => {
    const { bins } = tenLines(reward, score, prompt);
    expect(bins.length).toBe(10);
    const ratio = bins.reduce((sum, bin) => sum + bin.spread / bin.sampling, 0) / 10;
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.2);
    for (const bin of bins) {
      expect(bin.sampling).toBeCloseTo(binomialSpread(bin.score, bin.count / 10), 2);
      expect(bin.spread / bin.sampling).toBeLessThan(2);
    }
  });

  it('use every response once when split, and the same ones for the same seed', () => {
    const first = tenLines(reward, score, prompt, { lines: 7 });
    expect(first.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(6000);
    expect(tenLines(reward, score, prompt, { lines: 7 })).toEqual(first);
    expect(tenLines(reward, score, prompt, { lines: 7, seed: 2 })).not.toEqual(first);
  });

  it('can draw prompts anew for each line, and leave holes where a line has nothing', () => {
    const few = tenLines([0, 1], [0, 1], [0, 1], {
      by: 'resample',
      grouping: { groups: 2, mode: 'equal-width' },
    });
    expect(few.bins.length).toBe(2);
    expect([...few.bins[0].lines].some(Number.isNaN)).toBe(true);
    for (const value of few.bins[1].lines) expect(Number.isNaN(value) || value === 1).toBe(true);
  });
});

describe('calibration', () => {
  it('has errors as wide as they should be for independent responses, and wider when prompts are alike', () => {
    const { reward, score, prompt } = world(400, 5, () => 0.3);
    const alike = score.map((_, row) => score[5 * Math.floor(row / 5)]);
    const grouping = { groups: 4, mode: 'equal-count' as const };
    calibration(reward, score, prompt, grouping).forEach((bin) => {
      expect(bin.standardError / binomialSpread(bin.meanY, bin.count)).toBeCloseTo(1, 0.7);
    });
    const wide = calibration(reward, alike, prompt, { groups: 1, mode: 'equal-count' });
    expect(wide[0].standardError / binomialSpread(wide[0].meanY, 2000)).toBeGreaterThan(1.8);
  });
});

describe('histograms', () => {
  it('count everything once, the largest value included', () => {
    const { edges, counts } = histogram([0, 0.5, 1, 1], 2);
    expect([...edges, ...counts]).toEqual([0, 0.5, 1, 1, 3]);
    const { pass, fail } = passFailHistogram([0, 0.5, 1, 1], [1, 0, 1, 0.5], 2);
    expect([...pass, ...fail]).toEqual([1, 1, 0, 2]);
    expect([...histogram([3, 3], 2).counts]).toEqual([2, 0]);
  });
});

describe('rank against score', () => {
  it('averages by rank over groups of mixed size', () => {
    const reward = Float32Array.of(0.1, 0.9, 0.5, 0.2, 0.3);
    const ranking = rankGroups(reward, Int32Array.of(1, 1, 1, 2, 2), 0);
    const rows = rankProfile(ranking, reward, [0, 1, Number.NaN, 0, 0.5]);
    expect(rows.map(({ rank, count, score, passRate }) => [rank, count, score, passRate])).toEqual([
      [1, 2, 0.75, 0.5],
      [2, 1, 0, 0],
      [3, 1, 0, 0],
    ]);
  });
});
