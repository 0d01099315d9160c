import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankGroups } from '../filters/filter.ts';
import { groupRows } from '../filters/ranking.ts';
import { tieSeed } from '../filters/selectionSeeds.ts';
import { compareFilters } from './compareFilters.ts';
import { advantagesOf, measureCriteria, type Normalise, prepareCriteria } from './criteria.ts';
import { discardedBy, discardReasons } from './discarded.ts';
import { overSteps } from './overSteps.ts';
import { phantomReport } from './phantom.ts';
import { chooseRows, type NamedFilter, type Rollouts, rankLooked } from './rollouts.ts';
import { type Compared, toldApart } from './toldApart.ts';

/** Groups of mixed size with ties, some truths unknown, over three steps; and how often each row is kept. */
const worlds = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom(0, 0, 1, 1, 0.5, Number.NaN),
      fc.integer({ min: 0, max: 2 }),
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => ({
    rollouts: {
      reward: Float32Array.from(rows, ([, reward]) => reward / 4),
      score: Float32Array.from(rows, ([, , score]) => score),
      group: Int32Array.from(rows, ([group]) => group),
      prompt: Int32Array.from(rows, ([group]) => group % 5),
      step: Float64Array.from(rows, ([group]) => (group % 3) * 10),
      batch: Int32Array.from(rows, ([group]) => group % 3),
    } satisfies Rollouts,
    uses: Float64Array.from(rows, ([, , , uses]) => uses),
  }));
const normalise = fc.constantFrom<Normalise>('before', 'after');
const bw: NamedFilter = {
  id: 'bw',
  label: 'BW',
  filter: { kind: 'rank', weights: 'best-worst', keep: 2 },
  sampler: 'keep',
};
const all: NamedFilter = {
  id: 'ppo-m',
  label: 'all',
  filter: { kind: 'rank', weights: 'uniform', keep: 99 },
  sampler: 'keep',
};

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const same = (actual: number, expected: number) => {
  if (Number.isNaN(expected)) expect(actual).toBeNaN();
  else expect(actual).toBeCloseTo(expected, 9);
};

/** The criteria as a person would write them down, row by row. */
function reference({ reward, score, group }: Rollouts, uses: Float64Array, how: Normalise) {
  const variances: number[] = [];
  const signals: number[] = [];
  const phantoms: number[] = [];
  const signs: number[] = [];
  for (const name of new Set(group)) {
    const rows = [...group.keys()].filter((row) => group[row] === name);
    const kept = rows.flatMap((row) => new Array<number>(uses[row]).fill(row));
    if (kept.length === 0) continue;
    const rewards = kept.map((row) => reward[row]);
    variances.push(mean(rewards.map((r) => (r - mean(rewards)) ** 2)));
    const isKnown = (row: number) => !Number.isNaN(score![row]);
    const known = kept.filter(isKnown);
    if (known.length > 0) {
      const p = known.filter((row) => score![row] === 1).length / known.length;
      signals.push(4 * known.length * p * (1 - p));
    }
    const truths = rows.filter(isKnown).map((row) => score![row]);
    if (truths.length > 1) {
      const rewarded = new Set(rows.map((row) => reward[row])).size > 1;
      phantoms.push(new Set(truths).size === 1 && rewarded ? 1 : 0);
    }
    const among = how === 'after' ? kept : rows;
    const centre = mean(among.map((row) => reward[row]));
    const truth = mean(among.filter(isKnown).map((row) => score![row]));
    for (const row of known) {
      const advantage = Math.sign(Math.round((reward[row] - centre) * 1e9));
      if (advantage !== 0)
        signs.push(advantage === Math.sign(Math.round((score![row] - truth) * 1e9)) ? 1 : 0);
    }
  }
  return { variance: mean(variances), signal: mean(signals), phantom: mean(phantoms), sign: mean(signs) };
}

