import { expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { conditionsOf, farthest, placeInWords, placesOf, profileOf } from './place.ts';
import type { StudyCell } from './study.ts';

/** Rollouts of a reward whose true score is `p(reward)` on average. */
function rollouts(p: (reward: number) => number, rows = 2000) {
  const rng = stream(3, 'place');
  const reward = Array.from({ length: rows }, () => 2 * rng.uniform() - 1);
  const score = reward.map((r) => (rng.uniform() < p(r) ? 1 : 0));
  return { reward, score, group: reward.map((_, row) => Math.floor(row / 5)) };
}

const cell = (name: string, p: (reward: number) => number): StudyCell => {
  const { tenths, score, responses } = profileOf(rollouts(p))!;
  return { name, settings: name === 'line' ? {} : { reward: 'synthetic' }, responses, tenths, score };
};
const line = (r: number) => 0.5 + 0.4 * r;
const ends = (r: number) => (Math.abs(r) < 0.6 ? 0.5 : r > 0 ? 0.95 : 0.05);
const cells = [cell('line', line), cell('ends', ends)];

it('finds the cell with the same shape, however hard the problems are', () => {
  const mine = profileOf(rollouts((r) => ends(r) * 0.7))!;
  const [first, second] = placesOf(mine, cells);
  expect(first.cell.name).toBe('ends');
  expect(first.distance).toBeLessThan(second.distance);
  expect(placeInWords([first, second])).toContain('Nearest is ends');
  expect(placesOf(profileOf(rollouts(line))!, cells)[0].cell.name).toBe('line');
});

it('says so when no cell is like it', () => {
  const upsideDown = profileOf(rollouts((r) => 0.5 - 0.4 * r))!;
  const places = placesOf(upsideDown, cells);
  expect(places[0].distance).toBeGreaterThan(farthest);
  expect(placeInWords(places)).toMatch(/^No cell of the map is like it.*says nothing about such a reward\.$/);
});

it('names what differs already, with its numbers', () => {
  const mine = { ...profileOf(rollouts(line))!, responses: 8, score: 0.9 };
  const said = conditionsOf(mine, cells[0]).join(' ');
  expect(said).toContain('you have 8.0 responses to a prompt, the cell 5');
  expect(said).toMatch(/0\.90, here 0\.\d\d,/);
  expect(said).toContain('which is far apart');
});

it('places nothing without enough true scores', () => {
  const { reward, group } = rollouts(line, 60);
  expect(profileOf({ reward, score: null, group })).toBeNull();
  expect(profileOf({ reward, score: reward.map((_, i) => (i < 40 ? 1 : Number.NaN)), group })).toBeNull();
  expect(profileOf({ reward: reward.map(() => 0), score: reward.map(() => 1), group })).toBeNull();
});
