import { expect, it } from 'vitest';
import { packSequences } from '../../../nn/batch/batch.ts';
import { noiseOf } from '../../../rlhf/prepare/noise/noiseMask.ts';
import { noNoise } from '../../../rlhf/prepare/noise/settings.ts';
import { heating } from './heating.ts';

const shape = { vocab: 9, maxLength: 6, width: 8 };
const row = (...tokens: number[]) => ({ tokens, promptLength: 2 });
const rows = [row(1, 2, 5), row(1, 2, 6), row(3, 4, 5, 6), row(2, 2, 7), row(4, 4, 8)];

it('tells of pre-heating while it lasts, with the masks of three requests now and then', () => {
  const noise = noiseOf({ ...noNoise, noise: 'learned', preheat: 0.5 }, shape, 1)!;
  const heat = heating(noise, rows);
  const looks: number[] = [];
  for (let step = 1; step <= 40; step++) {
    noise.draw(packSequences(rows), step - 1, 40);
    const { phase, told, masks } = heat({ step, steps: 40 }, 'fine-tuning');
    expect(phase).toBe(step <= 20 ? 'pre-heating' : 'fine-tuning');
    expect(told.maskMean !== undefined).toBe(step <= 20);
    if (masks) {
      looks.push(step);
      expect(masks.map(({ tokens }) => tokens)).toEqual([
        [1, 2, 5],
        [3, 4, 5, 6],
        [2, 2, 7],
      ]);
      expect(masks[1].alpha).toHaveLength(4);
    }
  }
  expect(looks).toEqual([1, 10, 20]);
});

it('says nothing of masks where there are none', () => {
  expect(heating(null, rows)({ step: 1, steps: 10 }, 'fine-tuning')).toEqual({
    phase: 'fine-tuning',
    told: {},
    masks: null,
  });
});