describe('the criteria beside R²', () => {
  it('agree with a plain reference, on groups of mixed size with ties and unknown truths', () => {
    fc.assert(
      fc.property(worlds, normalise, ({ rollouts, uses }, how) => {
        const { criteria } = measureCriteria(prepareCriteria(rollouts, 0, 1), uses, how);
        const due = reference(rollouts, uses, how);
        same(criteria.variance.value, due.variance);
        same(criteria.signal.value, due.signal);
        same(criteria.phantom.value, due.phantom);
        same(criteria.sign.value, due.sign);
      }),
    );
  });

  it('have intervals that hold their estimate, and grow narrower with more prompts', () => {
    const world = (prompts: number): Rollouts => ({
      reward: Float32Array.from({ length: prompts * 4 }, (_, i) => ((i * 7919) % 13) / 13),
      score: Float32Array.from({ length: prompts * 4 }, (_, i) => ((i * 104729) % 7) % 2),
      group: Int32Array.from({ length: prompts * 4 }, (_, i) => i >> 2),
      prompt: Int32Array.from({ length: prompts * 4 }, (_, i) => i >> 2),
    });
    const widths = [20, 500].map((prompts) => {
      const rollouts = world(prompts);
      const uses = new Float64Array(prompts * 4).fill(1);
      const { criteria } = measureCriteria(prepareCriteria(rollouts, 300, 1), uses, 'before');
      return Object.values(criteria).map(({ value, low, high }) => {
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
        return high - low;
      });
    });
    widths[0].forEach((width, i) => {
      expect(widths[1][i]).toBeLessThan(width);
    });
  });

  it('have advantages of mean 0 in each group, before and after filtering', () => {
    fc.assert(
      fc.property(worlds, normalise, ({ rollouts, uses }, how) => {
        const { reward, group } = rollouts;
        const advantages = advantagesOf(reward, groupRows(group), uses, how);
        for (const name of new Set(group)) {
          const rows = [...group.keys()].filter((row) => group[row] === name);
          const sum = rows.reduce(
            (total, row) => total + (how === 'after' ? uses[row] : 1) * advantages[row],
            0,
          );
          expect(Math.abs(sum)).toBeLessThan(1e-4);
          for (const row of rows) if (how === 'after' && uses[row] === 0) expect(advantages[row]).toBe(0);
        }
      }),
    );
  });
});

describe('what filters look at', () => {
  it('decides what they keep; reward and truth are measured all the same', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 99 }), ({ rollouts }, seed) => {
        const filterOn = rollouts.reward.map((r) => -r);
        const turned = { ...rollouts, filterOn };
        const rows = chooseRows(bw, turned, rankLooked(turned, seed), seed);
        const own = { ...rollouts, reward: filterOn };
        expect(rows).toEqual(chooseRows(bw, own, rankGroups(filterOn, rollouts.group, tieSeed(seed)), seed));
        const [report] = compareFilters(turned, [bw], { seed, replicates: 0 });
        expect(report.meanReward).toBeCloseTo(mean([...rows].map((row) => rollouts.reward[row])), 6);
      }),
    );
  });
  it('and a phantom group is kept by a gate on the reward, and dropped by one on the truth', () => {
    // Two groups: in the first all fail with rewards that differ, in the second one passes.
    const rollouts: Rollouts = {
      reward: Float32Array.of(0.1, 0.2, 0.3, 1, 0, 0),
      score: Float32Array.of(0, 0, 0, 1, 0, 0),
      group: Int32Array.of(0, 0, 0, 1, 1, 1),
      prompt: Int32Array.of(0, 0, 0, 1, 1, 1),
    };
    const gates = { gate: { kind: 'contrast' } } as const;
    const onReward = phantomReport(rollouts, gates, 1)!;
    expect(onReward).toMatchObject({ groups: 2, phantom: 1, rows: 3, onlyLooked: 1, onlyTruth: 0 });
    expect(onReward.byPromptFilter.gate).toEqual({ groups: 2, phantom: 1 });
    const onTruth = phantomReport({ ...rollouts, filterOn: rollouts.score }, gates, 1)!;
    expect(onTruth).toMatchObject({ phantom: 1, onlyLooked: 0 });
    expect(onTruth.byPromptFilter.gate).toEqual({ groups: 1, phantom: 0 });
    expect(phantomReport({ ...rollouts, score: null }, gates, 1)).toBeNull();
  });
});

describe('what is discarded', () => {
  const filters: NamedFilter[] = [
    bw,
    { ...bw, id: 'zero-variance+bw', prompts: { kind: 'contrast' } },
    { ...bw, id: 'top', filter: { kind: 'threshold', above: 0.6, below: null, otherwise: 0 } },
    { ...bw, id: 'pods', filter: { kind: 'max-variance', keep: 3 } },
    { ...bw, id: 'positives', filter: { kind: 'sign', passAt: 0.5, positives: 1, negatives: 0 } },
    { ...bw, id: 'top-p', prompts: { kind: 'variance-share', share: 0.5 } },
  ];
  it('has a reason where and only where a row is not kept', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...filters), ({ rollouts }, named) => {
        const kept = new Set(chooseRows(named, rollouts, rankLooked(rollouts, 1), 1));
        const { reason, before, after } = discardedBy(named, rollouts, 1);
        reason.forEach((code, row) => {
          expect(code === 0).toBe(kept.has(row));
          expect(discardReasons[code]).toBeDefined();
          if (code !== 0) expect(after[row]).toBe(0);
          expect(Number.isFinite(before[row])).toBe(true);
        });
      }),
    );
  });

  it('says which rule it was, and what the trainer itself dropped', () => {
    const rollouts: Rollouts = {
      reward: Float32Array.of(1, 1, 0.5, 0, 1, 0.2),
      score: null,
      group: Int32Array.of(0, 0, 1, 1, 1, 1),
      prompt: Int32Array.of(0, 0, 1, 1, 1, 1),
      trained: Uint8Array.of(1, 1, 1, 2, 1, 1),
    };
    const words = (named: NamedFilter) =>
      Array.from(discardedBy(named, rollouts, 1).reason, (code) => discardReasons[code]);
    expect(words({ ...bw, prompts: { kind: 'contrast' } })).toEqual([
      'no-contrast',
      'no-contrast',
      'rank',
      'trainer',
      'kept',
      'rank',
    ]);
    expect(words(filters[2])[2]).toBe('threshold');
    expect(words(filters[4])[5]).toBe('sign');
    expect(words({ ...filters[3], filter: { kind: 'max-variance', keep: 2 } })[2]).toBe('middle');
  });
});

