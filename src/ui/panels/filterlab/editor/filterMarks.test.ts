import { describe, expect, it } from 'vitest';
import { lineOf, sandboxMark, syntaxMark } from './filterMarks.ts';

const marked = (source: string, mark: { from: number; to: number } | null) =>
  mark && source.slice(mark.from, mark.to);

describe('marks', () => {
  it.each([
    ['function filter(r) {\n  retrun r;\n}', 'r', 2],
    ['function filter(r) {\n  return r', 'r', 2],
    ['let a = 1;\nlet a = 2;', 'a', 2],
    ['with (x) {}', 'with', 1],
    ['function filter(r) { return r.map(; }', ';', 1],
  ])('%j breaks at %j', (source, text, line) => {
    const mark = syntaxMark(source)!;
    expect([marked(source, mark), lineOf(source, mark.from)]).toEqual([text, line]);
    expect(mark.message).not.toMatch(/\(\d+:\d+\)/);
  });

  it('a text that parses has none', () => {
    expect(syntaxMark('function filter(r) { return r; }')).toBeNull();
    expect(syntaxMark('')).toBeNull();
  });

  it.each([
    ['function filter(r) {\n  return rr;\n}', 'For group 1 … threw ReferenceError: rr is not defined.', 'rr'],
    ['function filter(r) {\n  return r.nap((x) => x);\n}', 'threw TypeError: nap is not a function.', 'nap'],
    ['function filter(r) {\n  while (true) {}\n}', 'It loops: the loop guard stopped it.', 'while'],
    [
      'function filter(r) {\n  return [1];\n}',
      'For group 1 … returned [1], not a list of 3 weights.',
      'filter',
    ],
    ['const other = 1;', 'There is no such function.', 'const other = 1;'],
  ])('%j, about which the sandbox said %j, is marked at %j', (source, message, text) => {
    expect(marked(source, sandboxMark(source, message))).toBe(text);
  });
});
