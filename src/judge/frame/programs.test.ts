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

// biome-ignore lint/suspicious/noSparseArray: that is the point
const holed = [1, , 3];
const shared = [1];
/** What a program is handed and what is expected of it: the values themselves. */
const values: [string, unknown[], unknown, string][] = [
  [
    'a map',
    [new Map([['a', 1]])],
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
    '(m) => new Map([...m, ["b", 2]])',
  ],
  ['a map by objects', [new Map([[{ a: 1 }, 2]])], [{ a: 1 }, 2], '(m) => [...m][0]'],
  ['a set', [new Set([3, 1])], new Set([1, 2, 3]), '(s) => new Set([2, ...s])'],
  ['a set of lists', [new Set([[1], [2]])], new Set([[2], [1]]), '(s) => s'],
  ['a date', [new Date(86_400_000)], new Date(172_800_000), '(d) => new Date(d.getTime() + 864e5)'],
  ['a date that is none', [new Date(Number.NaN)], new Date(Number.NaN), '(d) => new Date(d)'],
  ['a regular expression', [/a+/gi, 'caAt'], /a+/gi, '(r, s) => (s.match(r)[0] === "aA" ? r : null)'],
  [
    'an error',
    [new TypeError('x')],
    new RangeError('x!'),
    '(e) => (e instanceof TypeError ? new RangeError(e.message + "!") : null)',
  ],
  ['bytes', [new Uint8Array([1, 255])], new Uint8Array([2, 0]), '(b) => b.map((x) => x + 1)'],
  ['floats', [new Float32Array([0.5])], new Float64Array([0.5]), '(b) => Float64Array.from(b)'],
  ['a big integer', [2n ** 64n], 2n ** 65n, '(n) => n * 2n'],
  ['undefined', [undefined, 1], undefined, '(a, b) => (b === 1 ? a : 1)'],
  ['a hole', [holed], [false, holed], '(xs) => [1 in xs, xs.map((x) => x)]'],
  ['minus zero', [-0], [-0, Number.NEGATIVE_INFINITY], '(x) => [x, 1 / x]'],
  ['not a number', [Number.NaN], [Number.NaN, true], '(x) => [x, Number.isNaN(x)]'],
  ['one object twice', [shared, shared], [true, [1], [1]], '(a, b) => [a === b, a, b]'],
  [
    'one object twice, deep inside',
    [{ a: shared, b: new Map([[shared, shared]]) }],
    true,
    '({ a, b }) => b.get(a) === a',
  ],
  [
    'a key named __proto__',
    [{ ['__proto__']: 1 }],
    1,
    '(o) => (Object.getPrototypeOf(o) === Object.prototype ? o["__proto__"] : 0)',
  ],
  ['what has no prototype is expected', [1], Object.assign(Object.create(null), { a: 1 }), '(a) => ({ a })'],
];
const nearby: [string, unknown[], unknown, string][] = [
  ['a map for an object', [1], { a: 1 }, '(a) => new Map([["a", a]])'],
  ['a list for a set', [1], new Set([1]), '(a) => [a]'],
  ['undefined for a hole', [1], holed, '() => [1, undefined, 3]'],
  ['zero for minus zero', [1], [-0], '() => [0]'],
  ['a list for bytes', [1], new Uint8Array([1]), '() => [1]'],
  ['another kind of error', [1], new TypeError('x'), '() => new Error("x")'],
  ['a number for a date', [1], new Date(1), '() => 1'],
  ['a text for an expression', [1], /x/, '() => "/x/"'],
  ['a set with one more', [1], new Set([1]), '() => new Set([1, 2])'],
  ['a map that was added to', [new Map([[1, 1]])], 1, '(m) => { m.set(2, 2); return 1 }'],
  ['a set that was emptied', [new Set([1])], 1, '(s) => { s.clear(); return 1 }'],
  ['a date that was moved', [new Date(0)], 1, '(d) => { d.setTime(5); return 1 }'],
  ['bytes that were written', [new Uint8Array(2)], 1, '(b) => { b[0] = 1; return 1 }'],
  ['an item that became a hole', [[undefined]], 1, '(xs) => { delete xs[0]; return 1 }'],
];

