import { beforeAll, describe, expect, test } from 'vitest';
import { type CallsText, compileCalls, giveCounter, startRun } from './runner.ts';

// Both ways to run a program: one instance for all calls, and one for each.
beforeAll(() => giveCounter(globalThis));

const text: CallsText = {
  names: ['f', 'g'],
  make: '[()=>[0,[1]],()=>[0,[2]],()=>[1,[3]]]',
  guardArguments: true,
  keepOrder: false,
};
const calls = compileCalls(text);

function report(source: string, stateless: boolean, fuel = 100): string {
  return startRun(source, calls, { fuel, stateless, wait: false }, () => {}).report();
}

describe.each([
  ['one instance for all calls', true],
  ['an instance for each call', false],
])('%s', (_, stateless) => {
  test.each([
    ['function f(x){return x+1} function g(x){return [x]}', '2\n3\n[3]'],
    ['function f(x){return x+1}', '#error it defines no function g'],
    ['var f=(function f(x){return x+1}), g = 1', '#error it defines no function g'],
    [
      'function f(x){ throw new TypeError("no") } var g = f',
      '!threw TypeError: no\n!threw TypeError: no\n!threw TypeError: no',
    ],
    ['function f(x){$tick();return this} var g = f', 'undefined\nundefined\nundefined'],
    [
      'function f(x){return typeof source + typeof calls + typeof counter} var g = f',
      `${'"undefinedundefinedundefined"\n'.repeat(3).trim()}`,
    ],
    ['function f(x){for(;;)$tick()} var g = f', '#fuel'],
    ['function f(x){try{for(;;)$tick()}catch{return 1}} var g = f', '#fuel'],
  ])('reports on %s', (source, expected) => {
    expect(report(source, stateless)).toBe(expected);
  });

  test('says what does not parse', () => {
    expect(report('function f( {', stateless)).toMatch(/^#syntax SyntaxError/);
  });

  test('leaves no variable behind', () => {
    report('var left1 = 1; function f(x){return 1} function g(x){return 1}', stateless);
    expect(report('function f(x){return typeof left1} var g = f', stateless)).toBe(
      '"undefined"\n"undefined"\n"undefined"',
    );
  });

  test('counts the steps of all calls together', () => {
    const source = 'function f(x){$tick();$tick();return x} var g = f';
    expect(report(source, stateless, 6)).toBe('1\n2\n3');
    expect(report(source, stateless, 5)).toBe('#fuel');
  });
});

test('what goes on after its report finds no steps, and takes none from the program after it', async () => {
  const late = { steps: 0, ended: false };
  Object.assign(globalThis, { late });
  const source =
    'function f(x){Promise.resolve().then(()=>{for(;;){$tick();late.steps++}}).catch(()=>{late.ended=true});return x} var g=f';
  expect(report(source, true)).toBe('1\n2\n3');
  const waiting = 'function f(x){return Promise.resolve(x).then(x=>{$tick();return x})} var g=f';
  const run = startRun(waiting, calls, { fuel: 3, stateless: true, wait: true }, () => {});
  await new Promise((done) => setTimeout(done));
  expect(run.report()).toBe('1\n2\n3');
  expect(late).toEqual({ steps: 0, ended: true });
  Reflect.deleteProperty(globalThis, 'late');
});

test('an instance for each call remembers nothing of the one before', () => {
  const source = 'let n=0;function f(x){return ++n} function g(x){return ++n}';
  expect(report(source, false)).toBe('1\n1\n1');
});
