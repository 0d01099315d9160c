import { beforeAll, describe, expect, test } from 'vitest';
import { type Calls, compileCalls, giveCounter, settle, startRun } from './runner.ts';
import type { CallsText } from './words.ts';

// Both ways to run a program: one instance for all calls, and one for each.
beforeAll(() => giveCounter(globalThis));

const text: CallsText = {
  names: ['f', 'g'],
  make: '[()=>[0,[1]],()=>[0,[2]],()=>[1,[3]]]',
  guardArguments: true,
  talk: '',
  messages: '',
};
const calls = compileCalls(text);
const callsOfOne = compileCalls({ ...text, names: ['f'], make: '[()=>[0,[1]],()=>[0,[2]],()=>[0,[3]]]' });

interface Way {
  stateless: boolean;
  calls: Calls;
}

function report(source: string, { stateless, calls }: Way, fuel = 100): string {
  return startRun(source, calls, { fuel, stateless, wait: false }, () => {}).report();
}

const anew: Way = { stateless: false, calls };
const once: Way = { stateless: true, calls: callsOfOne };

describe.each([
  ['one instance for all calls', once],
  ['an instance for each call', { ...once, stateless: false }],
])('%s', (_, way) => {
  test.each([
    ['function f(x){return [x+1]}', '[2]\n[3]\n[4]'],
    ['function g(x){return x}', '#error it defines no function f'],
    [
      'function f(x){ throw new TypeError("no") }',
      '!threw TypeError: no\n!threw TypeError: no\n!threw TypeError: no',
    ],
    ['function f(x){$tick();return this}', 'undefined\nundefined\nundefined'],
    [
      'function f(x){return typeof source + typeof calls + typeof counter}',
      `${'"undefinedundefinedundefined"\n'.repeat(3).trim()}`,
    ],
    ['function f(x){for(;;)$tick()}', '#fuel'],
    ['function f(x){try{for(;;)$tick()}catch{return 1}}', '#fuel'],
    ['function* f(x){}', '!returned an object that is not plain data\n'.repeat(3).trim()],
  ])('reports on %s', (source, expected) => {
    expect(report(source, way)).toBe(expected);
  });

  test('says what does not parse', () => {
    expect(report('function f( {', way)).toMatch(/^#syntax SyntaxError/);
  });

  test('leaves no variable behind', () => {
    report('function left1(x){return 1}', way);
    expect(report('function f(x){return typeof left1}', way)).toBe('"undefined"\n"undefined"\n"undefined"');
  });

  test('counts the steps of all calls together', () => {
    const source = 'function f(x){$tick();$tick();return x}';
    expect(report(source, way, 6)).toBe('1\n2\n3');
    expect(report(source, way, 5)).toBe('#fuel');
  });
});

test.each([
  ['function f(x){return x+1} function g(x){return [x]}', '2\n3\n[3]'],
  ['function f(x){return x+1}', '#error it defines no function g'],
  ['var f=(function f(x){return x+1}), g = 1', '#error it defines no function g'],
])('calls more than one function, or says which is missing: %s', (source, expected) => {
  expect(report(source, anew)).toBe(expected);
});

test('an instance for each call leaves no variable behind', () => {
  report('var left1 = 1; function f(x){return 1} function g(x){return 1}', anew);
  expect(report('function f(x){return typeof left1} var g = f', anew)).toBe(
    '"undefined"\n"undefined"\n"undefined"',
  );
});

test('one function cannot answer for two', () => {
  expect(report('function f(x){return x}', { stateless: true, calls })).toBe(
    '#error it defines no function g',
  );
});

test('what goes on after its report finds no steps, and takes none from the program after it', async () => {
  const late = { steps: 0, ended: false };
  Object.assign(globalThis, { late });
  const source =
    'function f(x){Promise.resolve().then(()=>{for(;;){$tick();late.steps++}}).catch(()=>{late.ended=true});return x}';
  expect(report(source, once)).toBe('1\n2\n3');
  const waiting = 'function f(x){return Promise.resolve(x).then(x=>{$tick();return x})}';
  const run = startRun(waiting, callsOfOne, { fuel: 3, stateless: true, wait: true }, () => {});
  const nextTask = (): Promise<void> => new Promise((done) => setTimeout(done));
  expect(await settle(run, nextTask)).toBe('1\n2\n3');
  expect(late).toEqual({ steps: 0, ended: true });
  Reflect.deleteProperty(globalThis, 'late');
});

test('an instance for each call remembers nothing of the one before', () => {
  const source = 'let n=0;function f(x){return ++n} function g(x){return ++n}';
  expect(report(source, anew)).toBe('1\n1\n1');
});
