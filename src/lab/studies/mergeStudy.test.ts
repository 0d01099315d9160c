import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeStudy, type StudyPart } from './mergeStudy.ts';
import { readStudy, studyText } from './study.ts';
import { somePart, somePlan, someRuns } from './testing/someStudy.ts';

const runs = someRuns(['learned', 'tests'], ['PPO-M', 'BW', 'Rand2'], 3);
const plan = somePlan(runs);
const whole = mergeStudy([somePart('whole', plan, runs)], { partial: false });
const merge = (parts: StudyPart[], partial = false) => mergeStudy(parts, { partial });

describe('mergeStudy', () => {
  it('gives the same bytes however the study was cut, and whoever computed a run twice or at another pace', () => {
    const text = studyText(whole.study!);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.nat(1000)), {
          minLength: runs.length,
          maxLength: runs.length,
        }),
        (owners) => {
          const parts = [0, 1, 2, 3, 4].map((part) =>
            somePart(
              `part ${part}`,
              plan,
              runs
                .map((run, i) => ({ ...run, clock: { seconds: part + owners[i][2] } }))
                .filter((_, i) => owners[i][0] === part || owners[i][1] === part),
            ),
          );
          const { study, runs: merged } = merge(parts);
          expect(studyText(study!)).toBe(text);
          expect(merged.map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
        },
      ),
      { numRuns: 3 },
    );
    expect(readStudy(text)).toEqual(whole.study);
  });

  it('names missing runs, and gives no statistics of a part unless told to', () => {
    const part = somePart('part', plan, runs.slice(2));
    const refused = merge([part]);
    expect(refused.study).toBeNull();
    expect(refused.faults).toEqual([
      '2 runs of 18 are missing: learned: PPO-M, seed 1; learned: BW, seed 1. Run the same command again to compute them, or add --partial for what is there already.',
    ]);
    const told = merge([part], true);
    expect(told.study?.runs).toHaveLength(16);
    expect(told.warnings[0]).toContain('2 runs of 18 are missing');
    expect(merge([somePart('part', plan, [])], true).faults).toEqual(['There is no finished run yet.']);
  });

  it('leaves out a file that is of another study, of other code, damaged, or under another name', () => {
    const stray = someRuns(['elsewhere'], ['BW'], 1)[0];
    const part = somePart('part', plan, [...runs, stray, { ...runs[0], code: 'old' }]);
    const { study, warnings } = merge([
      {
        ...part,
        runs: [
          ...part.runs,
          { name: 'half.json', text: '{"format":' },
          { name: 'plan.json', text: '{"format":"filtrate-plan/1"}' },
          { name: 'copy.json', text: JSON.stringify(runs[1]) },
        ],
      },
    ]);
    expect(studyText(study!)).toBe(studyText(whole.study!));
    expect(warnings).toEqual([
      `part/${stray.id}.json is left out: it is a run of another study (elsewhere: BW, seed 1), which this list does not have.`,
      `part/${runs[0].id}.json is left out: it was computed by other code (old) than the study (code).`,
      'part/half.json is not JSON: it was cut off or altered. It is left out.',
      expect.stringContaining('part/plan.json is no run of a study: '),
      `part/copy.json is left out: it holds the run ${runs[1].id} under another name.`,
    ]);
  });

  it('refuses folders of different studies, of different code, and of no study', () => {
    const other = somePlan(someRuns(['learned', 'elsewhere'], ['PPO-M'], 2));
    expect(merge([somePart('a', plan, runs), somePart('b', other, [])]).faults).toEqual([
      'b and a are of different studies: the spec was changed between them. Runs that both have: 2.',
    ]);
    const newer = {
      ...somePlan(runs, 'newer'),
      runs: plan.runs.map((run) => ({ ...run, id: `${run.id}0` })),
    };
    expect(merge([somePart('a', plan, runs), somePart('b', newer, [])]).faults[0]).toContain(
      'computed by different code (newer and code)',
    );
    expect(merge([{ name: 'c', plan: null, runs: [] }]).faults).toEqual([
      'c is no folder of a study: it has no plan.json.',
    ]);
  });

  it('takes the plan of the part that knows the whole, when the study grew meanwhile', () => {
    const before = somePlan(runs.slice(0, 6));
    const parts = [somePart('old', before, runs.slice(0, 6)), somePart('new', plan, runs.slice(6))];
    expect(studyText(merge(parts).study!)).toBe(studyText(whole.study!));
    expect(studyText(merge([...parts].reverse()).study!)).toBe(studyText(whole.study!));
  });

  it('warns of mixed engines, tells of doubles, and refuses doubles that disagree', () => {
    const relaxed = { ...runs[0], engine: { name: 'simd', device: 'WASM relaxed SIMD' } };
    const mixed = merge([somePart('a', plan, [relaxed, ...runs.slice(1)])]);
    expect(mixed.warnings).toEqual([
      'Mixed engines: 17 runs with simd (WASM SIMD), 1 run with simd (WASM relaxed SIMD). Engines round differently, so that runs of the same seed are no longer on equal luck to the last digit.',
    ]);
    expect(mixed.study?.engines).toEqual(['simd (WASM SIMD)', 'simd (WASM relaxed SIMD)'].sort());
    const double = merge([somePart('a', plan, runs), somePart('b', plan, [runs[3]])]);
    expect(double.warnings).toEqual(['1 run in two parts, with the same numbers: tests: PPO-M, seed 1.']);
    const disagreeing = merge([somePart('a', plan, runs), somePart('b', plan, [relaxed])]);
    expect(disagreeing.study).toBeNull();
    expect(disagreeing.faults[0]).toContain('is there twice with different numbers: a/');
  });
});
