import { expect, it } from 'vitest';
import { parseSpec } from '../../settings/experimentSpec.ts';
import type { RunView } from '../../state/experimentsState.ts';
import { endInWords, nameOf } from './experimentInWords.ts';

it('names an experiment after its arms and seeds', () => {
  expect(nameOf(parseSpec({ arms: ['bw'] }))).toBe('BW × 1 seed');
  const six = parseSpec({ preset: 'six-methods', seeds: 3 });
  expect(nameOf(six)).toBe('PPO-S, PPO-M, BoN and 3 more × 3 seeds');
  const grid = [
    { name: 'tests', reward: 'oracle' },
    { name: 'weak', rewardModel: 'weak' },
  ];
  expect(nameOf(parseSpec({ grid, arms: ['ppo-m', 'bw'], seeds: 2 }))).toBe('PPO-M, BW × 2 cells × 2 seeds');
});

it('says what came of it', () => {
  const view = (seconds: number | null, ...states: RunView['state'][]) => ({
    id: 'x',
    name: 'Mine',
    spec: { ...parseSpec({ arms: ['bw'] }), stop: { plateau: null, updateTokens: null, seconds } },
    created: 0,
    seconds: 5,
    runs: states.map(
      (state, index): RunView => ({
        index,
        id: null,
        arm: 'BW',
        seed: index,
        state,
        iteration: 1,
        endedBy: null,
        error: state === 'failed' ? { code: 'non-finite', message: 'kl is not a number.' } : null,
        iterations: [],
        evaluations: [],
      }),
    ),
  });
  expect(endInWords(view(null, 'finished')).text).toBe('Mine is finished: 1 run.');
  expect(endInWords(view(null, 'finished', 'stopped')).text).toContain('was stopped');
  expect(endInWords(view(5, 'finished', 'stopped')).text).toContain('time of Mine is up');
  expect(endInWords(view(null, 'failed', 'finished'))).toEqual({
    kind: 'warning',
    text: 'Mine: 1 of 2 runs failed. kl is not a number.',
  });
});
