import { describe, expect, it } from 'vitest';
import { compareFilters, type Rollouts } from '../../../core/analysis/compareFilters.ts';
import { type Rng, stream } from '../../../core/random.ts';
import { r2 } from '../../../core/statistics/stats.ts';
import { type AnalysisRow, analyze } from './analyze.ts';
import { standardFilters } from './standardFilters.ts';

/** `prompts` groups of `n` responses whose score follows `truth(reward, rng)`. */
function make(
  prompts: number,
  n: number,
  truth: (reward: number, rng: Rng) => number,
  seed = 1,
): (AnalysisRow & { reward: number })[] {
  const rng = stream(seed, 'made');
  return Array.from({ length: prompts * n }, (_, i) => {
    const reward = Math.fround(2 * rng.uniform() - 1);
    return { prompt_id: Math.floor(i / n), sample: i % n, reward, score: truth(reward, rng) };
  });
}
const coin = (p: number, rng: Rng) => (rng.uniform() < p ? 1 : 0);
const linear = (r: number, rng: Rng) => coin((r + 1) / 2, rng);

describe('analyze', () => {
  it('R² of a perfectly linear reward is 1, for every filter, however grouped', () => {
    const rows = make(60, 5, (r) => (r + 1) / 2);
    const { filters } = analyze(rows, { bootstrap: 200 });
    for (const [id, { r2: measured }] of Object.entries(filters)) {
      for (const { value, low, high } of [measured.perResponse, measured.grouped]) {
        expect(value, id).toBeCloseTo(1, 6);
        expect(low, id).toBeCloseTo(1, 6);
        expect(high, id).toBeCloseTo(1, 6);
      }
    }
  });

  it('R² of an independent reward is near 0, with an interval that covers 0 in about 95 of 100 worlds', () => {
    let covered = 0;
    for (let seed = 0; seed < 100; seed++) {
      const rows = make(80, 5, (_, rng) => coin(0.4, rng), seed);
      const { perResponse } = analyze(rows, { filters: ['none'], bootstrap: 300 }).filters.none.r2;
      expect(perResponse.value!).toBeLessThan(0.06);
      if (perResponse.low === 0) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(88);
  });

  it('the interval covers the R² of the world in about 95 of 100 worlds, prompts being alike within', () => {
    // s = passes with probability (1 + r·strength of the prompt)/2; the truth comes from one very large world.
    const world = (prompts: number, seed: number) => {
      const rng = stream(seed, 'clustered');
      return Array.from({ length: prompts }, (_, prompt) => {
        const ease = rng.uniform() - 0.5;
        return Array.from({ length: 5 }, () => {
          const reward = Math.fround(rng.normal() / 3 + ease);
          return { prompt_id: prompt, reward, score: coin(0.5 + ease + 0.2 * reward, rng) };
        });
      }).flat();
    };
    const large = world(60_000, 12345);
    const truth = r2(
      large.map((row) => row.reward),
      large.map((row) => row.score),
    );
    let covered = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { low, high } = analyze(world(100, seed), { filters: ['none'], bootstrap: 300 }).filters.none.r2
        .perResponse;
      if (low! <= truth && truth <= high!) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(88);
    expect(covered).toBeLessThan(100);
  });

  it('agrees with R² computed from the kept rows by hand', () => {
    const rows = make(50, 5, linear);
    const { filters } = analyze(rows, { filters: ['bw', 'bon'], bootstrap: 0 });
    const kept = Array.from({ length: 50 }, (_, prompt) =>
      rows.filter((row) => row.prompt_id === prompt).sort((a, b) => b.reward - a.reward),
    );
    const bw = kept.flatMap((group) => [group[0], group[4]]);
    expect(filters.bw.r2.perResponse.value).toBeCloseTo(
      r2(
        bw.map((row) => row.reward),
        bw.map((row) => row.score!),
      ),
      12,
    );
    expect(filters.bw.passRate).toBeCloseTo(bw.filter((row) => row.score === 1).length / 100, 12);
    expect(filters.bon.meanReward).toBeCloseTo(kept.reduce((sum, group) => sum + group[0].reward, 0) / 50, 6);
    expect([filters.bw.kept, filters.bw.share, filters.bon.kept]).toEqual([100, 0.4, 50]);
    expect(filters.bw.r2.perResponse.low).toBeNull();
  });

  it('groups by equal count as sorting and cutting does', () => {
    const rows = make(40, 5, linear);
    const { bins } = analyze(rows, { filters: ['none'], groups: 10, bootstrap: 0 }).filters.none.r2.grouped;
    const sorted = [...rows].sort((a, b) => a.reward - b.reward);
    expect(bins.length).toBe(10);
    bins.forEach((bin, i) => {
      const members = sorted.slice(20 * i, 20 * i + 20);
      expect(bin.count).toBe(20);
      expect(bin.score).toBeCloseTo(members.reduce((sum, row) => sum + row.score!, 0) / 20, 12);
      expect(bin.low).toBe(members[0].reward);
    });
  });

  it('never splits equal rewards, and says how many groups that leaves', () => {
    const rows = make(40, 5, linear).map((row) => ({ ...row, reward: row.reward > 0 ? 1 : 0 }));
    const { grouped } = analyze(rows, { filters: ['none'] }).filters.none.r2;
    expect(grouped.bins.map((bin) => [bin.low, bin.high])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(grouped.value).toBeCloseTo(1, 9);
  });

  it('shows by the control that BW raises R² by range alone', () => {
    const rows = make(400, 5, (r, rng) => 0.5 + 0.3 * r + 0.3 * (rng.uniform() - 0.5));
    const { filters } = analyze(rows, { filters: ['none', 'bw', 'bon'], bootstrap: 400 });
    expect(filters.bw.gain.low!).toBeGreaterThan(0);
    expect(filters.bon.gain.high!).toBeLessThan(0);
    for (const id of ['none', 'bw', 'bon']) {
      expect(filters[id].control.perResponse).toBeCloseTo(filters[id].r2.perResponse.value!, 1);
    }
  });

  it('gives the same report for the same seed, and each interval holds its estimate', () => {
    const rows = make(60, 5, linear);
    const first = analyze(rows, { seed: 3, bootstrap: 200 });
    expect(analyze(rows, { seed: 3, bootstrap: 200 })).toEqual(first);
    for (const [id, { r2: measured }] of Object.entries(first.filters)) {
      for (const { value, low, high } of [measured.perResponse, measured.grouped]) {
        expect(low! <= value! && value! <= high!, id).toBe(true);
      }
    }
  });

  it('keeps groups of different steps apart and drops impossible rows with a reason', () => {
    const rows = [
      { prompt_id: 'a', step: 1, reward: 1, score: 1 },
      { prompt_id: 'a', step: 2, reward: 0, score: 0 },
      { prompt_id: 'a', step: 2, reward: Number.NaN, score: 0 },
      { prompt_id: 'a', step: 2, reward: 1e300, score: 0 },
      { prompt_id: 'b', step: 2, reward: 2, score: Infinity },
      { step: 2, reward: 2, score: 0 } as unknown as AnalysisRow,
      { prompt_id: 'b', reward: '2' } as unknown as AnalysisRow,
    ];
    const result = analyze(rows, { filters: ['bon'] });
    expect([result.rows, result.groups, result.prompts, result.filters.bon.kept]).toEqual([2, 2, 1, 2]);
    expect(result.dropped.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6]);
    expect(result.dropped[3].reason).toBe('prompt_id is missing');
  });

  it('says null, not 0, where there is no truth', () => {
    const rows = make(10, 5, linear).map(({ score: _, ...row }) => row);
    const { bw } = analyze(rows).filters;
    expect(bw.kept).toBe(20);
    expect([bw.meanScore, bw.passRate, bw.r2.perResponse.value, bw.kendall]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(JSON.parse(JSON.stringify(bw))).toEqual(bw);
  });

  it('takes a filter of one’s own and names a bad option', () => {
    const rows = make(10, 5, linear);
    const own = {
      id: 'mine',
      filter: { kind: 'rank' as const, weights: [0.4, 0.1, 0.1, 0.1, 0.1], keep: 2 },
    };
    expect(analyze(rows, { filters: [own] }).filters.mine.kept).toBe(20);
    expect(() => analyze(rows, { filters: ['bxw'] })).toThrow("'bxw'");
    expect(() => analyze(rows, { groups: 1 })).toThrow('options.groups');
    expect(() => analyze(rows, { bootstrap: -1 })).toThrow('options.bootstrap');
    expect(analyze([]).filters).toEqual({});
  });
});

describe('compareFilters', () => {
  const rows = make(30, 5, linear);
  const rollouts: Rollouts = {
    reward: Float32Array.from(rows, (row) => row.reward),
    score: Float32Array.from(rows, (row, i) => (i % 7 === 0 ? Number.NaN : row.score!)),
    group: Int32Array.from(rows, (row) => Number(row.prompt_id)),
    prompt: Int32Array.from(rows, (row) => Number(row.prompt_id)),
  };

  it('measures only rows whose truth is known, and selects among all', () => {
    const [everything] = compareFilters(rollouts, standardFilters(rollouts));
    expect([everything.kept, everything.truth!.rows]).toEqual([150, 150 - 22]);
  });

  it('compares texts within groups', () => {
    const texts = {
      id: Int32Array.from(rows, (_, i) => (i % 5 < 2 ? 0 : i)),
      read: (row: number) => `f${row % 5}`,
    };
    const [everything] = compareFilters(rollouts, standardFilters(rollouts), { texts, replicates: 0 });
    expect(everything.diversity!.uniqueShare).toBeCloseTo(0.8, 12);
    expect(everything.diversity!.editDistance).toBeCloseTo(0.5, 12);
  });

  it('measures rows that were selected elsewhere', () => {
    const own = {
      id: 'x',
      label: 'x',
      filter: { kind: 'custom' as const, source: '' },
      sampler: 'keep' as const,
    };
    const [report] = compareFilters(rollouts, [{ ...own, rows: Int32Array.of(0, 0, 3) }]);
    expect([report.kept, report.distinct, report.truth!.rows]).toEqual([3, 2, 1]);
  });
});
