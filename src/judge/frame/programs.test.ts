/** Programs as models write them: both engines and Node itself say the same of each. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programs, rangeSumTests, wrongPrograms } from '../testing/programs.ts';
import { type Ask, openRealms } from '../testing/realms.ts';

const engines = ['frozen', 'quickjs'] as const;
let realms: Record<(typeof engines)[number], Ask>;
let folder: string;
beforeAll(async () => {
  realms = await openRealms();
  folder = mkdtempSync(join(tmpdir(), 'programs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const task = { entry: 'rangeSum', tests: rangeSumTests };
const all = Object.entries(programs).flatMap(([kind, sources]) => sources.map((source) => [kind, source]));

/** Node's own word: the program with its tests behind it, in a process of its own. */
function isRightUnderNode(source: string, number: number): boolean {
  const isModule = /^(?:import|export)\b/m.test(source);
  const file = join(folder, `${number}.${isModule ? 'mjs' : 'cjs'}`);
  const tests = rangeSumTests
    .map(({ args, expected }) => `if (!Object.is(rangeSum(${args}), ${expected})) throw new Error('wrong');`)
    .join('\n');
  writeFileSync(file, `${source}\n;${tests}\nglobalThis.process.stdout.write('\\nright\\n');`);
  const { stdout, status } = spawnSync(process.execPath, [file], { encoding: 'utf8', input: '' });
  return status === 0 && stdout.includes('\nright\n');
}

/** They wait: with `async`, the judge waits too, on a clock that goes as fast as it can. */
const waiting: [string, number][] = [
  ['const f = (x) => new Promise((r) => setTimeout(r, 50, x + 1));', 1],
  [
    'const sleep = (ms) => new Promise((r) => setTimeout(r, ms)); async function f(x) { for (let i = 0; i < 20; i++) await sleep(1000); return x + 1; }',
    1,
  ],
  [
    'async function f(x) { const t = Date.now(); await require("timers/promises").setTimeout(250); return Date.now() - t >= 250 ? x + 1 : 0; }',
    1,
  ],
  [
    'const f = (x) => new Promise((r) => { let n = 0; const t = setInterval(() => { if (++n === 5) { clearInterval(t); r(x + n - 4); } }, 10); });',
    1,
  ],
  [
    'const f = (x) => new Promise((r) => { const order = []; setTimeout(() => order.push(3), 20); setTimeout(() => order.push(2), 10); setImmediate(() => order.push(1)); setTimeout(() => r(order.join("") === "123" ? x + 1 : 0), 30); });',
    1,
  ],
  [
    'async function f(x) { const late = new Promise((r) => setTimeout(r, 100, 0)); return Promise.race([late, new Promise((r) => setTimeout(r, 10, x + 1))]); }',
    1,
  ],
  [
    'const { promisify } = require("util"); const g = promisify((x, done) => process.nextTick(done, null, x + 1)); async function f(x) { return await g(x); }',
    1,
  ],
  [
    'async function f(x) { const t = setTimeout(() => {}, 1e9); t.unref(); clearTimeout(t); return x + 1; }',
    1,
  ],
  ['function f(x) { return x === 2 ? new Promise(() => {}) : Promise.resolve(x + 1); }', 2 / 3],
  [
    'const f = (x) => new Promise((r) => { const t = setTimeout(r, 5, x + 1); if (x === 1) clearTimeout(t); });',
    2 / 3,
  ],
  ['const f = () => new Promise(() => { setInterval(() => {}, 0); });', 0],
  ['const f = (x) => new Promise((r) => setTimeout(() => { throw new Error("x"); r(x + 1); }, 1));', 0],
];
const next = { entry: 'f', async: true, tests: [1, 2, 3].map((x) => ({ args: [x], expected: x + 1 })) };

describe.each(engines)('%s', (engine) => {
  test.each(waiting)('waits, %#', async (source, score) => {
    expect(await realms[engine](source, next)).toMatchObject({ score });
  });
  test.each(all)('%s, %#', async (_, source) => {
    expect(await realms[engine](source, task)).toMatchObject({ score: 1 });
  });
  test.each(wrongPrograms)('not right, %#', async (source) => {
    const { score, detail } = await realms[engine](source, task);
    expect([score, typeof detail]).toEqual([0, 'string']);
  });
});

test('Node says the same of each', () => {
  expect(all.filter(([, source], i) => !isRightUnderNode(source, i))).toEqual([]);
  expect(wrongPrograms.filter((source, i) => isRightUnderNode(source, 1000 + i))).toEqual([]);
});
