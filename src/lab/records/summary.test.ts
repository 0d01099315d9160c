import { describe, expect, it } from 'vitest';
import { estimateText, type SummaryRun, summarise, summaryTable } from './summary.ts';

/** A run whose held-out pass goes through `held` (iteration 0 first) and whose reward equals its iteration. */
function run(arm: string, seed: number, held: number[], iterations = 10): SummaryRun {
  return {
    arm,
    seed,
    evaluations: held.map((heldPass, i) => ({ iteration: i * 5, metrics: { heldPass, heldGreedy: 0.6 } })),
    iterations: Array.from({ length: iterations }, (_, i) => ({
      iteration: i + 1,
      metrics: { rewardPi: i + 1, kl: 1, updateTokens: 1e6 * (i + 1) },
    })),
  };
}

describe('summarise', () => {
  const summary = summarise([
    run('BW', 1, [0.3, 0.4, 0.5]),
    run('BW', 2, [0.3, 0.5, 0.5]),
    run('PPO-M', 1, [0.3, 0.5, 0.6]),
    run('PPO-M', 2, [0.4, 0.5, 0.6]),
    run('PPO-M', 3, [0.5, 0.9, 0.9]),
  ]);

  it('takes differences from PPO-M, paired over common seeds', () => {
    expect(summary.reference).toBe('PPO-M');
    const [bw, m] = summary.arms;
    // Ends 0.45, 0.5 against 0.55, 0.55: differences -0.1 and -0.05.
    expect(bw.difference!.mean).toBeCloseTo(-0.075);
    expect(bw.difference!.standardError).toBeCloseTo(0.025);
    expect(bw.difference).toMatchObject({ wins: 0, count: 2 });
    expect(m.difference).toBeNull();
  });

  it('averages the last two evaluations and the last five iterations', () => {
    const [bw, m] = summary.arms;
    expect(bw.heldStart).toEqual({ mean: 0.3, standardError: 0, count: 2 });
    expect(bw.heldEnd!.mean).toBeCloseTo(0.475);
    expect(m.heldEnd!.mean).toBeCloseTo((0.55 + 0.55 + 0.9) / 3);
    expect(bw.reward!.mean).toBe(8);
    expect(bw.updateTokens!.mean).toBe(1e7);
    expect(bw.r2).toBeNull();
  });

  it('has no standard error for one seed, and takes the first arm where PPO-M did not run', () => {
    const single = summarise([run('BR', 1, [0.3, 0.4]), run('BW', 1, [0.3, 0.45])]);
    expect(single.reference).toBe('BR');
    expect(single.arms[1].difference).toEqual({
      mean: expect.closeTo(0.05),
      standardError: null,
      count: 1,
      wins: 1,
    });
    expect(estimateText(single.arms[0].heldEnd)).toBe('0.400');
  });

  it('summarises an interrupted experiment: what did not run is a dash', () => {
    const partial = summarise([run('PPO-M', 1, [0.3, 0.4], 4), { ...run('BW', 1, [0.3]), iterations: [] }]);
    const { head, rows } = summaryTable(partial);
    expect(head).toContain('minus PPO-M');
    expect(rows[0].slice(0, 3)).toEqual(['PPO-M', '1', '4']);
    expect(rows[1]).toEqual(['BW', '0', '0', ...Array(9).fill('–')]);
    expect(summarise([])).toEqual({ reference: null, arms: [] });
  });

  it('writes signs and errors', () => {
    const { rows } = summaryTable(summary);
    expect(rows[0][5]).toBe('−0.075 ± 0.025');
    expect(rows[0][6]).toBe('0/2');
    expect(rows[1][5]).toBe('–');
    expect(rows[0].at(-1)).toBe('10.00 ± 0.00');
  });
});
