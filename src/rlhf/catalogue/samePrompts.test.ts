import { expect, it } from 'vitest';
import { samePrompts } from './catalogue.ts';
import { settingsWith } from './paths.ts';

it('says of arms whether they work on the same prompts', () => {
  const same = (...arms: Record<string, unknown>[]) => samePrompts(arms.map(settingsWith));
  expect(same({ method: 'bw' }, { method: 'bon', beta: 1 })).toBe(true);
  expect(same({ order: 'curriculum' }, { order: 'curriculum', method: 'bon' })).toBe(true);
  expect(same({ order: 'dynamic' })).toBe(true);
  // Each by what it learns itself.
  expect(same({ order: 'dynamic' }, { order: 'dynamic', beta: 1 })).toBe(false);
  expect(same({}, { order: 'curriculum' })).toBe(false);
  expect(same({}, { pool: 100 })).toBe(false);
  expect(same({ method: 'ppo-m' }, { method: 'ppo-s' })).toBe(false);
});
