import { expect, it } from 'vitest';
import { presets } from '../lab/settings/presets.ts';
import { demos } from './index.ts';

it('there is a demo for every preset, and none twice', () => {
  const ids = demos.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(presets.map(({ id }) => id)));
});
