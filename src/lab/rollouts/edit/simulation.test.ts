import { describe, expect, it } from 'vitest';
import { fitReliability } from '../../../core/analysis/fitReliability.ts';
import { stream } from '../../../core/random.ts';
import * as nn from '../../../nn/forMethods.ts';
import { chosen, defaultSettings } from '../../../rlhf/catalogue/catalogue.ts';
import { synthetic } from '../../../rlhf/score/reward/synthetic.ts';
import type { RewardLook } from '../../../rlhf/slots.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { checkWhole } from '../../settings/validate.ts';
import { editedFrom } from './filterEdit.ts';
import { cannotBeTried, simulatedArms } from './simulation.ts';

/** A file whose reward is right at the top, says little in the middle, and is on a scale of its own. */
function file(rows: number, seed: number) {
  const rng = stream(seed, 'file');
  const score = Float32Array.from({ length: rows }, () => (rng.uniform() < 0.35 ? 1 : rng.uniform() / 2));
  const reward = score.map((s) => 40 + 10 * rng.normal() + (s === 1 && rng.uniform() < 0.4 ? 25 : 0));
  return { reward, score };
}
const edit = editedFrom({ ...defaultSettings(), filter: chosen('filter', 'bw') });

/** Pass rate in each tenth of the range; NaN where a tenth is empty. */
function curve(
  reward: ArrayLike<number>,
  passes: (row: number) => boolean,
  low: number,
  high: number,
): number[] {
  const count = new Float64Array(10);
  const passing = new Float64Array(10);
  for (let row = 0; row < reward.length; row++) {
    const band = Math.min(9, Math.max(0, Math.floor((10 * (reward[row] - low)) / (high - low))));
    count[band]++;
    if (passes(row)) passing[band]++;
  }
  return Array.from(count, (n, band) => passing[band] / n);
}

describe('a reward fitted to a file', () => {
  it.each(['program', 'fresh', 'systematic'] as const)(
    'has that file’s calibration curve within its bootstrap band, with errors of the kind "%s"',
    (errors) => {
      const { reward, score } = file(3000, 1);
      const fit = fitReliability(reward, score)!;
      const drawn = curve(reward, (row) => score[row] === 1, fit.low, fit.high);
      const rng = stream(2, 'bootstrap');
      const replicates = Array.from({ length: 300 }, () => {
        const rows = Int32Array.from(reward, () => rng.int(reward.length));
        const again = Float32Array.from(rows, (row) => reward[row]);
        return curve(again, (i) => score[rows[i]] === 1, fit.low, fit.high);
      });
      const bandOf = (tenth: number) => {
        const values = replicates.map((each) => each[tenth]).sort((a, b) => a - b);
        return [values[7], values[292]];
      };

      const [arm] = simulatedArms(fit, edit, errors);
      // Programs of random words, as many passing as in the file and more of them, so that chance here plays no part.
      const words = stream(3, 'words');
      const programs = Array.from({ length: 40_000 }, () =>
        Array.from({ length: 12 }, () => `w${words.int(60)}`).join(' '),
      );
      const problems = programs.map((reference, i) => ({ id: `p${i % 400}`, reference }) as Problem);
      const asked: RewardLook = {
        batch: undefined as never,
        programs,
        problems,
        reference: () => Int32Array.of(1),
        look: 1,
      };
      const truth = Float32Array.from(programs, (_, i) => score[i % score.length]);
      const verdicts = {
        score: truth,
        status: new Uint8Array(truth.length),
        raised: new Uint8Array(truth.length),
        cacheHits: 0,
      };
      const graded = synthetic
        .open({ nn, seed: 4, models: {}, problems: problems.slice(0, 2000) }, arm.settings.reward as never)
        .grade(asked, verdicts) as Float32Array;
      const simulated = curve(graded, (row) => truth[row] === 1, -1, 1);
      // A taste in words is spread over its band nearly evenly, not exactly.
      const slack = errors === 'systematic' ? 0.05 : 0;
      for (let tenth = 0; tenth < 10; tenth++) {
        const [low, high] = bandOf(tenth);
        expect(low).toBeLessThanOrEqual(drawn[tenth]);
        expect(simulated[tenth], `tenth ${tenth + 1}`).toBeGreaterThanOrEqual(low - slack);
        expect(simulated[tenth], `tenth ${tenth + 1}`).toBeLessThanOrEqual(high + slack);
      }
    },
  );

  it('is not fitted where there is nothing to tell apart', () => {
    expect(fitReliability([1, 2, 3], [1, 1, 1])).toBeNull();
    expect(fitReliability([1, 2, 3], [0, 0, 0])).toBeNull();
    expect(fitReliability([2, 2, 2], [0, 1, 0])).toBeNull();
    expect(fitReliability([1, 2, 3], [0, 1, Number.NaN])).toMatchObject({
      known: 2,
      passing: 1,
      low: 1,
      high: 2,
    });
    expect(fitReliability([], [])).toBeNull();
  });

  it('has no noise where the reward is the truth, and no truth where it is noise', () => {
    const truth = fitReliability([0, 0, 1, 1], [0, 0, 1, 1])!;
    expect(truth.noise).toEqual(new Array(10).fill(0));
    expect([truth.fail[0], truth.pass[9]]).toEqual([1, 1]);
    const noise = fitReliability([0, 1, 0, 1], [0, 0, 1, 1])!;
    expect(noise.noise).toEqual([0.5, ...new Array(8).fill(0), 0.5]);
    expect(checkWhole(simulatedArms(noise, edit, 'program')[0].settings)).toEqual([]);
  });
});

describe('the arms of a simulation', () => {
  const { reward, score } = file(800, 5);
  const fit = fitReliability(reward, score)!;

  it('are PPO-M, the chosen filter and the control, alike but for the filter, and can be run', () => {
    const arms = simulatedArms(fit, { ...edit, responses: 8 }, 'systematic');
    expect(arms.map(({ name }) => name)).toEqual(['PPO-M, simulated', 'BW, simulated', 'Rand2, simulated']);
    for (const { settings } of arms) {
      expect(checkWhole(settings)).toEqual([]);
      expect(settings.training.responses).toBe(8);
      expect({ ...settings, filter: null }).toEqual({ ...arms[0].settings, filter: null });
    }
    const single = simulatedArms(fit, editedFrom(arms[0].settings), 'program');
    expect(single.map(({ name }) => name)).toEqual(['PPO-M, simulated', 'Rand2, simulated']);
  });

  it('keep what thresholds on the file’s scale would keep', () => {
    const middle = (fit.low + fit.high) / 2;
    const top = {
      ...editedFrom({ ...defaultSettings(), filter: chosen('filter', 'top-bott') }),
      responses: 5,
    };
    const knobs = { ...top.knobs, thresholdHigh: fit.high, thresholdLow: middle };
    const [, arm] = simulatedArms(fit, { ...top, knobs }, 'program');
    expect(arm.settings.filter).toMatchObject({ thresholdHigh: 1, thresholdLow: 0 });
  });

  it('cannot be made of a function, which knows the file’s scale', () => {
    expect(cannotBeTried(edit)).toBeNull();
    const custom = {
      ...edit,
      method: 'custom',
      knobs: { ...edit.knobs, customFilter: '({ rewards }) => rewards' },
    };
    expect(cannotBeTried(custom)).toContain('another scale');
  });
});
