import { describe, expect, it } from 'vitest';
import type { RunView } from '../../../lab/state/experimentsState.ts';
import { type CurveChoice, countLines, curvesOf, linesOf, tableOfCurves } from './experimentLines.ts';

const run = (index: number, arm: string, seed: number, passes: readonly number[]): RunView => ({
  index,
  arm,
  seed,
  id: `run-${index}`,
  state: 'finished',
  iteration: passes.length - 1,
  endedBy: 'iterations',
  error: null,
  iterations: passes.slice(1).map((_, i) => ({ iteration: i + 1, metrics: { updateTokens: 10 * (i + 1) } })),
  evaluations: passes.map((heldPass, iteration) => ({ iteration, metrics: { heldPass } })),
});

const arms = ['PPO-M', 'BW'];
const runs = [
  run(0, 'PPO-M', 1, [0.4, 0.5]),
  run(1, 'BW', 1, [0.4, 0.7]),
  run(2, 'PPO-M', 2, [0.4, 0.6]),
  run(3, 'BW', 2, [0.4, 0.6]),
];
const choice: CurveChoice = {
  metric: 'heldPass',
  axis: 'iteration',
  band: 'range',
  baseline: null,
  individual: true,
};
const nothing = { arms: new Set<string>(), runs: new Set<number>() };

describe('hiding', () => {
  const all = linesOf(curvesOf(arms, runs, choice), choice, nothing);

  it('of an arm changes no number of another', () => {
    const hidden = { ...nothing, arms: new Set(['PPO-M']) };
    const lines = linesOf(curvesOf(arms, runs, choice), choice, hidden);
    expect(lines.map(({ id }) => id)).toEqual(['run-1', 'run-3', 'mean-BW']);
    for (const line of lines) expect(line).toEqual(all.find(({ id }) => id === line.id));
    // Not even of the differences that are taken from it.
    const minus = { ...choice, baseline: 'PPO-M' };
    expect(linesOf(curvesOf(arms, runs, minus), minus, hidden)).toEqual(
      linesOf(curvesOf(arms, runs, minus), minus, nothing),
    );
  });

  it('of a run leaves the mean that it is part of', () => {
    const lines = linesOf(curvesOf(arms, runs, choice), choice, { ...nothing, runs: new Set([1]) });
    expect(lines.map(({ id }) => id)).toEqual(['run-0', 'run-2', 'run-3', 'mean-PPO-M', 'mean-BW']);
    expect(lines.at(-1)).toEqual(all.at(-1));
  });
});

it('a deleted run counts no more, in its own arm alone', () => {
  const gone = runs.map((each) =>
    each.index === 1 ? { ...each, state: 'deleted' as const, iterations: [], evaluations: [] } : each,
  );
  const [ppo, bw] = curvesOf(arms, gone, choice);
  expect(ppo).toEqual(curvesOf(arms, runs, choice)[0]);
  expect(bw.points.map(({ mean, n }) => [mean, n])).toEqual([
    [0.4, 1],
    [0.6, 1],
  ]);
  expect(countLines([ppo, bw], nothing).map(({ y }) => y)).toEqual([
    [2, 2],
    [1, 1],
  ]);
});

it('says spread and number of runs with each value', () => {
  const mean = linesOf(curvesOf(arms, runs, choice), choice, nothing).at(-1)!;
  expect(mean.said).toEqual(['(0.400 to 0.400, N 2)', '(0.600 to 0.700, N 2)']);
  const wide = { ...choice, band: 'sd' as const };
  expect(linesOf(curvesOf(arms, runs, wide), wide, nothing).at(-1)!.said?.[1]).toBe('± 0.071 (N 2)');
  expect(countLines(curvesOf(arms, runs, choice), nothing)).toEqual([]);
});

it('subtracts the baseline, run by run, and gives the same away as a table', () => {
  const minus: CurveChoice = { ...choice, baseline: 'PPO-M', axis: 'updateTokens' };
  const curves = curvesOf(arms, runs, minus);
  expect(curves.map(({ arm, series }) => [arm, series])).toEqual([['BW', 1]]);
  expect(curves[0].runs.map(({ y }) => y.map((value) => +value.toFixed(6)))).toEqual([
    [0, 0.2],
    [0, 0],
  ]);
  const { head, rows } = tableOfCurves(curves, minus, nothing);
  expect(head).toEqual(['iteration', 'arm', 'updateTokens', 'mean', 'low', 'high', 'N']);
  expect(rows[1].slice(0, 3)).toEqual([1, 'BW', 10]);
  expect(rows[1][3]).toBeCloseTo(0.1);
});
