import { describe, expect, it } from 'vitest';
import { worldTasks } from '../../lab/trainer/worldTasks.ts';
import { codeToken, endToken, maxSequence } from '../../tasks/tokenizer.ts';
import { comparedPositions, comparison } from './comparison.ts';

const run = (length: number, first: number) => Array.from({ length }, (_, i) => first + i);

describe('a comparison', () => {
  it('is the request, one program, the mark of a program, the other', () => {
    const { tokens, promptLength } = comparison([7, codeToken], [8, 9, endToken], [10, endToken]);
    expect([...Array.from(tokens)]).toEqual([7, codeToken, 8, 9, endToken, codeToken, 10, endToken]);
    expect(promptLength).toBe(6);
  });

  it('reads the longer program up to where both fit, and both halfway where both are too long', () => {
    // 20 positions, of which the request takes 3 and the mark 1: 16 for both programs.
    const lengths = (first: number, second: number) => {
      const { tokens, promptLength } = comparison([1, 2, 3], run(first, 10), run(second, 50), 20);
      return [promptLength - 4, tokens.length - promptLength];
    };
    expect(lengths(5, 11)).toEqual([5, 11]);
    expect(lengths(5, 14)).toEqual([5, 11]);
    expect(lengths(14, 5)).toEqual([11, 5]);
    expect(lengths(14, 14)).toEqual([8, 8]);
  });

  it('has room for every request of the built-in world, its reference, and the longest program for it', () => {
    const { train, held } = worldTasks(1);
    for (const { problems, prompts, reference } of [train, held]) {
      problems.forEach((problem, i) => {
        const longest = run(maxSequence - prompts[i].length, 3);
        const { tokens } = comparison(prompts[i], reference(problem), longest);
        expect(tokens.length).toBe(prompts[i].length + reference(problem).length + 1 + longest.length);
        expect(tokens.length).toBeLessThanOrEqual(comparedPositions);
      });
    }
  });
});

it('knows the tokens of the reference program', () => {
  const { train } = worldTasks(1);
  for (const problem of train.problems.slice(0, 50)) {
    const tokens = train.reference(problem);
    expect(train.source(tokens, problem)).toBe(problem.reference);
    expect(tokens.at(-1)).toBe(endToken);
  }
});
