import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PackError } from '../tasks/packs/pack.ts';
import { parsePack } from '../tasks/packs/parsePack.ts';
import { type ImportedPack, importPack, judgeProblem } from './packs.ts';
import { largest, pairs, rangeSum, rotate } from './testing/packRecords.ts';
import { startThreadJudge, type ThreadJudge } from './testing/threadJudge.ts';

let judge: ThreadJudge;
beforeAll(() => {
  judge = startThreadJudge();
});
afterAll(() => judge.dispose());

const lines = (...records: unknown[]): string => records.map((record) => JSON.stringify(record)).join('\n');
const load = (text: string): Promise<ImportedPack> => importPack(judge.client, text, 'pack.jsonl');

describe('MultiPL-E', () => {
  test('is unchecked, for it has no solution; its prompts are made to parse', async () => {
    const { format, problems, counts } = await load(lines(largest));
    expect(format).toBe('multipl-e');
    expect(counts).toEqual({ checked: 0, unchecked: 1, quarantined: 0, dropped: 0 });
    expect(problems[0]).toMatchObject({
      entry: 'largest_gap',
      title: 'Largest gap',
      assertions: 4,
      check: 'unchecked',
    });
    expect(problems[0].assertionTexts[0]).toBe('assert.deepEqual(candidate([1, 4, 2]),3);');
  });

  test('completions end at a stop token, comparison is loose, scores are graded', async () => {
    const [problem] = parsePack(lines(largest), 'x').problems;
    const body =
      '  if (!xs.length) return undefined;\n  let best = 0;\n  for (let i = 1; i < xs.length; i++) best = Math.max(best, Math.abs(xs[i] - xs[i - 1]));\n  return best;\n}\n';
    const verdicts = await judgeProblem(judge.client, problem, [
      `${body}\nconsole.log(largest_gap())\n((`,
      `function largest_gap(xs) {\n${body}`,
      body.replace('undefined', '0'),
      '  return 3;\n}\n',
      '  throw 1;\n}\n',
    ]);
    expect(verdicts.map(({ passed, total }) => `${passed}/${total}`)).toEqual([
      '4/4',
      '4/4',
      '3/4',
      '1/4',
      '0/4',
    ]);
    expect(verdicts[2].detail).toBe('This does not hold: assert.deepEqual(candidate([]),undefined);');
  });
});

describe('HumanEval-X', () => {
  test('its solutions pass as in sloppy mode, with helpers, loops, randomness and the order of keys', async () => {
    const { problems } = await load(lines(rotate));
    expect(problems[0]).toMatchObject({ check: 'checked', assertions: 23, entry: 'turn' });
    expect(problems[0].emptyVerdict).toMatchObject({ score: 0 });
  });

  test('a whole program gets the helpers of the prompt', async () => {
    const [problem] = (await load(lines(rotate))).problems;
    const whole =
      'function turn(s, n) { for (; n > 0; n--) s = s.slice(1) + s[0]; for (; n < 0; n++) s = s.at(-1) + s.slice(0, -1); return s }';
    const [good, empty] = await judgeProblem(judge.client, problem, [
      whole.replace('{', '{ if (!s) return s;'),
      whole,
    ]);
    expect([good.score, good.total]).toEqual([1, 23]);
    expect(empty).toMatchObject({ passed: 22, total: 23 });
  });
});

describe('programs that define their function without declaring it', () => {
  const sloppy = [
    'rangeSum = (a, b) => { let s = 0; for (let i = a; i <= b; i++) s += i; return s; };',
    'rangeSum = function (a, b) { total = 0; for (i = a; i <= b; i++) total += i; return total; }; module.exports = rangeSum;',
    'module.exports = { rangeSum: (a, b) => { let s = 0; for (let i = a; i <= b; i++) s += i; return s; } };',
    'exports.rangeSum = (a, b) => { let s = 0; for (let i = a; i <= b; i++) s += i; return s; };',
    'const sum = (a, b) => (a > b ? 0 : a + sum(a + 1, b));\nexport { sum as rangeSum };',
  ];
  test('pass', async () => {
    const { problems } = await load(lines(rangeSum));
    const verdicts = await judgeProblem(judge.client, problems[0], sloppy);
    expect(sloppy.filter((_, i) => verdicts[i].score !== 1)).toEqual([]);
  });
});

describe('MBXP', () => {
  test('a thrown text is a failed assertion, and the next one still counts', async () => {
    const { problems } = await load(lines(pairs));
    expect(problems[0]).toMatchObject({ check: 'checked', assertions: 2 });
    const [half, wrong] = await judgeProblem(judge.client, problems[0], [
      'return new Set() }',
      'return xs.length ? [5, 3] : [] }',
    ]);
    expect([half.passed, wrong.passed]).toEqual([1, 0]);
  });
});

