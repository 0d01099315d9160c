import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfRun, limitReached, limitsOf, noStopRules, onPlateau, passesOf, readStop } from './stopRules.ts';

describe('onPlateau', () => {
  const rule = { evaluations: 2, gain: 0.01 };
  it('needs as many looks as it says, and one before them', () => {
    expect(onPlateau(rule, [0.5])).toBe(false);
    expect(onPlateau(rule, [0.5, 0.5])).toBe(false);
    expect(onPlateau(rule, [0.5, 0.5, 0.5])).toBe(true);
  });
  it('asks for more than the gain, over the best so far', () => {
    expect(onPlateau(rule, [0.4, 0.5, 0.505])).toBe(false);
    expect(onPlateau(rule, [0.5, 0.4, 0.509])).toBe(true);
    expect(onPlateau(rule, [0.5, 0.4, 0.52])).toBe(false);
    // A dip before does not make a climb out of the return.
    expect(onPlateau(rule, [0.6, 0.3, 0.5, 0.55])).toBe(true);
  });
  it('never ends a run that rises by more than the gain from look to look', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.011, max: 0.05, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        (steps, evaluations) => {
          let pass = 0;
          const passes = [0, ...steps.map((step) => (pass += step))];
          for (let n = 1; n <= passes.length; n++)
            expect(onPlateau({ evaluations, gain: 0.01 }, passes.slice(0, n))).toBe(false);
        },
      ),
    );
  });
});

it('says which limit a run has reached', () => {
  const limits = { plateau: { evaluations: 1, gain: 0 }, updateTokens: 100 };
  expect(limitReached(null, { passes: [0.5, 0.5], updateTokens: 1e9 })).toBeNull();
  expect(limitReached(limits, { passes: [0.4, 0.5], updateTokens: 99 })).toBeNull();
  expect(limitReached(limits, { passes: [0.5, 0.5], updateTokens: 99 })).toBe('plateau');
  expect(limitReached(limits, { passes: [0.4, 0.5], updateTokens: 100 })).toBe('updateTokens');
});

it('says from the rows of a finished run what ended it', () => {
  const rows = (last: number, updateTokens: number, ...passes: number[]) => ({
    iterations: [{ iteration: last, metrics: { updateTokens } }],
    evaluations: passes.map((heldPass, i) => ({ iteration: 2 * i, metrics: { heldPass } })),
  });
  const limits = { plateau: { evaluations: 1, gain: 0 }, updateTokens: 100 };
  expect(endOfRun(limits, 8, rows(8, 500, 0.5, 0.5))).toBe('iterations');
  expect(endOfRun(limits, 8, rows(4, 100, 0.4, 0.5))).toBe('updateTokens');
  expect(endOfRun(limits, 8, rows(4, 50, 0.5, 0.5))).toBe('plateau');
  expect(passesOf(rows(4, 0, 0.1, 0.2, 0.3).evaluations, 2)).toEqual([0.1, 0.2]);
});

describe('readStop', () => {
  it('fills in what is not said', () => {
    expect(readStop(undefined)).toEqual({ stop: noStopRules, issues: [] });
    const { stop, issues } = readStop({
      plateau: { evaluations: 3, gain: 0.02 },
      seconds: 60,
      updateTokens: 5,
    });
    expect(issues).toEqual([]);
    expect(stop).toEqual({ plateau: { evaluations: 3, gain: 0.02 }, seconds: 60, updateTokens: 5 });
    expect(limitsOf(stop)).toEqual({ plateau: stop.plateau, updateTokens: 5 });
    expect(limitsOf(readStop({ seconds: 9 }).stop)).toBeNull();
  });
  it('names every field at fault and what is allowed', () => {
    const fields = (input: unknown) => readStop(input).issues.map(({ field }) => field);
    expect(fields(3)).toEqual(['stop']);
    expect(fields({ plateu: 1 })).toEqual(['stop.plateu']);
    expect(readStop({ plateu: 1 }).issues[0].message).toContain('did you mean plateau?');
    expect(fields({ plateau: 3 })).toEqual(['stop.plateau']);
    expect(fields({ plateau: { evaluations: 0 } })).toEqual([
      'stop.plateau.evaluations',
      'stop.plateau.gain',
    ]);
    expect(fields({ seconds: -1, updateTokens: 1.5 })).toEqual(['stop.seconds', 'stop.updateTokens']);
    expect(readStop({ seconds: -1 }).issues[0].message).toBe(
      'stop.seconds must be a number from 1 to 10000000, and is -1.',
    );
  });
});
