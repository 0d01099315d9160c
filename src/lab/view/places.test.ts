import { expect, it } from 'vitest';
import { placesOn } from './places.ts';

const rows = [0.5, 0.2, undefined, 0.9].map((kl, i) => ({
  iteration: i + 1,
  metrics: { updateTokens: 100 * (i + 1), ...(kl === undefined ? {} : { kl }) },
}));

it('places iterations by number and by cost so far, the start at 0', () => {
  expect([...placesOn(rows, 'iteration')]).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
  expect(placesOn(rows, 'updateTokens').get(3)).toBe(300);
});

it('places iterations by the farthest that the run has been, and leaves out what has no distance', () => {
  expect([...placesOn(rows, 'kl')]).toEqual([
    [0, 0],
    [1, 0.5],
    [2, 0.5],
    [4, 0.9],
  ]);
});
