import { describe, expect, it } from 'vitest';
import { filterExamples } from '../../../../lab/trainer/arm/customFilter.ts';
import { declaredNames, memberAt, rewardsName, typeBefore } from './filterTypes.ts';

const source = `function filter(list) {
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  const sorted = list.slice().sort((a, b) => b - a);
  const best = Math.max(...list);
  const spread = best - Math.min(...list);
  return list.map((r, i) => Math.abs(r - mean));
}`;

describe('types in a filter function', () => {
  it.each([
    ['list', 'numbers'],
    ['  return list', 'numbers'],
    ['[...list]', 'numbers'],
    ['sorted', 'numbers'],
    ['sorted[0]', 'number'],
    ['sorted.slice(0, f(2))', 'numbers'],
    ['list.map((x) => [x][0]).length', 'number'],
    ['mean', 'number'],
    ['best', 'number'],
    ['spread', 'number'],
    ['r', 'number'],
    ['i', 'number'],
    ['(mean + 1)', 'number'],
    ['Math', 'Math'],
    ['x = Math', 'Math'],
    ['Math.abs(best)', 'number'],
    ['list.join(",")', 'string'],
    ['list.includes(1)', 'unknown'],
    ['nobody', 'unknown'],
    ['list.nothing', 'unknown'],
    ['', 'unknown'],
    ['))((', 'unknown'],
  ])('%s is %s', (text, type) => {
    expect(typeBefore(text, source)).toBe(type);
  });

  it('the rewards are the first parameter, whatever it is called', () => {
    expect(rewardsName(source)).toBe('list');
    expect(rewardsName('const filter = (r) => r')).toBe('r');
    expect(rewardsName('')).toBe('rewards');
  });

  it('knows the names of a function and what they are', () => {
    const names = Object.fromEntries(declaredNames(source).map(({ name, type }) => [name, type]));
    expect(names).toMatchObject({ list: 'numbers', mean: 'number', sorted: 'numbers', r: 'number' });
  });

  it('explains members where they stand', () => {
    expect(memberAt('list', 'length', source)?.doc).toContain('responses');
    expect(memberAt('Math', 'max', source)?.type).toBe('(...values: number[]): number');
    expect(memberAt('Math', 'length', source)).toBeUndefined();
  });

  it('every name of the examples has a type', () => {
    for (const { source: text } of filterExamples) {
      for (const { name, type } of declaredNames(text)) expect([name, type]).not.toContain('unknown');
    }
  });

  it('names that refer to themselves end', () => {
    expect(typeBefore('a', 'const a = b;\nconst b = a;')).toBe('unknown');
  });
});
