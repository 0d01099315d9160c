/** Both engines give the same verdict on every program of a pack, right, half right or hopeless. */
import { afterAll, expect, test } from 'vitest';
import { importPack, judgeProblem } from './packs.ts';
import type { Engine } from './protocol.ts';
import { startJudge } from './service.ts';
import { largest, pairs, rangeSum, rotate } from './testing/packRecords.ts';
import { programs, wrongPrograms } from './testing/programs.ts';
import type { Verdict } from './verdict.ts';

const judge = startJudge();
afterAll(() => judge.dispose());

/** What programs get wrong anywhere: the syntax, the name, the end, the type, the arguments. */
const anywhere = [
  '}',
  '  return',
  '  throw new TypeError("no")\n}',
  '  for (;;);\n}',
  '  return arguments[0]\n}',
  '  arguments[0].length = 0; return arguments[0]\n}',
  '  return { toString: () => "3", valueOf: () => 3 }\n}',
  '  return () => 3\n}',
  '  return NaN\n}',
  '  return undeclared += 1\n}',
  '  total = 0; for (i of [1, 2]) total += i; return total\n}',
  'return 3 }\n}',
];

const packs = {
  'MultiPL-E': {
    record: largest,
    // Its own solutions are not in the file.
    programs: [
      '  if (!xs.length) return undefined;\n  let best = 0;\n  for (let i = 1; i < xs.length; i++) best = Math.max(best, Math.abs(xs[i] - xs[i - 1]));\n  return best;\n}\n',
      '  if (!xs.length) return undefined;\n  return Math.max(0, ...xs.slice(1).map((x, i) => Math.abs(x - xs[i])));\n}\n',
      '  return Math.max(...xs.slice(1).map((x, i) => Math.abs(x - xs[i])));\n}\n',
      '  return Math.max(...xs) - Math.min(...xs);\n}\n',
      '  let gap = 0;\n  xs.sort((a, b) => a - b);\n  for (let i = 1; i < xs.length; i++) gap = Math.max(gap, xs[i] - xs[i - 1]);\n  return gap;\n}\n',
      '  return 3;\n}\nconsole.log(largest_gap([1]))',
      'function largest_gap(xs) { return [3, 0, undefined, 7][[3, 1, 0, 2].indexOf(xs.length)] }',
      'const largest_gap = async (xs) => 3;',
    ],
  },
  'HumanEval-X': {
    record: rotate,
    programs: [
      rotate.canonical_solution,
      '  return s.slice(n) + s.slice(0, n);\n}\n',
      '  return s ? s.slice(n % s.length) + s.slice(0, n % s.length) : s;\n}\n',
      '  return [...s].reverse().join("");\n}\n',
      '  while (n-- > 0) s = s.slice(1) + s[0];\n  return s;\n}\n',
      'function turn(s, n) { for (; n > 0; n--) s = s.slice(1) + s[0]; for (; n < 0; n++) s = s.at(-1) + s.slice(0, -1); return s }',
    ],
  },
  MBXP: {
    record: pairs,
    programs: [
      pairs.canonical_solution,
      '  return new Set(xs.slice(1).map((x, i) => x + xs[i]));\n}',
      '  return xs.slice(1).map((x, i) => x + xs[i]);\n}',
      '  return new Set();\n}',
      '  return new Set([3, 5]);\n}',
      '  return new Map();\n}',
      '  const sums = new Set();\n  for (let i = 0; i < xs.length; i++) sums.add(xs[i] + xs[i + 1]);\n  return sums;\n}',
    ],
  },
};

test.each(['frozen', 'quickjs'] satisfies Engine[])(
  'whole programs as models write them for Node, by %s',
  async (engine) => {
    const { problems } = await importPack(judge.client, JSON.stringify(rangeSum), 'pack.jsonl', { engine });
    const score = async (sources: string[]) =>
      (await judgeProblem(judge.client, problems[0], sources, { engine })).map(({ score }, i) => [
        score,
        sources[i],
      ]);
    const right = Object.values(programs).flat();
    expect(await score(right)).toEqual(right.map((source) => [1, source]));
    expect(await score(wrongPrograms)).toEqual(wrongPrograms.map((source) => [0, source]));
  },
);

/** Messages of the engines differ; what they mean must not. */
const meaning = ({ status, passed, total, score }: Verdict) => ({ status, passed, total, score });

test.each(Object.entries(packs))('on every program of a pack in the shape of %s', async (_, pack) => {
  const told: ReturnType<typeof meaning>[][] = [];
  const checks: unknown[] = [];
  const programs = [...pack.programs, ...anywhere];
  for (const engine of ['frozen', 'quickjs'] satisfies Engine[]) {
    const { problems } = await importPack(judge.client, JSON.stringify(pack.record), 'pack.jsonl', {
      engine,
    });
    const [problem] = problems;
    const { check, assertions, assertionTexts, reason } = problem;
    checks.push({ check, assertions, assertionTexts, reason });
    told.push((await judgeProblem(judge.client, problem, programs, { engine })).map(meaning));
  }
  const [frozen, quickjs] = told;
  expect(programs.map((source, i) => ({ source, ...quickjs[i] }))).toEqual(
    programs.map((source, i) => ({ source, ...frozen[i] })),
  );
  expect(checks[1]).toEqual(checks[0]);
  // The programs are worth comparing: some pass, some pass a part, some pass nothing.
  const scores = frozen.map(({ score }) => score);
  expect(scores[0]).toBe(1);
  expect(scores).toContain(0);
  expect(scores.some((score) => score > 0 && score < 1)).toBe(true);
});
