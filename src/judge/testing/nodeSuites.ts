/**
 * Tests as people write them, each with programs that they are run on: the first is right, most others are not. What is
 * right of each is not written here: Node says it.
 */
export interface Suite {
  name: string;
  tests: string;
  programs: readonly string[];
}

const assert = "const assert = require('assert');\n";
const strict = "const assert = require('node:assert/strict');\n";

const root = [
  "function f(x) { if (x < 0) throw new RangeError('negative: ' + x); return Math.sqrt(x); }",
  'function f(x) { if (x < 0) return nothere; return Math.sqrt(x); }',
  "function f(x) { if (x < 0) throw new TypeError('negative: ' + x); return Math.sqrt(x); }",
  "function f(x) { if (x < 0) throw new RangeError('wrong'); return Math.sqrt(x); }",
  "function f(x) { if (x < 0) throw 'negative: ' + x; return Math.sqrt(x); }",
  "function f(x) { if (x < 0) throw { name: 'RangeError', message: 'negative: ' + x }; return Math.sqrt(x); }",
  "class Low extends RangeError {} function f(x) { if (x < 0) throw Object.assign(new Low('negative: ' + x), { code: 'LOW' }); return Math.sqrt(x); }",
  'function f(x) { return Math.sqrt(x); }',
  "function f(x) { if (x < 0) throw Object.assign(new RangeError('negative: ' + x), { code: 'LOW', details: { at: x } }); return Math.sqrt(x); }",
  'function f(x) { if (x < 0) throw undefined; return Math.sqrt(x); }',
];

/** Each way to expect an error, on all programs that throw one. */
const thrown: Suite[] = [
  'assert.throws(() => f(-1));',
  'assert.throws(() => f(-1), RangeError);',
  'assert.throws(() => f(-1), Error);',
  'assert.throws(() => f(-1), /negative/);',
  'assert.throws(() => f(-1), /^RangeError: negative: -1$/);',
  "assert.throws(() => f(-1), { name: 'RangeError', message: 'negative: -1' });",
  'assert.throws(() => f(-1), { message: /^neg/, name: /Error$/ });',
  "assert.throws(() => f(-1), { code: 'LOW' });",
  'assert.throws(() => f(-1), { details: { at: -1 } });',
  "assert.throws(() => f(-1), new RangeError('negative: -1'));",
  'assert.throws(() => f(-1), (error) => error instanceof RangeError && /negative/.test(error.message));',
  'assert.throws(() => f(-1), (error) => { assert.strictEqual(error.name, "RangeError"); return true; });',
  'assert.throws(() => f(-1), (error) => { assert.ok(error); });',
  "assert.throws(() => f(-1), 'it should throw');",
  "assert.throws(() => f(-1), 'negative: -1');",
  "assert.throws(() => f(-1), RangeError, 'it should throw a RangeError');",
  'assert.throws(f, RangeError);',
  'assert.throws(f(-1), RangeError);',
  'assert.throws(() => f(-1), {});',
  'assert.doesNotThrow(() => f(4)); assert.equal(f(4), 2);',
  'assert.doesNotThrow(() => f(-1));',
  'assert.doesNotThrow(() => f(-1), TypeError);',
  'let caught = null; try { f(-1); } catch (e) { caught = e; } assert.ok(caught instanceof RangeError); assert.strictEqual(caught.message, "negative: -1");',
  'try { f(-1); assert.fail("should have thrown"); } catch (e) { assert.ok(e instanceof RangeError, "wrong kind"); assert.match(e.message, /negative/); }',
  'let n = 0; try { f(-1); } catch ({ name, message }) { n++; assert.equal(name + ": " + message, "RangeError: negative: -1"); } assert.equal(n, 1);',
  'assert.ok(f); try { f(-1); } catch (e) { assert(e.toString().includes("negative")); assert.equal(e.constructor, RangeError); }',
  'const wrong = (() => { try { f(-1); } catch (e) { return e; } })(); assert.deepStrictEqual(wrong, new RangeError("negative: -1"));',
  'assert.ifError(null); assert.ifError(undefined); assert.equal(f(9), 3);',
  'let e = null; try { f(-1) } catch (x) { e = x } assert.ifError(e);',
].map((tests) => ({ name: tests, tests: assert + tests, programs: root }));

