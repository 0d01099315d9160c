import { describe, expect, it } from 'vitest';
import { endKind, parameterOf, startKind, writeProgram } from '../chain.ts';
import type { Link, TestCase } from '../problem.ts';
import { toSource } from '../program.ts';
import { passesInNode } from '../testing/nodeJudge.ts';
import { encodeProgram } from '../tokenizer.ts';
import { makeProblem } from '../world.ts';
import { opNamed, ops } from './ops.ts';

const allLinks: Link[] = ops.flatMap((op) =>
  (op.constants ?? [null]).map((constant) => ({ op: op.name, constant })),
);

/** Tests for one operation, also for those that take words and so need `words` before them. */
function checksOf(link: Link, seed: number): { chain: Link[]; tests: TestCase[] } {
  const chain = opNamed(link.op).from === 'words' ? [{ op: 'words', constant: null }, link] : [link];
  // Two operations can be degenerate by the luck of their inputs.
  for (let draw = seed; draw < seed + 1000; draw += 100) {
    const problem = makeProblem(draw, chain);
    if (problem) return { chain, tests: problem.tests };
  }
  throw new Error(`${link.op} is degenerate`);
}

describe('operations', () => {
  it('are the 57 of the world, each named once', () => {
    expect(ops).toHaveLength(57);
    expect(new Set(ops.map((op) => op.name)).size).toBe(57);
  });

  it('agree with every idiom: right ones pass their tests, wrong ones fail', () => {
    let checks = 0;
    for (const seed of [0, 1, 2]) {
      for (const link of allLinks) {
        const { chain, tests } = checksOf(link, seed);
        const signature = { entry: 'f', parameters: [parameterOf[startKind(chain)]] };
        const op = opNamed(link.op);
        for (const template of [...op.right, ...op.wrong]) {
          const body = writeProgram(chain, (each) => (each === op ? template : each.right[0]));
          expect(() => encodeProgram(body)).not.toThrow();
          expect(
            passesInNode(toSource(body, signature), 'f', tests),
            `seed ${seed}, ${link.op} ${link.constant ?? ''}: ${template}`,
          ).toBe(op.right.includes(template));
          checks++;
        }
      }
    }
    expect(checks / 3).toBe(774);
  });

  it('never change their argument', () => {
    for (const link of allLinks) {
      for (const { args } of checksOf(link, 3).tests) {
        const op = opNamed(link.op);
        const input = (op.from === 'words' ? String(args[0]).split(' ') : args[0]) as never;
        const before = JSON.stringify(input);
        op.apply(input, link.constant ?? 0);
        expect(JSON.stringify(input), link.op).toBe(before);
      }
    }
  });

  it('refuse neighbours that do not fit, and names that do not exist', () => {
    const sum = { op: 'sum', constant: null };
    expect(endKind([sum])).toBe('number');
    expect(() => endKind([sum, sum])).toThrow('"sum" takes numbers and cannot follow number');
    expect(() => startKind([{ op: 'wlen', constant: null }])).toThrow('cannot start with "wlen"');
    expect(() => opNamed('nope')).toThrow('no operation "nope"');
  });
});
