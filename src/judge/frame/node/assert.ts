/** `require('assert')` for programs that carry tests of their own: a failure is an exception, as in Node. */
import { isDeepLooseEqual, isDeepStrictEqual } from './equality.ts';
import { inspect } from './inspect.ts';

const { is } = Object;

class AssertionError extends Error {
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string;
  readonly code = 'ERR_ASSERTION';
  readonly generatedMessage: boolean;
  constructor(options: { message?: unknown; actual?: unknown; expected?: unknown; operator?: string }) {
    super(
      options.message === undefined
        ? `${inspect(options.actual)} ${options.operator ?? 'fail'} ${inspect(options.expected)}`
        : `${options.message}`,
    );
    // Defined, not assigned: the prototype's own is frozen.
    Object.defineProperty(this, 'name', { value: 'AssertionError', writable: true, configurable: true });
    this.generatedMessage = options.message === undefined;
    this.actual = options.actual;
    this.expected = options.expected;
    this.operator = options.operator ?? 'fail';
  }
}

function check(held: boolean, operator: string, actual: unknown, expected: unknown, message: unknown): void {
  if (held) return;
  if (message instanceof Error) throw message;
  throw new AssertionError({ message, actual, expected, operator });
}

type Check = (actual: unknown, expected: unknown, message?: unknown) => void;

const pair =
  (operator: string, holds: (a: unknown, b: unknown) => boolean): Check =>
  (actual, expected, message) =>
    check(holds(actual, expected), operator, actual, expected, message);

// biome-ignore lint/suspicious/noDoubleEquals: the loose assertions compare so
const isLoose = (a: unknown, b: unknown): boolean => a == b || (is(a, Number.NaN) && is(b, Number.NaN));

const strictEqual = pair('strictEqual', is);
const notStrictEqual = pair('notStrictEqual', (a, b) => !is(a, b));
const deepStrictEqual = pair('deepStrictEqual', isDeepStrictEqual);
const notDeepStrictEqual = pair('notDeepStrictEqual', (a, b) => !isDeepStrictEqual(a, b));

const ok = (value: unknown, message?: unknown): void => check(Boolean(value), '==', value, true, message);

/** Whether an error is as `assert.throws(f, wanted)` wants it. */
function isWanted(error: unknown, wanted: unknown): boolean {
  if (wanted === undefined || typeof wanted === 'string') return true;
  if (wanted instanceof RegExp) return wanted.test(String(error));
  if (typeof wanted === 'function') {
    const { prototype } = wanted as { prototype?: unknown };
    if (typeof prototype === 'object' && prototype !== null && error instanceof wanted) return true;
    if (wanted === Error || (prototype as object | undefined) instanceof Error) return false;
    return (wanted as (error: unknown) => unknown)(error) === true;
  }
  if (typeof wanted !== 'object' || wanted === null || typeof error !== 'object' || error === null)
    return false;
  return Object.keys(wanted).every((key) => {
    const want = (wanted as Record<string, unknown>)[key];
    const got = (error as Record<string, unknown>)[key];
    return want instanceof RegExp && typeof got === 'string' ? want.test(got) : isDeepStrictEqual(got, want);
  });
}

function throws(action: () => unknown, wanted?: unknown, message?: unknown): void {
  try {
    action();
  } catch (error) {
    if (!isWanted(error, wanted)) throw error;
    return;
  }
  check(false, 'throws', undefined, wanted, typeof wanted === 'string' ? wanted : message);
}

function doesNotThrow(action: () => unknown): void {
  action();
}

async function rejects(action: unknown, wanted?: unknown, message?: unknown): Promise<void> {
  try {
    await (typeof action === 'function' ? action() : action);
  } catch (error) {
    if (!isWanted(error, wanted)) throw error;
    return;
  }
  check(false, 'rejects', undefined, wanted, typeof wanted === 'string' ? wanted : message);
}

async function doesNotReject(action: unknown): Promise<void> {
  await (typeof action === 'function' ? action() : action);
}

function match(text: unknown, pattern: RegExp, message?: unknown): void {
  check(typeof text === 'string' && pattern.test(text), 'match', text, pattern, message);
}

function doesNotMatch(text: unknown, pattern: RegExp, message?: unknown): void {
  check(typeof text === 'string' && !pattern.test(text), 'doesNotMatch', text, pattern, message);
}

function ifError(value: unknown): void {
  if (value === null || value === undefined) return;
  throw value instanceof Error ? value : new AssertionError({ actual: value, operator: 'ifError' });
}

function fail(message: unknown = 'Failed'): never {
  if (message instanceof Error) throw message;
  throw new AssertionError({ message, operator: 'fail' });
}

const shared = {
  AssertionError,
  ok,
  strictEqual,
  notStrictEqual,
  deepStrictEqual,
  notDeepStrictEqual,
  throws,
  doesNotThrow,
  rejects,
  doesNotReject,
  match,
  doesNotMatch,
  ifError,
  fail,
};

const strict = Object.assign((value: unknown, message?: unknown) => ok(value, message), shared, {
  equal: strictEqual,
  notEqual: notStrictEqual,
  deepEqual: deepStrictEqual,
  notDeepEqual: notDeepStrictEqual,
});

export const assert = Object.assign((value: unknown, message?: unknown) => ok(value, message), shared, {
  equal: pair('==', isLoose),
  notEqual: pair('!=', (a, b) => !isLoose(a, b)),
  deepEqual: pair('deepEqual', isDeepLooseEqual),
  notDeepEqual: pair('notDeepEqual', (a, b) => !isDeepLooseEqual(a, b)),
  strict,
});
Object.assign(strict, { strict });

export const assertStrict = strict;