const sums = [
  'function f(a, b) { return a + b; }',
  'function f(a, b) { return a - b; }',
  'function f(a, b) { return String(a + b); }',
  'function f(a, b) { return { valueOf: () => a + b }; }',
  'function f() {}',
  'let n = 0; function f(a, b) { n += a + b; return n; }',
  'async function f(a, b) { return a + b; }',
  'function f(a, b) { throw new Error("no"); }',
];

/** Each style of a test program, on all programs that add, or do not. */
const styles: Suite[] = [
  `${assert}assert.equal(f(1, 2), 3); assert.equal(f(-1, 1), 0);`,
  `${assert}assert.strictEqual(f(1, 2), 3, 'one and two'); assert.notStrictEqual(f(1, 2), 4);`,
  `${strict}assert.equal(f(1, 2), 3); assert.notEqual(f(2, 2), 5);`,
  `const { strict: assert } = require('assert');\nassert.equal(f(1, 2), 3);\nassert.deepEqual([f(0, 0)], [0]);`,
  `const { equal, ok, deepStrictEqual: same } = require('node:assert');\nequal(f(1, 2), 3); ok(f(1, 1)); same([f(4, 4)], [8]);`,
  `${assert}assert(f(1, 2) === 3); assert(f(10, 5) == 15, 'sum');`,
  `if (f(1, 2) !== 3) throw new Error('1 + 2');\nif (f(5, 5) !== 10) throw new Error('5 + 5');`,
  `if (f(1, 2) !== 3) { console.error('wrong'); process.exit(1); }\nconsole.log('ok');`,
  `let failed = 0;\nconst check = (a, b, sum) => { if (f(a, b) === sum) console.log('ok'); else failed++; };\ncheck(1, 2, 3); check(0, 0, 0); check(-2, 1, -1);\nif (failed > 0) process.exit(1);`,
  `if (f(1, 2) !== 3) process.exitCode = 1;\nif (f(2, 2) !== 4) process.exitCode = 2;`,
  `${assert}const table = [[1, 2, 3], [0, 0, 0], [-1, 1, 0]];\ntable.forEach(([a, b, sum]) => assert.strictEqual(f(a, b), sum));`,
  `${assert}for (const { a, b, sum } of [{ a: 1, b: 2, sum: 3 }, { a: 2, b: 2, sum: 4 }]) { assert.strictEqual(f(a, b), sum, \`\${a} + \${b}\`); }`,
  `${assert}assert.ok([[1, 2, 3], [2, 2, 4]].every(([a, b, sum]) => f(a, b) === sum));`,
  `${assert}assert.ok(![[1, 2, 4], [2, 2, 5]].some(([a, b, sum]) => f(a, b) === sum));`,
  `${assert}const a = f(1, 1); const b = f(2, 2); const c = f(3, 3); const d = f(a, b); const e = f(c, d); const g = f(e, e); const h = f(g, a);\nassert.deepEqual([a, b, c, d, e, g, h], [2, 4, 6, 6, 12, 24, 26]);`,
  `${assert}assert.strictEqual(f(f(f(f(f(f(f(f(f(f(1, 1), 1), 1), 1), 1), 1), 1), 1), 1), 1), 11);`,
  `${assert}assert.strictEqual([1, 2, 3, 4].reduce((a, b) => f(a, b), 0), 10);`,
  `${assert}assert.strictEqual([1, 2, 3, 4].reduce(f), 10);`,
  `${assert}function test(name, run) { try { run(); console.log('ok', name); } catch (error) { console.log('not ok', name); process.exitCode = 1; } }\ntest('adds', () => assert.equal(f(1, 2), 3));\ntest('adds more', () => { assert.equal(f(2, 3), 5); });`,
  `${assert}function test(name, run) { try { run(); } catch (error) { console.log('not ok', name); } }\ntest('adds', () => assert.equal(f(1, 2), 3)); test('nothing', () => assert.ok(true));`,
  `${assert}const expectEqual = (actual, expected) => assert.deepStrictEqual(actual, expected);\nexpectEqual(f(1, 2), 3); expectEqual(f(3, 4), 7);`,
  `function assertEqual(actual, expected, message) { if (actual !== expected) throw new Error(message || \`\${actual} is not \${expected}\`); }\nassertEqual(f(1, 2), 3); assertEqual(f(2, 3), 5, 'sum');`,
  `const main = () => {\n  console.assert(f(1, 2) === 3)\n  console.assert(f(2, 3) === 5, 'five')\n}\nmain()`,
  `${assert}let i = 0; while (i < 5) { assert.equal(f(i, i), 2 * i); i++; }`,
  `${assert}assert.match(String(f(1, 2)), /^3$/); assert.doesNotMatch(\`\${f(1, 2)}\`, /4/);`,
  `${assert}assert.equal(typeof f, 'function'); assert.equal(f.length, 2); assert.equal(f(1, 1), 2);`,
  `${assert}(async () => { assert.equal(await f(1, 2), 3); assert.equal(await f(2, 2), 4); })();`,
  `${assert}Promise.resolve(f(1, 2)).then((sum) => { assert.equal(sum, 3); }).catch((error) => { console.error(error); process.exit(1); });`,
  `${assert}assert.ok(f);\nconst done = (async () => { assert.equal(await f(1, 2), 3); })();`,
  `${assert}Promise.resolve(f(1, 2)).then((sum) => assert.equal(sum, 3));`,
  `${assert}const run = async () => { const [a, b] = await Promise.all([f(1, 2), f(3, 4)]); assert.deepEqual([a, b], [3, 7]); };\nrun().then(() => console.log('done'), (error) => { process.exitCode = 1; });`,
  `${assert}setTimeout(() => { assert.equal(f(1, 2), 3); }, 5); setImmediate(() => assert.ok(true));`,
  `${assert}process.on('exit', () => {}); assert.ok(Number.isFinite(f(1, 2)) && f(1, 2) > 2);`,
  `${assert}assert.rejects(f(1, 2), Error).catch(() => process.exit(3));`,
  `${assert}try { assert.equal(f(1, 2), 3); } catch { assert.equal(f(1, 2), -1); }`,
  `${assert}assert.throws(() => assert.equal(f(1, 2), 3), assert.AssertionError);`,
  `${assert}assert.deepEqual({ sum: f(1, 2) }, { sum: '3' });`,
  `${assert}assert.notDeepStrictEqual({ sum: f(1, 2) }, { sum: '3' }); assert.notDeepEqual([f(1, 2)], [4]);`,
  `${assert}if (typeof f(1, 2) === 'number') { assert.equal(f(1, 2), 3); } else { assert.fail('no number'); }`,
  `import assert from 'node:assert/strict';\nimport { equal } from 'node:assert';\nassert.equal(await f(1, 2), 3); equal(1, 1);`,
].map((tests) => ({ name: tests, tests, programs: sums }));

