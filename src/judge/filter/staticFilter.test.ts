import { describe, expect, test } from 'vitest';
import { buildCorpus } from '../../tasks/corpus.ts';
import { toSource } from '../../tasks/program.ts';
import { decode } from '../../tasks/tokenizer.ts';
import { buildWorld } from '../../tasks/world.ts';
import { tickName } from '../frame/words.ts';
import { type Prepared, prepare } from './staticFilter.ts';

function code(source: string): string {
  const prepared = prepare(source);
  if ('rejected' in prepared) throw new Error(prepared.rejected);
  return prepared.code;
}

/** Runs the guarded program with so many steps and returns what `f` returns. */
function run(source: string, steps: number, ...args: unknown[]): unknown {
  let left = steps;
  const tick = (): void => {
    if (--left < 0) throw new Error('out of steps');
  };
  return new Function(tickName, `"use strict";${code(source)}\nreturn f`)(tick)(...args);
}

describe('loop guards', () => {
  test.each([
    'function f() { for (;;); }',
    'function f() { for (;;) {} }',
    'function f() { while (true) continue; }',
    'function f() { do ; while (true) }',
    'function f() { do { } while (true) }',
    'function f() { a: for (;;) { for (;;) continue a; } }',
    'function f() { for (const x of (function* () { for (;;) yield 1 })()); }',
    'function f() { return f() }',
    'const f = () => f();',
    'const f = (x) => g(x), g = function (x) { return f(x) };',
    'const o = { get x() { return this.x } }; function f() { return o.x }',
    'class A { m() { return this.m() } } function f() { return new A().m() }',
    'function f() { try { for (;;); } finally { for (;;); } }',
    'function f() { for (;;) try { for (;;); } catch {} }',
    'function f() { return Array.from({ length: 1e9 }, () => 1) }',
  ])('stop %s', (source) => {
    expect(() => run(source, 1000)).toThrow('out of steps');
  });

  test.each<[string, number]>([
    ['function f(xs) { return xs.map(x => x % 2).filter(x => !x || x > 3).sort((a, b) => a - b) }', 0],
    ['function f(xs) { return xs.reduce((sum, [a, b]) => sum + (a > b ? a : `b` + b.length), 0) }', 0],
    ['function f(xs) { return xs.map(x => f(x)) }', 2],
    ['function f(xs) { return xs.map(x => { return x }) }', 1],
    ['function f(xs) { return xs.map(function (x) { return x }) }', 1],
    ['function f(xs, n) { return xs.map(x => n++) }', 1],
    ['function f(xs, n) { return xs.map(x => n = x) }', 1],
    ['function f(xs) { return xs.map(([a, ...b]) => a) }', 1],
    ['function f(xs) { return xs.map((x, i = g()) => x) }', 1],
    ['function f(xs) { return xs.map(x => [...x]) }', 1],
    ['function f(xs) { return xs.map(x => delete x.a) }', 1],
    ['function f(xs) { return xs.map(x => y => x) }', 2],
    ['function f(xs) { return xs[map](x => x) }', 1],
    ['function f(xs) { return call(x => x) }', 1],
    ['function f(o) { return Array.from(o, x => x) }', 1],
    ['function f(o) { const g = x => x; return o.map(g) }', 1],
  ])(
    'count everything but a program that cannot recur and what a list calls that calls nothing: %s',
    (source, counters) => {
      expect(code(source).split(`${tickName}()`)).toHaveLength(counters + 1);
    },
  );

  test.each<[string, unknown[], unknown]>([
    ['const f = xs => xs.map(x => ({ x })).map(({ x }) => x + 1)', [[1, 2]], [2, 3]],
    ['const f = x => y => x + y, g = f(1); var h = f', [1], undefined],
    ['function f(n) { let s = 0; for (let i = 0; i < n; i++) s += i; return s }', [5], 10],
    ['function f(n) { let s = 0; for (const k in { a: 1, b: 2 }) s += k.length; return s + n }', [1], 3],
    ['function f(n) { if (n) for (;;) break; else while (n) ; return n }', [1], 1],
    ['function f(n) { for (;;) if (n-- < 0) return n; else f2 = n; var f2 }', [1], -2],
    ['function f(n) { do n--\nwhile (n > 0)\nreturn n }', [3], 0],
    ['function f(a, b = x => x * a) { return b(2) }', [4], 8],
    ['function f(n) { if (n > 0) { f = () => "replaced"; return f() } }', [1], 'replaced'],
    ['function f(n) { return n > 0 ? f(n - 1) + f.name : f.length }', [1], '1f'],
    ['/* a */ function f(n) { return n } // b', [7], 7],
    ['function f(n) { let a = n\n;(x => x)(1)\nreturn a }', [7], 7],
    ['var g = (n) => n\nx => x, 1\nconst f = function (n) { return f.name + [n].map(g) }', [7], 'f7'],
    ['async function g() {} function f() { return (a => (b => (a, b))(2))(1) }', [], 2],
  ])('change nothing else in %s', (source, args, expected) => {
    const result = run(source, 1000, ...args);
    if (expected === undefined) expect(typeof result).toBe('function');
    else expect(result).toEqual(expected);
  });

  test('change nothing in the programs of the built-in world', () => {
    const { train } = buildWorld(5);
    for (const { problem, program } of buildCorpus(train, { seed: 3, size: 300, bugRate: 0.5 })) {
      const { entry, tests } = train[problem];
      const source = toSource(program, train[problem]);
      const plain = new Function(`"use strict";${source}\nreturn ${entry}`)();
      const guarded = new Function(tickName, `"use strict";${code(source)}\nreturn ${entry}`)(() => {});
      for (const { args } of tests) {
        const outcome = (f: (...args: unknown[]) => unknown): unknown => {
          try {
            return f(...structuredClone(args));
          } catch (error) {
            return String(error);
          }
        };
        expect(outcome(guarded), decode(program)).toEqual(outcome(plain));
      }
    }
  });
});

