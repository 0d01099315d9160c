import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceAt, gainOf, type Look, passAt, type StudyNumbers } from './gains.ts';
import { mapOf } from './map.ts';
import { mergeStudy } from './mergeStudy.ts';
import { studyInWords } from './studyInWords.ts';
import { somePart, somePlan, someRuns } from './testing/someStudy.ts';
import { withinCells } from './withinCells.ts';

const looks = (passes: number[], tokens: number): Look[] =>
  passes.map((heldPass, i) => ({ iteration: 10 * i, heldPass, updateTokens: tokens * i, samples: 50 * i }));

describe('equal budgets', () => {
  const own = looks([0.4, 0.5, 0.6, 0.7], 40);
  const all = looks([0.4, 0.6, 0.7, 0.8], 100);

  it('compares ends at equal iterations, each the mean of the last two looks', () => {
    expect(differenceAt(own, all, 'iterations')).toBeCloseTo(0.65 - 0.75);
    expect(differenceAt(own, all, 'samples')).toBeCloseTo(0.65 - 0.75);
  });

  it('takes the dearer curve where the cheaper one ended', () => {
    // At 120 tokens the other stands a fifth of the way from its first look to its second: 0.6 to 0.65.
    expect(passAt(all, 'updateTokens', 120)).toBeCloseTo(0.61);
    expect(differenceAt(own, all, 'updateTokens')).toBeCloseTo(0.65 - 0.61);
    expect(differenceAt(all, own, 'updateTokens')).toBeCloseTo(0.61 - 0.65);
  });

  it('knows nothing outside the curve, or of a run that was not looked at', () => {
    expect(passAt(own, 'iterations', 31)).toBeNaN();
    expect(passAt(own, 'iterations', 0)).toBe(0.4);
    expect(differenceAt(own, all.slice(0, 1), 'iterations')).toBeNaN();
  });

  it('is turned round by exchanging the arms, and nothing between equal curves', () => {
    const curve = fc
      .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 99 })), {
        minLength: 2,
        maxLength: 6,
      })
      .map((steps) => {
        let spent = 0;
        return steps.map(([heldPass, cost], i) => ({
          iteration: i,
          heldPass,
          updateTokens: i === 0 ? 0 : (spent += cost),
          samples: spent,
        }));
      });
    fc.assert(
      fc.property(curve, curve, (a, b) => {
        expect(differenceAt(a, b, 'updateTokens')).toBeCloseTo(-differenceAt(b, a, 'updateTokens'), 9);
        expect(differenceAt(a, a, 'updateTokens')).toBe(0);
      }),
    );
  });

  it('pairs by seed', () => {
    const runs: StudyNumbers[] = [1, 2, 3].flatMap((seed) => [
      { cell: '', arm: 'PPO-M', seed, looks: looks([0.4, 0.4 + seed / 10], 10) },
      { cell: '', arm: 'BW', seed, looks: looks([0.4, 0.45 + seed / 10], 10) },
    ]);
    const gain = gainOf(
      [...runs, { cell: '', arm: 'BW', seed: 9, looks: looks([0, 1], 1) }],
      'BW',
      'PPO-M',
      'samples',
    )!;
    expect(gain).toMatchObject({ count: 3, wins: 3 });
    expect(gain.mean).toBeCloseTo(0.05);
    expect(gain.standardError).toBeCloseTo(0);
    expect(gainOf(runs, 'BoN', 'PPO-M', 'samples')).toBeNull();
  });
});

describe('the map', () => {
  const cells = Array.from({ length: 8 }, (_, i) => `cell ${i}`);
  const arms = ['PPO-M', 'BW', 'BoN', 'Rand2'];
  // BW gains by the cell, and by as much its ends are more honest; BoN always loses.
  const gain = (cell: string, arm: string) =>
    arm === 'BW' ? Number(cell.at(-1)) * 0.05 - 0.1 : arm === 'BoN' ? -0.2 : 0;
  const runs = someRuns(cells, arms, 4, gain);
  const { study } = mergeStudy([somePart('all', somePlan(runs), runs)], { partial: false });

  it('tells apart what differs', () => {
    const { fields, arms: others } = mapOf(study!, 'PPO-M', 'iterations');
    expect(others).toEqual(['BW', 'BoN', 'Rand2']);
    const telling = (arm: string) => fields.map((row) => row.find((field) => field.arm === arm)!.telling);
    expect(telling('BoN')).toEqual(cells.map(() => 'below'));
    expect(telling('BW')[0]).toBe('below');
    expect(telling('BW')[7]).toBe('above');
  });

  it('finds a criterion that foretells the gain where one was planted, and not one that says nothing', () => {
    const found = (criterion: string) =>
      study!.predictions.find(
        (each) => each.criterion === criterion && each.budget === 'iterations' && !each.bon,
      )!;
    expect(found('r2').rank.low).toBeGreaterThan(0);
    expect(found('r2').points).toBe(16);
    const { low, high } = found('keptShare').rank;
    expect(low! < 0 || high! > 0).toBe(true);
  });

  it('asks within each cell, too, whether a criterion ranks its filters', () => {
    const four = ['A', 'B', 'C', 'D'];
    const ordered = someRuns(cells, ['PPO-M', ...four], 3, (_, arm) => four.indexOf(arm) / 20);
    const merged = mergeStudy([somePart('all', somePlan(ordered), ordered)], { partial: false }).study!;
    const turned = (of: number) => ({
      ...merged,
      criteria: merged.criteria.map((each) => ({
        ...each,
        values: { ...each.values, r2: of * four.indexOf(each.arm) },
      })),
    });
    expect(withinCells(turned(1), 'r2', 'iterations')).toEqual(
      cells.map((cell) => ({ cell, filters: 4, rank: expect.closeTo(1) })),
    );
    expect(withinCells(turned(-1), 'r2', 'iterations')[0].rank).toBeCloseTo(-1);
    // Two filters have no order worth a number.
    expect(withinCells(study!, 'r2', 'iterations')).toEqual([]);
  });

  it('says it in words', () => {
    const lines = studyInWords(study!);
    expect(lines[0]).toMatch(
      /^At equal iterations and equal samples \d of 24 filters in their cells are above PPO-M \(.*BW in .*cell 6 and cell 7\), \d+ below \(BoN in 8 cells; BW in \d\)/,
    );
    expect(lines).toContain(
      'Where no filter made any difference, about 1 of 24 would still be told apart at 95 %: one that stands out in one cell alone may be such.',
    );
    expect(lines.find((line) => line.startsWith('R² per response'))).toContain('which leaves zero out');
    const few = someRuns(cells, arms, 2, gain);
    const two = mergeStudy([somePart('all', somePlan(few), few)], { partial: false }).study!;
    expect(studyInWords(two)[0]).toBe(
      'At equal iterations, equal update tokens and equal samples no filter can be told from PPO-M: that takes at least 3 seeds.',
    );
  });
});
