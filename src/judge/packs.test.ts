import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PackError } from '../tasks/packs/pack.ts';
import { parsePack } from '../tasks/packs/parsePack.ts';
import { type ImportedPack, importPack, judgeProblem } from './packs.ts';
import { startThreadJudge, type ThreadJudge } from './testing/threadJudge.ts';

let judge: ThreadJudge;
beforeAll(() => {
  judge = startThreadJudge();
});
afterAll(() => judge.dispose());

const lines = (...records: unknown[]): string => records.map((record) => JSON.stringify(record)).join('\n');
const load = (text: string): Promise<ImportedPack> => importPack(judge.client, text, 'pack.jsonl');

/** In the shape of MultiPL-E. */
const largest = {
  name: 'HumanEval_900_largest_gap',
  language: 'js',
  prompt:
    '//Largest difference between neighbours.\n>>> largest_gap([1, 4, 2])\n3\nfunction largest_gap(xs){\n',
  doctests: 'transform',
  original: '/somewhere/HumanEval_900_largest_gap.py',
  prompt_terminology: 'reworded',
  tests: `const assert = require('node:assert');


function test() {
  let candidate = largest_gap;
  assert.deepEqual(candidate([1, 4, 2]),3);
  assert.deepEqual(candidate([5]),0);
  assert.deepEqual(candidate([]),undefined);
  assert.deepEqual(candidate([0, -7]),"7");
}

test();`,
  stop_tokens: ['\nfunction ', '\n/*', '\n//', '\nconsole.log'],
};

/** In the shape of HumanEval-X. */
const rotate = {
  task_id: 'JavaScript/900',
  prompt:
    '/* Turn a text by n places. */\nconst turnBack = (s, n) => turn(s, -n);\n\n/* See above. */\nconst turn = (s, n) => {\n',
  declaration: '\nconst turnBack = (s, n) => turn(s, -n);\n\nconst turn = (s, n) => {\n',
  canonical_solution:
    '  k = s.length ? ((n % s.length) + s.length) % s.length : 0;\n  return s.slice(k) + s.slice(0, k);\n}\n\n',
  test: `const testTurn = () => {
  console.assert(turn('abc', 1) === 'bca')
  console.assert(
    turn('', 5) === ''
  )
  for (let i = 0; i < 20; i++) {
    const n = Math.floor(Math.random() * 9);
    console.assert(turnBack(turn('abcdef', n), n) === 'abcdef');
  }
  console.assert(JSON.stringify({ b: turn('xy', 1), a: 1 }) === JSON.stringify({ b: 'yx', a: 1 }))
}

testTurn()
`,
  example_test: '',
};

/** In the shape of MBXP. */
const pairs = {
  task_id: 'MBJSP/900',
  language: 'javascript',
  prompt: '/**\n * Set of sums of neighbours.\n */\nfunction neighbourSums(xs) {\n',
  description: 'Set of sums of neighbours.',
  entry_point: 'neighbourSums',
  test: `
const _ = require("lodash")

function compare(object1, object2){
    return _.isEqual(object1, object2)
}

var arg00 = [1, 2, 3];
var x0 = neighbourSums(arg00);
var v0 = new Set([5, 3]);
if(!compare(x0, v0)){
    throw 'Error at 1th assert statement. Value = ' + JSON.stringify(x)
}

var arg10 = [];
var x1 = neighbourSums(arg10);
var v1 = new Set();
if(!compare(x1, v1)){
    throw 'Error at 2th assert statement. Value = ' + JSON.stringify(x)
}
`,
  canonical_solution:
    '  const sums = new Set();\n  for (let i = 1; i < xs.length; i++) sums.add(xs[i - 1] + xs[i]);\n  return sums;\n}',
};

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