describe('the static filter', () => {
  test.each([
    ['function f( {', /does not parse/],
    ['function f() { return', /does not parse/],
    ['return () => 3', /does not parse/],
    ['function f() {}}); (function () {', /does not parse/],
    ['with (Math) { var f = max }', /does not parse/],
    ['function f() { return 010 }', /does not parse/],
    ['export * from "y"; function f() {}', /exports what another file holds/],
    ['export { x } from "y"; function f() {}', /exports what another file holds/],
    ['await 1; export function f() {}', /does not parse/],
    ['$filtrate = 1; function f() {}', /reserved/],
    ['function f() { return \\u0024filtrate }', /reserved/],
    ['function f() { return import("x") }', /import/],
    ['function f() { debugger }', /debugger/],
    [`function f() { return ${'('.repeat(9000)}0${')'.repeat(9000)} }`, /nested too deeply/],
    [`function f() { return ${'['.repeat(300)}${']'.repeat(300)} }`, /nested too deeply/],
    [`function f(xs) { return xs.map(x => ${'1+'.repeat(12_000)}x) }`, /nested too deeply/],
    [`function f() { ${tickName}() }`, /reserved/],
    ['var \\u0024tick = 1; function f() {}', /reserved/],
    [`function f() {}${' '.repeat(40_000)}`, /longer than/],
  ])('refuses %s', (source, reason) => {
    expect(prepare(source)).toEqual({ rejected: expect.stringMatching(reason) });
  });

  test.each<[string, string]>([
    ['module.exports = f; function f() {}', 'var{module}=$filtrate();module.exports = f; '],
    ['const require = 1; function f() { return process + require }', 'var{process}=$filtrate();const '],
    ['function g(process) { return process } var f', 'var{process}=$filtrate();function '],
    ['function f(o) { return o.process + { exports: 1 }.exports }', 'function '],
    ['console.log(1); function f() {}', 'console.log(1); function '],
    ['console.log = 1; function f() {}', 'var{console}=$filtrate();console.log = 1; function '],
    ['export default (x) => x; var f', 'void((x) => ($tick(),x)); var f'],
    ['export { a as f }; const a = 1', 'var f=a; const a'],
    ['import a, { b as c, "d e" as d } from "m"; var f', 'const a=$filtrate.require("m"),{b:c,"d e":d}='],
    ['import * as a from "m"; var f', 'const a=$filtrate.require("m"); var f'],
    [
      'const f = (x) => { (x).push = x.push; }',
      'const f = ((x) => {$tick(); $filtrate.own((x),"push").push = x.push',
    ],
    [
      'const f = (x) => { x["get"] = 1; x.got = 2; }',
      'const f = ((x) => {$tick(); $filtrate.own(x,"get")["get"] = 1; x.got',
    ],
    ['#!/bin/x\nvar f', '///bin/x\nvar f'],
  ])('gives what Node gives: %s', (source, start) => {
    expect(code(source).slice(0, start.length)).toBe(start);
  });

  test.each<[string, Prepared['reaches']]>([
    ['fetch("x"); function f() {}', [{ kind: 'global', what: 'fetch' }]],
    ['function f(fetch) { return fetch }', []],
    ['const { fetch } = { fetch: 1 }; function f() { return fetch }', []],
    ['function f(o) { return o.fetch + { fetch: 1 }.fetch }', []],
    ['Array.prototype.map = 1; function f() {}', [{ kind: 'prototype', what: 'Array.prototype.map' }]],
    ['Object["is"] = 1; function f() {}', [{ kind: 'prototype', what: 'Object.is' }]],
    ['Object.freeze(Array.prototype); function f() {}', [{ kind: 'prototype', what: 'Array.prototype' }]],
    ['({}).__proto__.x = 1; function f() {}', [{ kind: 'prototype', what: '….__proto__.x' }]],
    ['delete Math.max; function f() {}', [{ kind: 'prototype', what: 'Math.max' }]],
    ['(() => {}).constructor("1")(); function f() {}', [{ kind: 'constructor', what: '….constructor' }]],
    ['eval("1"); function f() {}', [{ kind: 'constructor', what: 'eval' }]],
    ['function f(xs) { xs.x = 1; const o = {}; o.length = 2; return Math.max(...xs) }', []],
  ])('notes what %s reaches for', (source, reaches) => {
    expect((prepare(source) as Prepared).reaches).toEqual(reaches);
  });

  test.each<[string, boolean]>([
    ['function f(xs) { return xs.map(x => x + 1) }', true],
    ['/* f */ function f(n) { const g = () => n; return g() };', true],
    ['function f(n) { f.calls = (f.calls ?? 0) + 1; return f.calls }', false],
    ['function f(n) { return { f: 1 }.f }', false],
    ['let calls = 0; function f() { return calls++ }', false],
    ['const f = (n) => n', false],
    ['class A {} function f() { return A.x = (A.x ?? 0) + 1 }', false],
  ])('knows whether %s can remember a call', (source, stateless) => {
    expect((prepare(source) as Prepared).stateless).toBe(stateless);
  });

  test('of a program that is one function, keeps that function alone', () => {
    const source = '/* a */ function f(xs) { while (1); return xs } // b\n;';
    const kept = `function f(xs) { while (1){${tickName}();;} return xs }`;
    expect(code(source)).toBe(kept);
    expect(code(`${source}function g() {}`)).not.toBe(kept);
  });

  test('declares what sloppy mode would, when it is asked to', () => {
    const source =
      'function f(n) { s = 0; [a, b] = [1, 2]; for (i = 0; i < n; i++) s += i; for (k in [1]) m = k; return s + a + b }';
    const { code } = prepare(source, { undeclared: true }) as Prepared;
    expect(new Function(tickName, `"use strict";${code}\nreturn f`)(() => {})(4)).toBe(9);
    expect((prepare(source, { undeclared: true }) as Prepared).stateless).toBe(false);
    expect((prepare('function f() { Math = 1 }', { undeclared: true }) as Prepared).code).not.toContain(
      'var Math',
    );
  });
});