const lists = (values: readonly string[]): string[] =>
  values.map((value) => `function f() { return ${value}; }`);

/** Values with hidden contents, in each way to compare them. */
const values: Suite[] = [
  {
    expected: "new Map([['a', 1], ['b', [2]]])",
    given: [
      "new Map([['b', [2]], ['a', 1]])",
      '{}',
      'new Map()',
      "new Map([['a', 1], ['b', [3]]])",
      '{ a: 1, b: [2] }',
      "new Set([['a', 1], ['b', [2]]])",
      "Object.assign(new Map([['a', 1], ['b', [2]]]), { x: 1 })",
      "[['a', 1], ['b', [2]]]",
    ],
  },
  {
    expected: 'new Set([1, [2], { a: 3 }])',
    given: [
      'new Set([{ a: 3 }, 1, [2]])',
      '{}',
      'new Set()',
      'new Set([1, [2], { a: 4 }])',
      '[1, [2], { a: 3 }]',
      "new Set(['1', [2], { a: 3 }])",
      'new Map([[1, 1], [2, 2], [3, 3]])',
    ],
  },
  {
    expected: "new Date('2020-02-29')",
    given: [
      'new Date(Date.UTC(2020, 1, 29))',
      '{}',
      'new Date(0)',
      "'2020-02-29T00:00:00.000Z'",
      'new Date(NaN)',
      '1582934400000',
      'Object.create(Date.prototype)',
    ],
  },
  {
    expected: '[new Map([[1, new Date(5)]]), new Set([/a/g])]',
    given: [
      '[new Map([[1, new Date(5)]]), new Set([/a/g])]',
      '[{}, {}]',
      '[new Map([[1, {}]]), new Set([{}])]',
      '[new Map([[1, new Date(6)]]), new Set([/a/g])]',
      '[new Map([[1, new Date(5)]]), new Set([/a/i])]',
    ],
  },
  {
    expected: '[1, , 3]',
    given: ['[1, , 3]', '[1, undefined, 3]', '[1, 3]', '[1, null, 3]', 'Object.assign([1, , 3], { x: 1 })'],
  },
  {
    expected: '{ a: 1, b: undefined, [Symbol.for("s")]: 2 }',
    given: [
      '{ a: 1, b: undefined, [Symbol.for("s")]: 2 }',
      '{ a: 1, [Symbol.for("s")]: 2 }',
      '{ a: 1, b: undefined }',
      '{ a: 1, b: undefined, [Symbol.for("s")]: 3 }',
      '{ b: undefined, [Symbol.for("s")]: 2, a: "1" }',
      'Object.assign(Object.create(null), { a: 1, b: undefined, [Symbol.for("s")]: 2 })',
    ],
  },
  {
    expected: '[0, -0, NaN, 1n, Infinity]',
    given: [
      '[0, -0, NaN, 1n, Infinity]',
      '[0, 0, NaN, 1n, Infinity]',
      '[-0, -0, NaN, 1n, Infinity]',
      '[0, -0, NaN, 1, Infinity]',
      '[0, -0, null, 1n, Infinity]',
      '["0", -0, NaN, 1n, Infinity]',
    ],
  },
  {
    expected: 'new Uint8Array([1, 2, 3])',
    given: [
      'Uint8Array.of(1, 2, 3)',
      '[1, 2, 3]',
      'new Uint16Array([1, 2, 3])',
      'new Uint8Array([1, 2, 4])',
      'new Uint8Array([1, 2, 3]).buffer',
      'new Uint8Array([0, 1, 2, 3]).subarray(1)',
      '{ 0: 1, 1: 2, 2: 3 }',
    ],
  },
  {
    expected: "new Error('no')",
    given: [
      "new Error('no')",
      "new Error('yes')",
      "new TypeError('no')",
      '{ message: "no" }',
      "Object.assign(new Error('no'), { code: 1 })",
      '"Error: no"',
    ],
  },
  {
    expected: 'Object("a")',
    given: ['new String("a")', '"a"', 'new String("b")', '["a"]', 'Object.assign(new String("a"), { x: 1 })'],
  },
].flatMap(({ expected, given }, i) =>
  [
    `${assert}assert.deepEqual(f(), ${expected});`,
    `${assert}assert.deepStrictEqual(f(), ${expected});`,
    `${assert}assert.deepStrictEqual([{ in: ${expected} }], [{ in: f() }]);`,
    `${assert}assert.notDeepStrictEqual(f(), ${expected});`,
    `${assert}const _ = require('lodash');\nassert(_.isEqual(f(), ${expected}));`,
    `${assert}assert.ok(require('util').isDeepStrictEqual(f(), ${expected}));`,
  ]
    // The last three say little that the others do not.
    .slice(0, i === 0 ? 6 : 3 + (i % 2))
    .map((tests) => ({ name: tests, tests, programs: lists(given) })),
);

