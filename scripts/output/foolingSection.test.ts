import { describe, expect, it } from 'vitest';
import type { SummaryRun } from '../../src/lab/records/summary.ts';
import { foolingSection } from './foolingSection.ts';

/** Nine looks, five iterations apart, in which the truth rises to a look and falls from there. */
function run(arm: string, seed: number, turn: number, fall: number): SummaryRun {
  const looks = Array.from({ length: 9 }, (_, i) => i);
  const noise = (i: number) => 0.002 * (i % 2);
  return {
    arm,
    seed,
    evaluations: looks.map((i) => ({
      iteration: 5 * i,
      metrics: {
        heldPass: 0.4 + 0.02 * Math.min(i, turn) - fall * Math.max(0, i - turn) + noise(i),
        heldReward: 0.05 * i + noise(i),
      },
    })),
    iterations: Array.from({ length: 40 }, (_, i) => ({ iteration: i + 1, metrics: { kl: (i + 1) / 10 } })),
  };
}
const row = (text: string, arm: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`| ${arm} |`))
    .map((line) => line.split(' | '));

describe('who is fooled first', () => {
  const runs = [1, 2].flatMap((seed) => [
    run('honest', seed, 8, 0),
    run('late', seed, 5, 0.06),
    run('early', seed, 2, 0.06),
  ]);
  const text = foolingSection(runs, { arms: ['honest', 'late', 'early'], inOrder: true });

  it('says in how many runs, and from which iteration, reward and truth part', () => {
    expect(row(text, 'honest')[0].slice(1, 3)).toEqual(['0/2', '–']);
    expect(row(text, 'late')[0][1]).toBe('2/2');
    expect(Number.parseFloat(row(text, 'late')[0][2])).toBeGreaterThan(
      Number.parseFloat(row(text, 'early')[0][2]),
    );
  });

  it('compares at equal distance from the start, between looks, with the runs that went so far', () => {
    // KL 0.5 is reached at iteration 5, the second look; KL 4 at the last.
    const [, half, , , four] = row(text, 'honest')[1];
    expect(half).toMatch(/^0\.422 ± 0\.000 \(2\)/);
    expect(four).toMatch(/^0\.560/);
    const short = runs.map((each) => ({ ...each, iterations: each.iterations.slice(0, 20) }));
    expect(row(foolingSection(short, { arms: ['honest'], inOrder: false }), 'honest')[1][4]).toContain('–');
  });

  it('says in how many seeds the expected order holds, a run that does not part being the last', () => {
    expect(text).toContain(
      '- late parts before honest in 2 of 2 seeds, after it in 0, and in 0 neither is first.',
    );
    expect(text).toContain('- The whole order holds in 2 of 2 seeds.');
    expect(foolingSection(runs, { arms: ['early', 'late'], inOrder: true })).toContain(
      'The whole order holds in 0 of 2 seeds.',
    );
    expect(foolingSection(runs, { arms: ['early', 'late'], inOrder: false })).not.toContain('order');
  });

  it('compares at the largest distance that every run went to, paired by seed', () => {
    // Three seeds, each higher by its own; the early one falls before KL 4 by more than that.
    const seeds = [1, 2, 3].flatMap((seed) => [
      run('honest', seed, 8, 0),
      run('early', seed, 2, 0.06 + 0.001 * seed),
    ]);
    const both = { arms: ['honest', 'early'], inOrder: false };
    expect(foolingSection(seeds, both)).toMatch(
      /- At KL 4, to which every run went, early is below honest: −0\.\d+ ± 0\.\d+, paired over 3 seeds\./,
    );
    const shorter = seeds.map((each) =>
      each.arm === 'early' ? { ...each, iterations: each.iterations.slice(0, 20) } : each,
    );
    expect(foolingSection(shorter, both)).toContain('- At KL 2, to which every run went');
    const nowhere = seeds.map((each) => ({ ...each, iterations: [] }));
    expect(foolingSection(nowhere, both)).toContain('- No distance was reached by every run');
    const two = foolingSection(runs, { arms: ['honest', 'late'], inOrder: false });
    expect(two).toContain('late is not told apart from honest');
  });
});