describe('filtrate-pack/1', () => {
  const pack = {
    format: 'filtrate-pack/1',
    name: 'two',
    licence: 'CC0',
    problems: [
      {
        id: 'data',
        entry: 'f',
        tests: [
          { args: [0], expect: { $number: '-0' } },
          { args: [{ $number: 'Infinity' }], expect: { $number: '-Infinity' } },
        ],
        golden: 'const f = (x) => -x;',
      },
      {
        id: 'code',
        entry: 'f',
        prompt: '',
        tests: [{ code: 'assert.equal(f(2), 4);' }],
        golden: 'const f = (x) => x * x;',
      },
    ],
  };

  test('tests are data or code, and numbers that JSON lacks are spelled out', async () => {
    const { problems, counts, format } = await load(JSON.stringify(pack));
    expect(format).toBe('filtrate-pack/1');
    expect(counts.checked).toBe(2);
    expect(problems.map(({ licence, assertions }) => [licence, assertions])).toEqual([
      ['CC0', 2],
      ['CC0', 1],
    ]);
    const [verdict] = await judgeProblem(judge.client, problems[0], ['const f = (x) => 0 - x;']);
    expect(verdict.passed).toBe(1);
  });
});

describe('a problem whose prompt leaves a function open, with tests that are data', () => {
  const problem = {
    id: 'double',
    entry: 'double_it$',
    prompt: 'const two = 2;\n\n// Twice the number, or the list twice as long.\nfunction double_it$(x) {\n',
    tests: [
      { args: [4], expect: 8 },
      { args: [[1]], expect: [1, 1] },
    ],
    golden: '  return Array.isArray(x) ? [...x, ...x] : two * x;\n}\n',
  };
  const text = JSON.stringify({
    format: 'filtrate-pack/1',
    name: 'open',
    licence: 'CC0',
    problems: [problem],
  });

  test('takes what continues the prompt, and what is a whole program', async () => {
    const { problems } = await load(text);
    expect(problems[0]).toMatchObject({ check: 'checked', assertions: 2, goldenVerdict: { score: 1 } });
    const verdicts = await judgeProblem(judge.client, problems[0], [
      problem.golden,
      '  return two * x;\n}\n',
      '  return two * x;\n}\nconst other = () => double_it$(1);',
      'function double_it$(x) { return Array.isArray(x) ? [...x, ...x] : x + x }',
      'const double_it$ = (x) => x * 2;',
      'function double_it$(x) { return two * x }',
      'function double_it$$(x) { return x }',
      '  return two * x;\n',
      '  x.push(...x); return x;\n}\n',
    ]);
    expect(verdicts.map(({ status, passed }) => [status, passed])).toEqual([
      ['ok', 2],
      ['ok', 1],
      ['ok', 1],
      ['ok', 2],
      ['ok', 1],
      // A whole program brings its own helpers.
      ['ok', 0],
      // Neither: inside the open function, which then lacks its end.
      ['rejected', 0],
      ['rejected', 0],
      // Packs were written for graders that let arguments change.
      ['ok', 1],
    ]);
  });
});

describe('what cannot be used', () => {
  test.each([
    [
      'a solution that fails',
      { ...pairs, canonical_solution: 'return 1 }' },
      /^Its own solution fails\. This does not hold: if/,
    ],
    [
      'a solution that throws',
      { ...pairs, canonical_solution: 'return nothing }' },
      /A call threw ReferenceError: nothing/,
    ],
    [
      'a module that is missing',
      { ...rotate, canonical_solution: "return require('js-md5')(s) }" },
      /needs the module js-md5/,
    ],
    [
      'a module that the tests miss',
      {
        ...largest,
        tests: largest.tests.replace("'node:assert');", "'node:assert');\nconst z = require('zlib');"),
      },
      /^Its tests use the module zlib \(line 2\), which is not available here\.$/,
    ],
    [
      'tests that an empty body passes',
      { ...pairs, test: 'if (neighbourSums([])) throw "x"', canonical_solution: 'return 0 }' },
      /empty body passes/,
    ],
    ['tests that do not parse', { ...pairs, test: 'if (' }, /do not parse/],
    ['tests without an assertion', { ...pairs, test: 'neighbourSums([])' }, /no assertion/],
  ])('is set aside with the reason: %s', async (_, record, reason) => {
    const { problems } = await load(lines(record));
    expect(problems[0]).toMatchObject({ check: 'quarantined', reason: expect.stringMatching(reason) });
  });

  test('records that are none are dropped, with their line', () => {
    const { problems, dropped } = parsePack(
      lines(largest, largest, { ...largest, language: 'py', name: 'x' }, 7, { a: 1 }),
      'x',
    );
    expect(problems).toHaveLength(1);
    expect(dropped.map(({ where, reason }) => `${where}: ${reason}`)).toEqual([
      'line 2: another problem has the id HumanEval_900_largest_gap',
      'line 3: it is py, not js',
      'line 4: it is not a JSON object',
      'line 5: it has not the fields of multipl-e',
    ]);
  });

  test.each([
    ['', /no pack that is known/],
    ['hello', /no pack that is known/],
    ['{"a":1}', /no pack that is known/],
    [lines({ ...largest, language: 'py' }), /holds no problem.*it is py/],
  ])('a file that is no pack says so: %#', (text, reason) => {
    expect(() => parsePack(text, 'file.txt')).toThrow(PackError);
    expect(() => parsePack(text, 'file.txt')).toThrow(reason);
  });
});