/** What passes between tests and program besides plain data. */
const crossings: Suite[] = [
  {
    name: 'callbacks',
    tests: `${assert}assert.strictEqual(f(3, (v) => v * 2), 12); let n = 0; f(1, (v) => { n++; return v; }); assert.equal(n, 2);`,
    programs: [
      'const f = (x, g) => g(g(x));',
      'const f = (x, g) => g(x);',
      'const f = (x, g) => g(g(g(x)));',
      'const f = (x) => x * 4;',
      'const f = (x, g) => { g(x); return g(g(x)); };',
    ],
  },
  {
    name: 'callbacks that see what is passed',
    tests: `${assert}const seen = []; f(['a', 'b'], (item, i, all) => seen.push([item, i, all.length])); assert.deepEqual(seen, [['a', 0, 2], ['b', 1, 2]]);`,
    programs: [
      'function f(xs, g) { xs.forEach(g); }',
      'function f(xs, g) { for (const x of xs) g(x); }',
      'function f(xs, g) { xs.reverse().forEach(g); }',
      'function f() {}',
      'function f(xs, g) { xs.map((x, i) => g(x, i, xs)); }',
    ],
  },
  {
    name: 'callbacks with an error first',
    tests: `${assert}let done = false; f(4, (error, value) => { assert.ifError(error); assert.equal(value, 2); done = true; }); assert.ok(done); f(-1, (error) => assert.ok(error instanceof RangeError));`,
    programs: [
      "function f(x, done) { x < 0 ? done(new RangeError('no')) : done(null, Math.sqrt(x)); }",
      "function f(x, done) { x < 0 ? done('no') : done(null, Math.sqrt(x)); }",
      'function f(x, done) { done(null, Math.sqrt(x)); }',
      "function f(x, done) { x < 0 ? done(new RangeError('no')) : done(new Error('no')); }",
      "function f(x, done) { setTimeout(() => (x < 0 ? done(new RangeError('no')) : done(null, Math.sqrt(x))), 1); }",
    ],
  },
  {
    name: 'callbacks that throw',
    tests: `${assert}assert.throws(() => f([1], () => { throw new TypeError('mine'); }), { name: 'TypeError', message: 'mine' }); assert.deepEqual(f([1, 2], (x) => x + 1), [2, 3]);`,
    programs: [
      'const f = (xs, g) => xs.map((x) => g(x));',
      'const f = (xs, g) => { try { return xs.map((x) => g(x)); } catch { return []; } };',
      'const f = (xs, g) => { try { return xs.map((x) => g(x)); } catch (e) { throw new Error(e.message); } };',
    ],
  },
  {
    name: 'arguments changed in place',
    tests: `${assert}const xs = [3, 1, 2]; const back = f(xs); assert.deepStrictEqual(xs, [1, 2, 3]); assert.strictEqual(back, xs);`,
    programs: [
      'function f(xs) { return xs.sort((a, b) => a - b); }',
      'function f(xs) { xs.sort((a, b) => a - b); }',
      'function f(xs) { return [...xs].sort(); }',
      'function f(xs) { xs.length = 0; xs.push(1, 2, 3); return xs; }',
      'function f(xs) { xs.sort(); return xs.slice(); }',
    ],
  },
  {
    name: 'arguments left alone',
    tests: `${assert}const xs = Object.freeze([3, 1, 2]); assert.deepEqual(f(xs), [1, 2, 3]); const ys = [2, 1]; const copy = [...ys]; f(ys); assert.deepEqual(ys, copy); assert.notStrictEqual(f(ys), ys);`,
    programs: [
      'const f = (xs) => [...xs].sort();',
      'const f = (xs) => xs.sort();',
      'const f = (xs) => (Object.isFrozen(xs) ? [1, 2, 3] : xs.sort());',
    ],
  },
  {
    name: 'objects changed in place, deep inside',
    tests: `${assert}const o = { a: { b: [1] }, m: new Map([['k', 1]]), s: new Set([1]), d: new Date(0) }; f(o); assert.deepStrictEqual(o, { a: { b: [1, 2] }, m: new Map([['k', 2]]), s: new Set([1, 2]), d: new Date(5) });`,
    programs: [
      "function f(o) { o.a.b.push(2); o.m.set('k', 2); o.s.add(2); o.d.setTime(5); }",
      "function f(o) { o.a.b.push(2); o.m.set('k', 2); o.s.add(2); }",
      "function f(o) { o.a = { b: [1, 2] }; o.m = new Map([['k', 2]]); o.s = new Set([2, 1]); o.d = new Date(5); }",
      'function f(o) { delete o.a; }',
    ],
  },
  {
    name: 'functions as results',
    tests: `${assert}const next = f(10); assert.equal(next(), 10); assert.equal(next(), 11); const other = f(0); assert.equal(other(), 0); assert.equal(next(), 12);`,
    programs: [
      'const f = (n) => () => n++;',
      'let m; const f = (n) => { m = n; return () => m++; };',
      'const f = (n) => () => n;',
      'const f = (n) => n;',
      'const f = (n) => () => ++n;',
    ],
  },
  {
    name: 'classes under test',
    tests: `${assert}const s = new f(); s.push(1); s.push(2); assert.equal(s.size, 2); assert.equal(s.pop(), 2); assert.ok(s instanceof f); assert.deepEqual(s.items, [1]); assert.throws(() => f(), TypeError); assert.equal(f.name, 'f'); assert.equal(f.from([1, 2]).size, 2);`,
    programs: [
      'class f { constructor() { this.items = []; } static from(xs) { const s = new f(); xs.forEach((x) => s.push(x)); return s; } push(x) { this.items.push(x); } pop() { return this.items.pop(); } get size() { return this.items.length; } }',
      'class f { constructor() { this.items = []; } static from(xs) { const s = new f(); xs.forEach((x) => s.push(x)); return s; } push(x) { this.items.push(x); } pop() { return this.items.shift(); } get size() { return this.items.length; } }',
      'class f { constructor() { this.items = []; } push(x) { this.items.push(x); } pop() { return this.items.pop(); } get size() { return this.items.length; } }',
      'class f { items = []; static from(xs) { const s = new f(); s.items = [...xs]; return s; } push(x) { this.items.unshift(x); } pop() { return this.items.shift(); } get size() { return this.items.length; } }',
      'function f() { return { items: [], push() {}, pop() {}, size: 0 }; }',
    ],
  },
  {
    name: 'instances',
    tests: `${assert}const p = f(1, 2); assert.deepEqual(p, { x: 1, y: 2 }); assert.equal(p.length(), Math.hypot(1, 2)); assert.equal(String(p), '(1, 2)'); assert.equal(JSON.stringify(p), '{"x":1,"y":2}');`,
    programs: [
      "class P { constructor(x, y) { this.x = x; this.y = y; } length() { return Math.hypot(this.x, this.y); } toString() { return '(' + this.x + ', ' + this.y + ')'; } } const f = (x, y) => new P(x, y);",
      'class P { constructor(x, y) { this.x = x; this.y = y; } length() { return Math.hypot(this.x, this.y); } } const f = (x, y) => new P(x, y);',
      'const f = (x, y) => ({ x, y, length: () => Math.hypot(x, y) });',
    ],
  },
  {
    name: 'generators',
    tests: `${assert}assert.deepEqual([...f(3)], [0, 1, 2]); const g = f(2); assert.deepEqual(g.next(), { value: 0, done: false }); for (const x of f(4)) assert.ok(x < 4);`,
    programs: [
      'function* f(n) { for (let i = 0; i < n; i++) yield i; }',
      'function f(n) { return Array.from({ length: n }, (_, i) => i); }',
      'function f(n) { return Array.from({ length: n }, (_, i) => i)[Symbol.iterator](); }',
      'function* f(n) { for (let i = 1; i <= n; i++) yield i; }',
      'function* f(n) { for (let i = 0; i <= n; i++) yield i; }',
    ],
  },
  {
    name: 'promises',
    tests: `${assert}(async () => { assert.ok(f(1) instanceof Promise); assert.equal(await f(1), 2); await assert.rejects(f(-1), RangeError); await assert.rejects(() => f(-1), { message: 'low' }); await assert.doesNotReject(f(2)); })();`,
    programs: [
      "async function f(x) { if (x < 0) throw new RangeError('low'); return x + 1; }",
      "function f(x) { if (x < 0) throw new RangeError('low'); return x + 1; }",
      "function f(x) { return x < 0 ? Promise.reject(new RangeError('low')) : Promise.resolve(x + 1); }",
      "async function f(x) { if (x < 0) throw new Error('low'); return x + 1; }",
      'async function f(x) { return x + 1; }',
      "const f = (x) => new Promise((resolve, reject) => setTimeout(() => (x < 0 ? reject(new RangeError('low')) : resolve(x + 1)), 3));",
    ],
  },
  {
    name: 'timers on both sides',
    tests: `${assert}const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n(async () => { const calls = []; const g = f((x) => calls.push(x), 40); g(1); await sleep(10); g(2); await sleep(20); assert.deepEqual(calls, []); await sleep(60); assert.deepEqual(calls, [2]); })();`,
    programs: [
      'const f = (g, ms) => { let t; return (...xs) => { clearTimeout(t); t = setTimeout(() => g(...xs), ms); }; };',
      'const f = (g) => (...xs) => g(...xs);',
      'const f = (g, ms) => (...xs) => { setTimeout(() => g(...xs), ms); };',
      'const f = () => () => {};',
    ],
  },
  {
    name: 'large and deep results',
    tests: `${assert}assert.strictEqual(f(200000).text.length, 200000); assert.equal(f(20000).list.length, 20000); assert.equal(f(20000).list[19999], 19999); let deep = f(60).deep; let n = 0; while (deep.length) { deep = deep[0]; n++; } assert.equal(n, 60);`,
    programs: [
      "function f(n) { let deep = []; for (let i = 0; i < Math.min(n, 60); i++) deep = [deep]; return { text: 'x'.repeat(n), list: Array.from({ length: Math.min(n, 20000) }, (_, i) => i), deep }; }",
      "function f(n) { let deep = []; for (let i = 0; i < Math.min(n, 16); i++) deep = [deep]; return { text: 'x'.repeat(n), list: Array.from({ length: Math.min(n, 20000) }, (_, i) => i), deep }; }",
    ],
  },
  {
    name: 'circles',
    tests: `${assert}const a = f('a'); assert.strictEqual(a.self, a); assert.strictEqual(a.kids[0].parent, a); const b = { name: 'a', kids: [] }; b.self = b; b.kids.push({ parent: b }); assert.deepStrictEqual(a, b);`,
    programs: [
      'function f(name) { const a = { name, kids: [] }; a.self = a; a.kids.push({ parent: a }); return a; }',
      'function f(name) { const a = { name, kids: [] }; a.self = { ...a }; a.kids.push({ parent: a }); return a; }',
      "function f(name) { const a = { name: 'b', kids: [] }; a.self = a; a.kids.push({ parent: a }); return a; }",
    ],
  },
  {
    name: 'state between calls',
    tests: `${assert}assert.equal(f(), 1); assert.equal(f(), 2); assert.equal(f(), 3);`,
    programs: [
      'let n = 0; function f() { return ++n; }',
      'function f() { return 1; }',
      'function f() { f.n = (f.n || 0) + 1; return f.n; }',
      'const seen = []; const f = () => seen.push(0);',
    ],
  },
  {
    name: 'lists that grow between calls',
    tests: `${assert}assert.deepEqual(f(1), [1]); assert.deepEqual(f(2), [2]);`,
    programs: [
      'const f = (x) => [x];',
      'const all = []; function f(x) { all.push(x); return all; }',
      'const f = (x, all = []) => { all.push(x); return all; };',
    ],
  },
  {
    name: 'the one and only',
    tests: `${assert}assert.strictEqual(f(), f()); f().n = 5; assert.equal(f().n, 5);`,
    programs: [
      'const one = {}; const f = () => one;',
      'const f = () => ({ n: 5 });',
      'const one = { get n() { return 5; }, set n(_) {} }; const f = () => one;',
    ],
  },
  {
    name: 'built-in functions as arguments',
    tests: `${assert}assert.deepEqual(f(['1', '2'], Number), [1, 2]); assert.deepEqual(f([1.5], Math.floor), [1]); assert.deepEqual(f([1, 0], Boolean), [true, false]); assert.deepEqual(f(['a'], (s) => s.toUpperCase()), ['A']);`,
    programs: [
      'const f = (xs, g) => xs.map((x) => g(x));',
      'const f = (xs) => xs.map(Number);',
      'const f = (xs, g) => { const ys = []; for (const x of xs) ys.push(g(x)); return ys; };',
    ],
  },
  {
    name: 'thenables and symbols',
    tests: `${assert}const s = Symbol('s'); assert.strictEqual(f(s), s); const o = { [s]: 1 }; assert.deepStrictEqual(f(o), { [s]: 1 }); assert.strictEqual(f(Symbol.iterator), Symbol.iterator); assert.equal(f(null), null); assert.equal(f(undefined), undefined);`,
    programs: [
      'const f = (x) => x;',
      'const f = (x) => (typeof x === "symbol" ? Symbol(x.description) : x);',
      'const f = (x) => (x && typeof x === "object" ? { ...x } : x);',
      'const f = (x) => JSON.parse(JSON.stringify(x ?? null));',
    ],
  },
];

export const suites: readonly Suite[] = [...thrown, ...styles, ...values, ...crossings];
