/**
 * Whole programs as models write them for Node. Each defines `rangeSum(a, b)`, the sum of the whole numbers from a to b,
 * and is right under `node`; what differs is all that stands around it.
 */
const right = 'function rangeSum(a, b) { let s = 0; for (let i = a; i <= b; i++) s += i; return s; }';

/** By what is special about them. */
export const programs: Record<string, string[]> = {
  plain: [right, `${right}\n`, `'use strict';\n${right}`, `;;\n${right};`],
  'module.exports': [
    `${right}\nmodule.exports = rangeSum;\n`,
    `${right}\nmodule.exports = { rangeSum };\n`,
    `${right}\nmodule.exports.rangeSum = rangeSum;`,
    `${right}\nexports = module.exports = { rangeSum, default: rangeSum };`,
    `${right}\nif (typeof module !== 'undefined' && module.exports) module.exports = { rangeSum };`,
    `(function () { if (typeof exports === 'object' && typeof module !== 'undefined') module.exports = 1; })();\n${right}`,
  ],
  'exports.f': [
    `${right}\nexports.rangeSum = rangeSum;\n`,
    `${right}\nexports.helper = () => 1; exports.rangeSum = rangeSum;`,
    `Object.defineProperty(exports, '__esModule', { value: true });\n${right}\nexports.default = rangeSum;`,
    `${right}\nif (typeof exports !== 'undefined') { exports.rangeSum = rangeSum; }`,
  ],
  'require.main': [
    `${right}\nif (require.main === module) { console.log(rangeSum(1, 3)); }\n`,
    `${right}\nif (!module.parent) console.log(rangeSum(1, 3));`,
    `${right}\nfunction main() { console.log(rangeSum(1, 3)); }\nif (require.main === module) main();`,
    `${right}\nif (typeof require !== 'undefined' && require.main === module) { for (const x of process.argv.slice(2)) console.log(x); }`,
  ],
  'require assert': [
    `const assert = require('assert');\n${right}\nassert.strictEqual(rangeSum(1, 3), 6);\n`,
    `const assert = require('node:assert').strict;\n${right}\nassert.equal(rangeSum(1, 3), 6); assert(rangeSum(4, 4) === 4, 'four');`,
    `const { strictEqual, deepStrictEqual, throws } = require('node:assert/strict');\n${right}\nstrictEqual(rangeSum(4, 4), 4); deepStrictEqual([rangeSum(1, 2)], [3]); throws(() => { throw new TypeError('x'); }, TypeError);`,
    `const assert = require('assert');\n${right}\nassert.deepEqual([rangeSum(1, 3), new Map([[1, { a: 1 }]])], ['6', new Map([[1, { a: '1' }]])]);\nassert.throws(() => rangeSum.x.y, /undefined/); assert.notDeepStrictEqual([1], ['1']); assert.ok(1);`,
    `const assert = require('assert');\n${right}\ntry { assert.strictEqual(rangeSum(1, 3), 7); assert.fail('no'); } catch (e) { if (!(e instanceof assert.AssertionError) || e.code !== 'ERR_ASSERTION') throw e; }`,
  ],
  'require util and others': [
    `const util = require('util');\n${right}\nif (util.inspect({ a: [1, 'x', null], b: new Set([1]) }) !== "{ a: [ 1, 'x', null ], b: Set(1) { 1 } }") throw new Error(util.inspect({ a: [1, 'x', null], b: new Set([1]) }));`,
    `const { isDeepStrictEqual, format } = require('node:util');\n${right}\nif (!isDeepStrictEqual({ a: [1] }, { a: [1] }) || format('%s-%d', 'a', 2) !== 'a-2') throw 1;`,
    `const EventEmitter = require('events');\nclass E extends EventEmitter {}\nconst e = new E(); let hits = 0; e.on('x', (n) => { hits += n; }); e.emit('x', 2);\n${right}\nif (hits !== 2) throw 1;`,
    `const { EventEmitter } = require('node:events');\nconst e = new EventEmitter(); e.once('x', () => {}); e.emit('x');\n${right}\nif (e.emit('x')) throw 1;`,
    `const path = require('path');\n${right}\nif (path.join('a', '..', 'b/c.txt') !== 'b/c.txt' || path.extname('x.tar.gz') !== '.gz') throw 1;`,
    `const { performance } = require('perf_hooks');\n${right}\nconst t = performance.now(); rangeSum(1, 5); console.log(performance.now() - t);`,
    `const fs = require('fs');\n${right}\nconst input = fs.readFileSync(0, 'utf8').trim(); if (input) console.log(input);`,
    `const readline = require('readline');\n${right}\nif (require.main === module) { const rl = readline.createInterface({ input: process.stdin }); rl.on('line', (x) => console.log(x)); }`,
    `const os = require('os');\n${right}\nif (os.EOL !== '\\n') throw 1;`,
  ],
  console: [
    `${right}\nconsole.dir(rangeSum(1, 3), { depth: null });\n`,
    `${right}\nconsole.time('t'); rangeSum(1, 3); console.timeEnd('t');\n`,
    `${right}\nconsole.table([{ a: rangeSum(1, 2) }]); console.group('x'); console.info('y'); console.groupEnd(); console.count(); console.trace('z');`,
    `const { log, error } = console;\n${right}\nlog('%d', rangeSum(1, 2)); [1, 2].forEach(console.log); error('x'); console.assert(rangeSum(1, 3) === 6);`,
    `console.log = () => {};\n${right}\nconsole.log(rangeSum(1, 3));`,
  ],
  process: [
    `${right}\nprocess.stdout.write(String(rangeSum(1, 3)) + '\\n');\n`,
    `const debug = process.env.DEBUG === '1';\n${right}\nif (debug) console.log('x');`,
    `${right}\nconst [, , ...args] = process.argv; if (args.length === 2) console.log(rangeSum(+args[0], +args[1]));`,
    `${right}\nprocess.on('uncaughtException', () => process.exit(1)); process.exitCode = 0; process.nextTick(() => {});`,
    `const start = process.hrtime.bigint();\n${right}\nif (process.hrtime.bigint() < start || process.hrtime(process.hrtime())[0] < 0 || process.platform.length < 3) throw 1;`,
  ],
  hashbang: [
    `#!/usr/bin/env node\n${right}\n`,
    `#!/usr/bin/env node\n'use strict';\n${right}\nmodule.exports = rangeSum;`,
    `#! node\r\n${right}`,
    '#!/usr/bin/node --harmony\nconst rangeSum = (a, b) => ((a + b) * (b - a + 1)) / 2;',
  ],
  structuredClone: [
    'function rangeSum(a, b) { const o = structuredClone({ s: 0 }); for (let i = a; i <= b; i++) o.s += i; return o.s; }\n',
    "function rangeSum(a, b) { const m = structuredClone(new Map([['s', [0n, new Date(0), /x/g]]])); let s = Number(m.get('s')[0]) + m.get('s')[1].getTime(); for (let i = a; i <= b; i++) s += i; return m.get('s')[2].flags === 'g' ? s : NaN; }",
    'const o = { a: [1] }; o.self = o; const c = structuredClone(o);\nfunction rangeSum(a, b) { let s = 0; for (let i = a; i <= b; i++) s += i; return c.self === c && c.a !== o.a ? s : NaN; }',
    "let failed = ''; try { structuredClone({ f() {} }); } catch (e) { failed = e.name; }\nfunction rangeSum(a, b) { let s = 0; for (let i = a; i <= b; i++) s += i; return failed === 'DataCloneError' ? s : NaN; }",
    "class P { constructor() { this.x = 1; } }\nfunction rangeSum(a, b) { const c = structuredClone([new P(), new Set([1]), new Uint8Array([7]), new RangeError('r'), Object(3)]); const ok = !(c[0] instanceof P) && c[1].has(1) && c[2][0] === 7 && c[3] instanceof RangeError && c[3].message === 'r' && c[4] + 1 === 4; let s = 0; for (let i = a; i <= b; i++) s += i; return ok ? s : NaN; }",
  ],
  timers: [
    `${right}\nsetTimeout(() => console.log(rangeSum(1, 3)), 0);\n`,
    `${right}\nconst t = setInterval(() => {}, 1000); clearInterval(t); clearTimeout(setTimeout(() => {}, 5)); setImmediate(() => {});`,
    `${right}\nqueueMicrotask(() => console.log(rangeSum(1, 2))); Promise.resolve().then(() => {});`,
    `const sleep = (ms) => new Promise((r) => setTimeout(r, ms));\n${right}\n(async () => { await sleep(1); console.log(rangeSum(1, 2)); })();`,
    `const { setTimeout: wait } = require('timers/promises');\n${right}\nwait(5).then(() => {}); setTimeout(() => {}, 1).unref();`,
  ],
  'btoa and atob': [
    `const pad = btoa('x');\n${right}\n`,
    `${right}\nif (atob(btoa('hello, world')) !== 'hello, world' || btoa('\\u00e9') !== '6Q==') throw 1;`,
    `${right}\nlet name = ''; try { btoa('\\u20ac'); } catch (e) { name = e.name; } if (name !== 'InvalidCharacterError') throw 1;`,
    `${right}\nif (atob(' aGk ') !== 'hi' || atob('') !== '') throw 1;`,
  ],
  'text coding': [
    `const n = new TextEncoder().encode('x').length;\n${right}\n`,
    `${right}\nconst text = 'h\\u00e9llo \\u20ac \\ud83d\\ude00'; if (new TextDecoder().decode(new TextEncoder().encode(text)) !== text) throw 1;`,
    `${right}\nconst { TextDecoder: D } = require('util'); if (new D('utf-8').decode(new Uint8Array([0xff, 65, 0xe2, 0x82])) !== '\\ufffdA\\ufffd') throw 1;`,
    `${right}\nif (Array.from(new TextEncoder().encode('\\ud800')).join() !== '239,191,189') throw 1;`,
  ],
  addresses: [
    `${right}\nconst url = new URL('https://user@example.com:8080/a/../b?x=1&y=2#h'); if (url.host !== 'example.com:8080' || url.pathname !== '/b' || url.searchParams.get('y') !== '2') throw 1;`,
    `const { URL: U, URLSearchParams: P } = require('node:url');\n${right}\nif (new U('../c', 'http://h/a/b/').href !== 'http://h/a/c' || new P({ q: 'a b' }).toString() !== 'q=a+b') throw 1;`,
    `${right}\nlet failed = false; try { new URL('nowhere'); } catch (e) { failed = e instanceof TypeError; } if (!failed || URL.canParse('x')) throw 1;`,
    `${right}\nconst params = new URLSearchParams('?a=1&a=2'); params.append('b', '3'); if ([...params].length !== 3 || params.getAll('a').join() !== '1,2') throw 1;`,
  ],
  'newest syntax': [
    `const digit = /^[\\p{Nd}--[0-8]]$/v;\n${right}\n`,
    `const word = /[\\p{L}&&\\p{ASCII}]+/v;\n${right}\nif ('h\\u00e9'.match(word)[0] !== 'h') throw 1;`,
    `class A { static #n = 1; static { this.m = A.#n; } static has(o) { return #n in o; } }\n${right}\nif (A.m !== 1 || !A.has(A)) throw 1;`,
    `${right}\nlet x = null; x ??= 1_000; x ||= 2; if ([1, 2].at(-1) !== 2 || x !== 1000 || [3, 1].toSorted()[0] !== 1) throw 1;`,
    'const rangeSum = (a, b) => { try { return Array.from({ length: Math.max(0, b - a + 1) }, (_, i) => i + a).reduce((x, y) => x + y, 0); } catch { return 0; } };',
  ],
  'errors of their own': [
    'class E extends Error { constructor(m) { super(m); Error.captureStackTrace(this, E); } }\nfunction rangeSum(a, b) { try { if (a > b) throw new E("x"); new E("y"); } catch (e) { return 0; } let s = 0; for (let i = a; i <= b; i++) s += i; return s; }\n',
    `class E extends Error { constructor(m) { super(m); this.name = 'E'; this.code = 1; if (Error.captureStackTrace) Error.captureStackTrace(this, this.constructor); } }\n${right}\nif (String(new E('x')) !== 'E: x') throw 1;`,
    `class E extends TypeError { constructor(m, o) { super(m, o); Object.setPrototypeOf(this, new.target.prototype); this.message = 'changed'; } }\n${right}\nif (new E('x', { cause: 1 }).cause !== 1 || new E('x').message !== 'changed') throw 1;`,
    `Error.stackTraceLimit = 20;\n${right}`,
  ],
  'replaced methods': [
    'function rangeSum(a, b) { const xs = []; xs.push = function (x) { this[this.length] = x; }; for (let i = a; i <= b; i++) xs.push(i); let s = 0; for (const x of xs) s += x; return s; }\n',
    `const add = (a) => a; add.call = 1; add['apply'] = 2;\n${right}\nif (add.call + add.apply !== 3) throw 1;`,
    `class Stack extends Array { constructor() { super(); this.map = new Map(); this . pop = () => 7; } }\n${right}\nif (new Stack().pop() !== 7 || !(new Stack().map instanceof Map)) throw 1;`,
    `const m = new Map(); m.get = (original => (k) => original.call(m, k) ?? 0)(m.get);\n${right}\nif (m.get(1) !== 0) throw 1;`,
    `function L() {} L.prototype = Object.create(Array.prototype); L.prototype.push = function (x) { this.x = x; return 1; };\n${right}\nconst l = new L(); if (l.push(5) !== 1 || l.x !== 5) throw 1;`,
  ],
  'export forms': [
    `export default ${right}\n`,
    `export ${right}\n`,
    `${right}\nexport { rangeSum };\nexport default rangeSum;`,
    `const sum = (a, b) => { let s = 0; for (let i = a; i <= b; i++) s += i; return s; };\nconst rangeSum = sum;\nexport { rangeSum as total, sum };`,
    'export const rangeSum = (a, b) => { let s = 0; for (let i = a; i <= b; i++) s += i; return s; }, other = 1;',
    `import assert from 'node:assert';\nimport { inspect as show } from 'util';\nimport * as path from 'path';\nimport 'node:events';\n${right}\nassert.equal(rangeSum(1, 3), 6);\nif (show([1]) !== '[ 1 ]' || path.basename('/a/b') !== 'b') throw 1;\nexport class Other {}`,
    `${right}\nif (import.meta.url === \`file://\${globalThis.process?.argv[1]}x\`) console.log(rangeSum(1, 2));\nexport default (a, b) => rangeSum(a, b);`,
  ],
  generator: [
    'function* g(a, b) { for (let i = a; i <= b; i++) yield i; }\nconst rangeSum = (a, b) => [...g(a, b)].reduce((x, y) => x + y, 0);\n',
    'const it = { *[Symbol.iterator]() { yield* [1, 2]; } };\nconst rangeSum = (a, b) => { let s = 0; for (let i = a; i <= b; i++) s += i; return [...it].length === 2 ? s : 0; };',
    'function* g(a, b) { while (a <= b) { const step = yield a; a += step ?? 1; } }\nfunction rangeSum(a, b) { const it = g(a, b); let s = 0; for (let r = it.next(); !r.done; r = it.next(1)) s += r.value; return s; }',
    'const rangeSum = (a, b) => Array.from((function* () { for (let i = a; i <= b; i++) yield i; })()).reduce((x, y) => x + y, 0);',
  ],
  classes: [
    'class R { #s = 0; add(x) { this.#s += x; return this; } get s() { return this.#s; } }\nconst rangeSum = (a, b) => { const r = new R(); for (let i = a; i <= b; i++) r.add(i); return r.s; };\n',
    'class Memo extends Map { get(k) { return super.get(k) ?? 0; } }\nfunction rangeSum(a, b) { const m = new Memo(); for (let i = a; i <= b; i++) m.set("s", m.get("s") + i); return m.get("s"); }',
    'const rangeSum = (a, b) => { const p = new Proxy([], { get: (t, k) => (k === "sum" ? t.reduce((x, y) => x + y, 0) : Reflect.get(t, k)) }); for (let i = a; i <= b; i++) p.push(i); return p.sum; };',
    'class S { static of(a, b) { return new this(a, b).total; } constructor(a, b) { this.total = 0; while (a <= b) this.total += a++; } toString() { return String(this.total); } }\nfunction rangeSum(a, b) { return Number(String(S.of(a, b))); }',
    'const cache = new WeakMap(); const key = {}; const ref = new WeakRef(key);\nfunction rangeSum(a, b) { cache.set(key, 0); for (let i = a; i <= b; i++) cache.set(ref.deref(), cache.get(key) + i); return cache.get(key); }',
  ],
  'the language of numbers and texts': [
    `${right}\nif ((1234567.891).toLocaleString() !== '1,234,567.891' || (5).toLocaleString('en-US', { minimumFractionDigits: 2 }) !== '5.00') throw 1;`,
    `${right}\nconst money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }); if (money.format(1234.5) !== '$1,234.50' || Intl.NumberFormat().format(1e6) !== '1,000,000') throw 1;`,
    `${right}\nif (['b', 'a', 'B', 'A', '\\u00e9', 'f', '_'].sort((x, y) => x.localeCompare(y)).join('') !== '_aAbB\\u00e9f') throw 1;`,
    `${right}\nif (['a10', 'A9', 'a1'].sort(new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare).join() !== 'a1,A9,a10') throw 1;`,
    `${right}\nif (new Intl.PluralRules('en-US', { type: 'ordinal' }).select(22) !== 'two' || new Intl.ListFormat('en', { style: 'long', type: 'conjunction' }).format(['a', 'b', 'c']) !== 'a, b, and c') throw 1;`,
    `${right}\nif ('a'.localeCompare('A', 'en', { sensitivity: 'base' }) !== 0 || 123456789n.toLocaleString() !== '123,456,789' || (0.256).toLocaleString('en-US', { style: 'percent' }) !== '26%') throw 1;`,
  ],
  'the clock': [
    `const t0 = Date.now(); while (Date.now() - t0 < 3);\n${right}`,
    `const t0 = performance.now();\n${right}\nrangeSum(1, 100); if (!(performance.now() > t0)) throw 1;`,
    `${right}\nif (!(new Date() <= new Date()) || new Date().getFullYear() < 2024) throw 1;`,
    `console.time(); const sleep = (ms) => { const end = performance.now() + ms; while (performance.now() < end); }; sleep(2);\n${right}`,
  ],
};

/** Under Node, none of these is right: Node says why, and so does the judge. */
export const wrongPrograms: string[] = [
  `const _ = require('lodash');\n${right}`,
  `const assert = require('assert');\n${right}\nassert.strictEqual(rangeSum(1, 3), 7);`,
  `${right}\nprocess.exit(0);`,
  `${right}\nthrow new Error('x');`,
  `module.exports = { rangesum: 1 };`,
  `${right}\nrequire('./helper');`,
  `${right}\natob('a');`,
  `import x from 'left-pad';\n${right}`,
  `${right}\nstructuredClone(() => {});`,
  `${right}\nexport { nothing };`,
  `${right}\nawait 1;\nexport {};\nlet rangeSum;`,
];

export const rangeSumTests = [
  { args: [1, 3], expected: 6 },
  { args: [4, 4], expected: 4 },
  { args: [-2, 2], expected: 0 },
  { args: [5, 4], expected: 0 },
];
