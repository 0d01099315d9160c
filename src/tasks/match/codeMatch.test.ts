import { parse } from 'acorn';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { writeProgram } from '../chain.ts';
import { toSource } from '../program.ts';
import { buildWorld } from '../world.ts';
import { codeMatcher } from './codeMatch.ts';
import { dataFlow } from './dataFlow.ts';

const match = codeMatcher();
const { train, held } = buildWorld(3);
const f = (body: string) => `function f(xs) { ${body} }`;

/**
 * The reference has eight sub-trees: program, function, block, return, call, member, arrow, sum. Its data flow has
 * four triples: xs begins, xs comes from it, x begins, x comes from it.
 */
const plusOne = f('return xs.map(x => x + 1);');

it.each([
  // The shape of all eight is the same; so is the flow.
  ['another method, operator and constant', f('return xs.filter(y => y - 2);'), 1, 1],
  // The product of two names is another shape than the sum of a name and a number, and so is all around it: `xs.map`
  // alone is left. Of the flow everything is there.
  ['a name for the number', f('return xs.map(x => x * x);'), 1 / 8, 1],
  // The call with its member, its arrow and the arrow's sum is whole, within another call.
  ['a step more', f('return xs.map(x => x + 1).slice(1);'), 4 / 8, 1],
  // xs begins and is used; there is no x.
  ['no arrow', f('return xs.reverse();'), 1 / 8, 2 / 4],
  // A constant begins, as xs does: what begins is numbered alike.
  ['nothing of it but a beginning', 'const a = 1;', 0, 1 / 4],
  ['nothing of it', 'f();', 0, 0],
  ['what does not parse', f('return xs.map(x => x +);'), 0, 0],
])('by hand: %s', (_, program, ast, dfg) => {
  expect(match(program, plusOne)).toEqual({ ast, dfg });
});

it('counts a sub-tree as often as the reference has it, however often the program does', () => {
  // Ten sub-trees: program, function, block, return, outer sum, inner sum, two calls, two members. The program has one
  // call and one member: both calls and both members of the reference are found in it.
  const reference = f('return a.b() + c.d() + 1;');
  expect(match(f('return a.b();'), reference).ast).toBe(4 / 10);
});

it('follows values through declarations, with properties and constants among the sources', () => {
  const reference = f('const a = xs.at(1); return a;');
  expect(dataFlow(parse(reference, { ecmaVersion: 'latest' }))).toEqual([
    'v0 comesFrom', // xs begins
    'v3 comesFrom v0 v1 v2', // a, from xs, at and 1
    'v0 comesFrom v0', // xs, used
    'v1 comesFrom', // at begins
    'v2 comesFrom', // 1 begins
    'v3 comesFrom v3', // a, returned
  ]);
  expect(match(f('const b = xs.at(1); return b;'), reference)).toEqual({ ast: 1, dfg: 1 });
  // Without the 1, a has two sources and another number.
  expect(match(f('const a = xs.at(); return a;'), reference).dfg).toBe(3 / 6);
});

it('knows what is computed from itself', () => {
  const counted = f('let n = 0; n++; return n;');
  expect(dataFlow(parse(counted, { ecmaVersion: 'latest' }))).toEqual([
    'v1 comesFrom v0',
    'v0 comesFrom',
    'v1 computedFrom v1',
    'v1 comesFrom v1',
  ]);
  expect(match(f('let n = 0; return n;'), counted).dfg).toBe(3 / 4);
});

it('knows that either branch may have been taken, and that a loop comes back', () => {
  const flow = (body: string) => dataFlow(parse(f(body), { ecmaVersion: 'latest' }));
  // The last a is the first or the second: one name, so one source. xs, 1 and a are numbered in this order.
  expect(flow('let a = 1; if (xs) { a += 2; } return a;')).toContain('v2 comesFrom v2');
  // A y that is there after one turn is where the next turn's y comes from.
  expect(flow('while (xs) { y = 1; }')).toContain('v1 comesFrom v1');
  expect(flow('if (xs) { y = 1; }')).not.toContain('v1 comesFrom v1');
});

it('is 1 for every reference of the world beside itself, and with its variables renamed', () => {
  for (const { reference } of held) {
    const renamed = reference
      .replace(/\bxs\b/g, 'list')
      .replace(/\bs\b/g, 'text')
      .replace(/\bx\b/g, 'each');
    const own = match(reference, reference);
    expect(own.ast).toBe(1);
    expect(own.dfg).toBe(1);
    expect(match(renamed, reference)).toEqual(own);
  }
});

it('stays between 0 and 1 for whatever two programs', () => {
  fc.assert(
    fc.property(fc.nat(train.length - 1), fc.nat(train.length - 1), fc.nat(), (a, b, seed) => {
      const rng = stream(seed, 'bugs');
      const any = [...train[a].chain!];
      const program = toSource(
        writeProgram(any, (op) => {
          const idioms = [...op.right, ...op.wrong];
          return idioms[rng.int(idioms.length)];
        }),
        train[a],
      );
      for (const share of Object.values(match(program, train[b].reference))) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 200 },
  );
});
