import { expect, it } from 'vitest';
import { catalogue } from '../../rlhf/catalogue/catalogue.ts';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import { directions, positionOf } from './directions.ts';

it('gives every update that learns a place, on sides that the directions have', () => {
  expect(Object.keys(directions)).toHaveLength(13);
  expect(() => positionOf(settingsWith({ update: 'frozen' }))).toThrow('has no place on the map');
  for (const { id } of catalogue.update.filter((update) => update.id !== 'frozen')) {
    const position = positionOf(settingsWith({ update: id }));
    for (const [direction, { sides }] of Object.entries(directions)) {
      const taken: readonly string[] = position[direction as keyof typeof directions];
      expect(taken.length, `${id}: ${direction}`).toBeGreaterThan(0);
      for (const side of taken) expect(Object.keys(sides)).toContain(side);
    }
  }
});

it('follows what the arm chooses beside its loss', () => {
  expect(positionOf(settingsWith({ update: 'dpo' }))).toMatchObject({ policy: ['on'], rounds: ['online'] });
  expect(positionOf(settingsWith({ update: 'dpo', decode: 'stored' }))).toMatchObject({
    policy: ['off'],
    rounds: ['offline'],
  });
  expect(positionOf(settingsWith({ update: 'dpo', decode: 'stored', reference: 'renewed' })).rounds).toEqual([
    'iterative',
  ]);
  expect(positionOf(settingsWith({ update: 'imitation', filter: 'bon' }))).toMatchObject({
    signs: ['positives'],
    reference: ['free'],
    divergence: ['none'],
  });
  expect(positionOf(settingsWith({ beta: 0 })).reference).toEqual(['free']);
});
