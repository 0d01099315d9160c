import { expect, it } from 'vitest';
import { defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import { noSamples } from '../records/record.ts';
import { newArm } from '../state/arm.ts';
import { followSelection } from './followSelection.ts';

const record = (iteration: number, reward: number[], group: number[]) => ({
  iteration,
  metrics: {},
  samples: { ...noSamples, reward: Float32Array.from(reward), group: Int32Array.from(group) },
});
const arm = {
  ...newArm({ id: 'a', name: 'BW', color: 0, settings: defaultSettings(), seed: 1 }),
  iterations: [
    record(1, [0.1, 0.9, 0.5, 0.2, 0.3, 0.4], [0, 0, 0, 1, 1, 1]),
    record(2, [0.7, 0.2, 0.3, 0.5, 0.5, 0.9], [0, 0, 0, 1, 1, 1]),
    record(3, [0.7], [0]),
  ],
};
const at = (iteration: number, row: number) => ({ armId: 'a', iteration, row });

it('keeps group and rank, equal rewards in order of row', () => {
  expect(followSelection(at(1, 1), arm, 2)).toEqual(at(2, 0));
  expect(followSelection(at(1, 0), arm, 2)).toEqual(at(2, 1));
  expect(followSelection(at(1, 4), arm, 2)).toEqual(at(2, 3));
  expect(followSelection(at(1, 3), arm, 2)).toEqual(at(2, 4));
});

it('takes the nearest there is where an iteration has fewer groups or responses', () => {
  expect(followSelection(at(1, 3), arm, 3)).toEqual(at(3, 0));
});

it('shows the newest when the cursor follows it, or is beyond what the arm has', () => {
  expect(followSelection(at(1, 1), arm, null)).toEqual(at(3, 0));
  expect(followSelection(at(1, 1), arm, 30)).toEqual(at(3, 0));
});

it('leaves alone what is not there', () => {
  expect(followSelection(at(9, 1), arm, 2)).toEqual(at(9, 1));
  expect(followSelection(at(1, 1), undefined, 2)).toEqual(at(1, 1));
  expect(followSelection(at(1, 1), arm, 1)).toEqual(at(1, 1));
});
