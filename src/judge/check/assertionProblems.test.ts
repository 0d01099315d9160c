/** Problems whose tests are written as people write them: what becomes of each at import, and of programs that are wrong. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ImportedProblem, importPack, judgeProblem } from '../packs.ts';
import type { Engine } from '../protocol.ts';
import problems from '../testing/assertionProblems.json';
import { startRealmJudge } from '../testing/realmJudge.ts';
import type { ThreadJudge } from '../testing/threadJudge.ts';

let judge: ThreadJudge;
beforeAll(async () => {
  judge = await startRealmJudge();
});
afterAll(() => judge.dispose());

interface Case {
  record: Record<string, string>;
  wrong: Record<string, string>;
}
const cases = Object.entries(problems as unknown as Record<string, Case>);

async function imported(record: object, engine: Engine = 'frozen'): Promise<ImportedProblem> {
  return (await importPack(judge.client, JSON.stringify(record), 'x.jsonl', { engine })).problems[0];
}

/** Node passes any program on these: their tests assert nothing, or not what they mean to. */
const vacuous = new Set(['never called', 'parenthesis in the wrong place']);

test.each(cases.filter(([name]) => !vacuous.has(name)))('%s', async (_, { record, wrong }) => {
  for (const engine of ['frozen', 'quickjs'] satisfies Engine[]) {
    const problem = await imported(record, engine);
    expect(problem).toMatchObject({ check: 'checked', goldenVerdict: { score: 1 } });
    const verdicts = await judgeProblem(judge.client, problem, Object.values(wrong), { engine });
    for (const { score } of verdicts) expect(score).toBeLessThan(1);
  }
});

test('tests that are never called are set aside, and credit nobody', async () => {
  const { record, wrong } = (problems as unknown as Record<string, Case>)['never called'];
  const problem = await imported(record);
  expect(problem).toMatchObject({
    check: 'quarantined',
    reason: 'Its tests reach no assertion: nothing calls what they define.',
  });
  const [verdict] = await judgeProblem(judge.client, problem, Object.values(wrong));
  expect(verdict).toMatchObject({ score: 0, detail: 'No assertion was reached.' });
});

test('tests that a constant passes are used, and it is said', async () => {
  const { record } = (problems as unknown as Record<string, Case>)['parenthesis in the wrong place'];
  expect(await imported(record)).toMatchObject({
    check: 'checked',
    warning: expect.stringMatching(/^A program that only says "return .*" passes all its tests\.$/),
  });
});

const own = (tests: string, golden: string) => ({
  task_id: 'JavaScript/1',
  prompt: 'const f = (x) => {\n',
  declaration: 'const f = (x) => {\n',
  canonical_solution: `  ${golden}\n}\n`,
  test: tests,
  example_test: '',
});

test.each([
  ["const assert = require('assert');\nassert.deepEqual(f([1]), []);", 'return x.slice(1);', '[]'],
  [
    "const assert = require('assert');\nassert.strictEqual(f(2), true); assert.strictEqual(f(4), true);",
    'return x % 2 === 0;',
    'true',
  ],
  ["const assert = require('assert');\nassert.equal(f([]), 0);", 'return x.length;', '[]'],
  ["const assert = require('assert');\nassert.strictEqual(f([]), 0);", 'return x.length;', '0'],
  [
    "const assert = require('assert');\nassert.strictEqual(f('a'), 'a'); assert.strictEqual(f('b'), 'b');",
    'return x.trim();',
    'arguments[0]',
  ],
  ["const assert = require('assert');\nassert.strictEqual(f('  '), '');", 'return x.trim();', "''"],
  ["const assert = require('assert');\nassert.strictEqual(f(-1), null);", 'return x < 0 ? null : x;', 'null'],
])('tests that a constant passes: %j', async (tests, golden, constant) => {
  const problem = await imported(own(tests, golden));
  expect(problem.check).toBe('checked');
  expect(problem.warning).toBe(`A program that only says "return ${constant}" passes all its tests.`);
});

test('tests that no constant passes say nothing', async () => {
  const tests = "const assert = require('assert');\nassert.equal(f(1), 2); assert.equal(f(2), 3);";
  expect((await imported(own(tests, 'return x + 1;'))).warning).toBeUndefined();
});

test('tests that are data are looked at in the same way', async () => {
  const pack = (expects: number[]) =>
    JSON.stringify({
      format: 'filtrate-pack/1',
      name: 'x',
      licence: 'CC0',
      problems: [
        {
          id: 'a',
          entry: 'f',
          tests: expects.map((expect, i) => ({ args: [i], expect })),
          golden: `const f = (x) => [${expects}][x];`,
        },
      ],
    });
  const warnings = async (expects: number[]) =>
    (await importPack(judge.client, pack(expects), 'x.json')).problems.map(({ warning }) => warning);
  expect(await warnings([0, 0])).toEqual(['A program that only says "return 0" passes all its tests.']);
  expect(await warnings([0, 1])).toEqual([
    'A program that only says "return arguments[0]" passes all its tests.',
  ]);
  expect(await warnings([0, 2])).toEqual([undefined]);
});

test.each([
  ["const fs = require('fs');\nif (f(1) !== 2) throw 1;", 'the module fs (line 1)'],
  ["\nimport { test } from 'node:test';\nif (f(1) !== 2) throw 1;", 'the module node:test (line 2)'],
  ["const _ = require('lodash');\nif (!_.isEqual(_.sortBy([f(1)]), [2])) throw 1;", 'lodash.sortBy (line 2)'],
  ["const { chunk } = require('lodash');\nif (chunk([f(1)])[0][0] !== 2) throw 1;", 'lodash.chunk (line 1)'],
  ["\ndescribe('f', () => { if (f(1) !== 2) throw 1; });", 'describe (line 2)'],
  [
    "const assert = require('assert');\nconst seen = new WeakMap();\nassert.equal(f(1, seen), 2);",
    'a WeakMap or WeakSet (line 3)',
  ],
])('what tests use that is not available is named: %s', async (tests, what) => {
  const { check, reason } = await imported(own(tests, 'return x + 1;'));
  expect(check).toBe('quarantined');
  expect(reason).toContain(`Its tests use ${what}`);
});
