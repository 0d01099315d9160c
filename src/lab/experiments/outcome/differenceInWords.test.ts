import { describe, expect, it } from 'vitest';
import { settingsWith } from '../../../rlhf/catalogue/paths.ts';
import { type ComparedRun, differenceOf, differenceText } from './differenceInWords.ts';

const run = (name: string, passes: readonly number[], change: Partial<ComparedRun> = {}): ComparedRun => ({
  name,
  seed: 1,
  settings: settingsWith({ method: 'ppo-m' }),
  engine: 'simd',
  evaluations: passes.map((heldPass, i) => ({ iteration: 5 * i, metrics: { heldPass } })),
  iterations: [{ iteration: 5 * (passes.length - 1), metrics: { updateTokens: 330_000, samples: 9600 } }],
  heldSamples: 540,
  ...change,
});
const settings = (change: object) => settingsWith({ method: 'ppo-m', ...change });

describe('differenceOf', () => {
  it('names every setting that differs, and says when it is the seed alone', () => {
    const a = run('BW', [0.4], {
      settings: settings({ method: 'bw', beta: 0.05 }),
      seed: 2,
      engine: 'webgpu',
    });
    expect(differenceOf(a, run('PPO-M', [0.4])).settings).toEqual([
      'Filter: BW against PPO-M',
      'KL cost (beta): 0.05 against 0.2',
      'Seed: 2 against 1',
      'Engine: webgpu against simd',
    ]);
    expect(differenceOf(run('a', [0.4], { seed: 3 }), run('b', [0.4])).settings).toEqual([
      'Seed: 3 against 1',
    ]);
  });

  // Two rates near 0.5 of 540 programs each differ by up to 0.06 by chance.
  it('finds from where on the curves part by more than noise', () => {
    const a = run('BW', [0.4, 0.43, 0.56, 0.55]);
    const b = run('PPO-M', [0.4, 0.41, 0.45, 0.46]);
    expect(differenceOf(a, b).parting).toMatch(/^From iteration 10 on BW is above/);
    expect(differenceOf(b, a).parting).toMatch(/^From iteration 10 on BW is above/);
    expect(differenceOf(a, b).parting).not.toContain('alone');
  });

  it('does not take for parting what ends together, changes sides, or is the last look alone', () => {
    const flat = run('b', [0.4, 0.4, 0.4]);
    expect(differenceOf(run('a', [0.4, 0.41, 0.42]), flat).parting).toContain('never part');
    expect(differenceOf(run('a', [0.4, 0.5, 0.41]), flat).parting).toContain('together again');
    expect(differenceOf(run('a', [0.4, 0.41, 0.5]), flat).parting).toContain('last look alone');
    expect(differenceOf(run('a', [0.4, 0.3, 0.5]), flat).parting).toMatch(/^From iteration 10/);
    expect(differenceOf(run('a', [0.4]), run('b', [0.4])).parting).toContain('share no look');
  });

  it('says of the ends what the noise of one look allows', () => {
    const near = differenceOf(run('a', [0.4, 0.47]), run('b', [0.4, 0.44])).end;
    expect(near).toContain('a passes 47.0 % and b 44.0 %: 3.0 points');
    expect(near).toContain('not told apart');
    const far = differenceOf(run('a', [0.4, 0.6]), run('b', [0.4, 0.44])).end;
    expect(far).toContain('more than the 5.9');
    expect(far).toContain('only more seeds tell');
    // Fewer programs per look, more noise.
    const few = { heldSamples: 20 };
    expect(differenceOf(run('a', [0.4, 0.6], few), run('b', [0.4, 0.44], few)).end).toContain(
      'not told apart',
    );
  });

  it('takes no rate for certain, not even 0 and 1', () => {
    const sure = (a: number, b: number, heldSamples: number) =>
      differenceOf(run('a', [0.4, a], { heldSamples }), run('b', [0.4, b], { heldSamples }));
    // One pass of 180 against none, and four: chance does that.
    for (const { end, parting } of [sure(1 / 180, 0, 180), sure(4 / 180, 0, 180)]) {
      expect(end).toContain('not told apart');
      expect(parting).toContain('never part');
    }
    expect(sure(0, 0, 180).end).not.toContain('up to 0.0');
    expect(sure(1, 0.9, 180).end).toContain('only more seeds tell');
  });

  it('compares at the last look that both had', () => {
    const long = run('a', [0.4, 0.45, 0.9]);
    const { end, costs } = differenceOf(long, run('b', [0.4, 0.44]));
    expect(end).toContain('At iteration 5,');
    expect(costs[0]).toBe('Iterations: 10 against 5 (200 %)');
  });

  it('says what each cost', () => {
    const a = run('BW', [0.4, 0.5], { iterations: [{ iteration: 5, metrics: { updateTokens: 132_000 } }] });
    expect(differenceOf(a, run('PPO-M', [0.4, 0.5])).costs).toEqual([
      'Iterations: 5 each',
      'Update tokens: 132,000 against 330,000 (40 %)',
    ]);
    expect(differenceText(a, run('PPO-M', [0.4, 0.5])).split('\n')).toHaveLength(4);
  });
});
