import { expect, it } from 'vitest';
import { search } from './search.ts';

const items = [
  'Step one iteration',
  'Step one station',
  'Speed: slow motion',
  'Reset',
  'Preset: Reward hacking',
];
const find = (query: string) => search(query, items, (item) => item);

it('keeps the order when nothing is asked', () => {
  expect(find('')).toEqual(items);
  expect(find('  ')).toEqual(items);
});

it('puts beginnings of words before middles', () => {
  expect(find('reset')).toEqual(['Reset', 'Preset: Reward hacking']);
});

it('wants all words, in any order and case', () => {
  expect(find('STATION step')).toEqual(['Step one station']);
  expect(find('station motion')).toEqual([]);
});
