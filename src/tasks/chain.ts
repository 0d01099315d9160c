/**
 * A problem of the built-in world is a chain of operations. What a chain means, how it is asked for, and how
 * a program for it is written from templates.
 */
import type { Kind, Op } from './ops/op.ts';
import { opNamed } from './ops/ops.ts';
import type { Link } from './problem.ts';

export type Chain = readonly Link[];

/** A chain takes a list of numbers or a text; the parameter's name says which. */
export type StartKind = 'numbers' | 'text';
export const parameterOf: Record<StartKind, string> = { numbers: 'xs', text: 's' };

export function startKind(chain: Chain): StartKind {
  const from = opNamed(chain[0].op).from;
  if (from !== 'numbers' && from !== 'text') {
    throw new RangeError(`A chain cannot start with "${chain[0].op}": no problem takes ${from}`);
  }
  return from;
}

/** @throws RangeError when two neighbours do not fit. */
export function endKind(chain: Chain): Kind {
  let kind: Kind = startKind(chain);
  for (const link of chain) {
    const op = opNamed(link.op);
    if (op.from !== kind) throw new RangeError(`"${link.op}" takes ${op.from} and cannot follow ${kind}`);
    kind = op.to;
  }
  return kind;
}

/** Applies the meaning of each link in turn, and shows every value on the way to `visit`. */
export function applyChain(chain: Chain, input: unknown, visit?: (value: unknown) => void): unknown {
  let value = input;
  for (const link of chain) {
    value = opNamed(link.op).apply(value as never, link.constant ?? 0);
    visit?.(value);
  }
  return value;
}

/** Stable and readable, for example `even-add3-sum`. */
export function chainId(chain: Chain): string {
  return chain.map(({ op, constant }) => `${op}${constant ?? ''}`).join('-');
}

/** The words of the request; `pick` chooses among an operation's phrasings. */
export function requestOf(chain: Chain, pick: (op: Op) => number): string {
  const parts = chain.map((link) => {
    const op = opNamed(link.op);
    return op.say[pick(op)].replaceAll('K', String(link.constant));
  });
  return parts.join(' then ');
}

/**
 * The body of a program as space-joined tokens, such as `return xs .filter( x=> x > 3 )`.
 * `pick` chooses the template of each link.
 */
export function writeProgram(chain: Chain, pick: (op: Op) => string): string {
  let expression = parameterOf[startKind(chain)];
  let prelude = '';
  for (const link of chain) {
    let template = pick(opNamed(link.op));
    if (template.startsWith('@')) {
      prelude = `const a = ${expression} ; `;
      template = template.slice(1);
    }
    expression = fillTemplate(template, expression, link.constant ?? 0);
  }
  return `${prelude}return ${expression}`;
}

/** Replaces whole tokens only: `E`, `K`, `K+` and `K-`. */
export function fillTemplate(template: string, expression: string, constant: number): string {
  return template
    .split(' ')
    .map((token) => {
      switch (token) {
        case 'E':
          return expression;
        case 'K':
          return String(constant);
        case 'K+':
          return String(constant + 1);
        case 'K-':
          return String(constant - 1);
        default:
          return token;
      }
    })
    .join(' ');
}