describe.each(engines)('%s', (engine) => {
  test.each(values)('hands over %s', async (_, args, expected, source) => {
    const task = { entry: 'f', tests: [{ args, expected }] };
    expect(await realms[engine](`const f = ${source};`, task)).toMatchObject({ score: 1 });
    expect(await realms[engine]('const f = () => "other";', task)).toMatchObject({ score: 0 });
  });
  test.each(nearby)('tells %s apart', async (_, args, expected, source) => {
    const task = { entry: 'f', tests: [{ args, expected }] };
    expect(await realms[engine](`const f = ${source};`, task)).toMatchObject({ status: 'ok', score: 0 });
  });
  test.each(waiting)('waits, %#', async (source, score) => {
    expect(await realms[engine](source, next)).toMatchObject({ score });
  });
  test.each(all)('%s, %#', async (_, source) => {
    expect(await realms[engine](source, task)).toMatchObject({ score: 1 });
  });
  test.each([
    ['function rangeSum(a, b) { return a > b ? 0 : a + rangeSum(a + 1, b); }', 'by its name', 1500],
    ['const rangeSum = (a, b) => (a > b ? 0 : a + rangeSum(a + 1, b));', 'by a variable', 1500],
    [
      'const rangeSum = (a, b) => { if (a > b) return 0; const s = { get rest() { return rangeSum(a + 1, b); } }; return a + s.rest; };',
      'through getters',
      500,
    ],
  ])('recurs deep: %s', async (source, _, depth) => {
    const tests = [{ args: [1, depth], expected: (depth * (depth + 1)) / 2 }];
    expect(await realms[engine](source, { entry: 'rangeSum', tests })).toMatchObject({ score: 1 });
  });
  test.each([
    'function f(x) { return x === 0 ? 0 : f(x) + 1 }',
    'const f = (x) => x === 0 ? 0 : [x].map(f)[0]',
    'const f = (x) => { if (x === 0) return 0; class A { get x() { return new A().x } } return new A().x }',
    'const f = (x) => x === 0 ? 0 : JSON.stringify({ toJSON: () => f(x) })',
    'const f = (x) => x === 0 ? 0 : String({ toString: () => f(x) })',
    'const f = (x) => x === 0 ? 0 : "a".replace(/a/, () => f(x))',
    'const f = (x) => x === 0 ? 0 : [2, 1].sort(() => f(x))[0]',
    'const f = (x) => { if (x === 0) return 0; let a = []; for (let i = 0; i < 2e4; i++) a = [a]; return String(a).length + JSON.stringify(a).length }',
    'const p = new Proxy({}, { get: (t, k) => p[k] }), f = (x) => x === 0 ? 0 : p.x',
  ])('what recurs without an end has a RangeError, and nothing else happens: %s', async (source) => {
    const tests = [
      { args: [1], expected: 'RangeError' },
      { args: [0], expected: 0 },
    ];
    const caught = `${source}; const g = (x) => { try { return f(x) } catch (e) { return e instanceof RangeError ? "RangeError" : String(e) } }`;
    expect(await realms[engine](caught, { entry: 'g', tests })).toMatchObject({ score: 1 });
  });
  test.each([
    'const f = (x) => new RegExp("(".repeat(2e4) + ")".repeat(2e4)).test("")',
    'const f = (x) => JSON.parse("[".repeat(2e5) + "]".repeat(2e5)).length',
    'const f = (x) => eval("1"); f(1);',
  ])('goes on after %s', async (source) => {
    const tests = [{ args: [1], expected: 2 }];
    expect(await realms[engine](source, { entry: 'f', tests })).toMatchObject({ status: 'ok', score: 0 });
    expect(await realms[engine]('const f = (x) => x + 1', { entry: 'f', tests })).toMatchObject({ score: 1 });
  });
  test.each(wrongPrograms)('not right, %#', async (source) => {
    const { score, detail } = await realms[engine](source, task);
    expect([score, typeof detail]).toEqual([0, 'string']);
  });
});

// A process for each program takes its time on a machine that does other work, too.
test('Node says the same of each', () => {
  expect(all.filter(([, source], i) => !isRightUnderNode(source, i))).toEqual([]);
  expect(wrongPrograms.filter((source, i) => isRightUnderNode(source, 1000 + i))).toEqual([]);
}, 600_000);