describe('over the steps', () => {
  it('each window says what a comparison of its rows alone would', () => {
    fc.assert(
      fc.property(worlds, ({ rollouts }) => {
        const report = overSteps(rollouts, [all, bw], { replicates: 0 });
        if (report === null) {
          expect(new Set(rollouts.step).size).toBe(1);
          return;
        }
        expect(report.windows.reduce((sum, { rows }) => sum + rows, 0)).toBe(rollouts.reward.length);
        report.windows.forEach(({ from, to, filters }) => {
          expect(from).toBe(to);
          const rows = [...rollouts.step.keys()].filter((row) => rollouts.step[row] === from);
          const part: Rollouts = {
            reward: Float32Array.from(rows, (row) => rollouts.reward[row]),
            score: Float32Array.from(rows, (row) => rollouts.score[row]),
            group: Int32Array.from(rows, (row) => rollouts.group[row]),
            prompt: Int32Array.from(rows, (row) => rollouts.prompt[row]),
          };
          const [alone] = compareFilters(part, [all], { replicates: 0 });
          same(filters['ppo-m'].variance.value, alone.criteria.variance.value);
          same(filters['ppo-m'].r2.value, alone.truth?.r2.perResponse.value ?? Number.NaN);
        });
      }),
    );
  });

  it('says when another filter is better, and does not where none is', () => {
    // The reward is right about the extremes and blind between them; after half of the steps it is the other way round.
    const world = (turn: number): Rollouts => {
      const groups = 40 * 60;
      const n = groups * 4;
      const at = (i: number) => ({ step: Math.floor(i / 4 / 60), place: i % 4 });
      const noise = (i: number) => ((i * 2654435761) % 1000) / 1000;
      return {
        reward: Float32Array.from({ length: n }, (_, i) => at(i).place / 3 + noise(i) / 10),
        score: Float32Array.from({ length: n }, (_, i) => {
          const { step, place } = at(i);
          const coin = noise(i * 31 + 3) < 0.5 ? 1 : 0;
          if (step >= turn) return place === 0 || place === 3 ? coin : place - 1;
          return place === 0 || place === 3 ? place / 3 : coin;
        }),
        group: Int32Array.from({ length: n }, (_, i) => i >> 2),
        prompt: Int32Array.from({ length: n }, (_, i) => (i >> 2) % 60),
        step: Float64Array.from({ length: n }, (_, i) => at(i).step),
      };
    };
    const turned = overSteps(world(20), [all, bw], { windows: 8 })!;
    expect(turned.windows.length).toBe(8);
    expect(turned.schedule.r2.start).toBe('bw');
    expect(turned.schedule.r2.changes).toEqual([{ window: 4, step: 20, to: 'ppo-m' }]);
    expect(overSteps(world(99), [all, bw], { windows: 8 })!.schedule.r2.changes).toEqual([]);
    expect(overSteps({ ...world(99), step: null }, [all, bw])).toBeNull();
  });
});

describe('told apart', () => {
  const one = (id: string, value: number, spread: number): Compared => ({
    id,
    value,
    replicates: Float64Array.from({ length: 200 }, (_, i) => value + spread * Math.sin(i * (id.length + 1))),
  });
  it('names the best, and what cannot be told from it', () => {
    expect(toldApart([one('a', 0.5, 0.01), one('bb', 0.1, 0.01), one('ccc', 0.499, 0.01)], 'r2')).toEqual({
      best: 'a',
      notToldApart: ['ccc'],
    });
    expect(toldApart([one('a', 0.5, 0.01), one('bb', 0.1, 0.01)], 'phantom')?.best).toBe('bb');
    expect(toldApart([one('a', Number.NaN, 0)], 'r2')).toBeNull();
  });
});
