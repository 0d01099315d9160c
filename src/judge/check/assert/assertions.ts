/** The module `assert` of Node 20, as far as verdicts depend on it: what holds, what is thrown, and of what kind. */
import { AssertionError, describeValue, fail } from './assertionError.ts';
import { isDeepEqual } from './deepEqual.ts';
import { checkError, checkNoError, invalid } from './expectations.ts';
import { isExpression } from './slots.ts';

const { is } = Object;

function missing(args: readonly unknown[]): void {
  if (args.length >= 2) return;
  const error = new TypeError('The "actual" and "expected" arguments must be specified');
  throw Object.assign(error, { code: 'ERR_MISSING_ARGS' });
}

type Test = (a: unknown, b: unknown) => boolean;

const tests: Readonly<Record<string, Test>> = {
  // biome-ignore lint/suspicious/noDoubleEquals: the legacy assertion compares so
  equal: (a, b) => a == b || (Number.isNaN(a) && Number.isNaN(b)),
  deepEqual: (a, b) => isDeepEqual(a, b, false),
  strictEqual: is,
  deepStrictEqual: (a, b) => isDeepEqual(a, b, true),
};

/** What surrounds assertions. */
export interface AssertionSurroundings {
  /** An assertion held. */
  held(): void;
  /** Whether a thrown thing is no error of the program or of the tests, and must not be caught. */
  isPassing(error: unknown): boolean;
}

export type Assert = ((...args: unknown[]) => void) & Record<string, unknown>;

export function makeAssert(around: AssertionSurroundings): Assert {
  const { held } = around;
  const truthy = (operator: string) =>
    function ok(...args: unknown[]): void {
      if (args.length === 0) fail({ message: 'No value argument passed to `assert.ok()`', operator });
      if (!args[0]) fail({ message: args[1], actual: args[0], expected: true, operator: '==' });
      held();
    };
  const compare = (name: string, test: Test, wanted: boolean) =>
    ({
      [name](...args: unknown[]): void {
        missing(args);
        const [actual, expected, message] = args;
        if (test(actual, expected) !== wanted) fail({ actual, expected, message, operator: name });
        held();
      },
    })[name];
  const match = (name: string, wanted: boolean) =>
    ({
      [name](text: unknown, pattern: unknown, message?: unknown): void {
        if (!isExpression(pattern)) invalid('regexp', 'an instance of RegExp');
        if (typeof text !== 'string' || (pattern.exec(text) !== null) !== wanted)
          fail({ actual: text, expected: pattern, message, operator: name });
        held();
      },
    })[name];

  /** What an action throws, in a list; an empty one when it does not. */
  const thrownBy = (action: unknown): unknown[] => {
    if (typeof action !== 'function') invalid('fn', 'of type function');
    try {
      action();
      return [];
    } catch (error) {
      if (around.isPassing(error)) throw error;
      return [error];
    }
  };
  const rejectedBy = async (action: unknown): Promise<unknown[]> => {
    const promise: unknown = typeof action === 'function' ? action() : action;
    if (!isPromise(promise)) {
      if (typeof action !== 'function') invalid('promiseFn', 'of type function or an instance of Promise');
      const error = new TypeError(
        'Expected instance of Promise to be returned from the "promiseFn" function',
      );
      throw Object.assign(error, { code: 'ERR_INVALID_RETURN_VALUE' });
    }
    try {
      await promise;
      return [];
    } catch (error) {
      if (around.isPassing(error)) throw error;
      return [error];
    }
  };

  const assert = truthy('==') as unknown as Assert;
  Object.assign(assert, {
    ok: truthy('=='),
    fail(...args: unknown[]): never {
      const [actual, expected, message, operator] = args;
      if (args.length <= 1) fail({ message: actual ?? 'Failed', operator: 'fail' });
      fail({
        actual,
        expected,
        message,
        operator: (operator as string) ?? (args.length === 2 ? '!=' : 'fail'),
      });
    },
    ifError(error: unknown): void {
      if (error !== null && error !== undefined) {
        const text = (error as Error).message ?? describeValue(error);
        fail({
          message: `ifError got unwanted exception: ${text}`,
          actual: error,
          expected: null,
          operator: 'ifError',
        });
      }
      held();
    },
    match: match('match', true),
    doesNotMatch: match('doesNotMatch', false),
    throws(action: unknown, ...expected: unknown[]): void {
      checkError('throws', thrownBy(action), expected);
      held();
    },
    doesNotThrow(action: unknown, ...expected: unknown[]): void {
      checkNoError('doesNotThrow', thrownBy(action), expected);
      held();
    },
    async rejects(action: unknown, ...expected: unknown[]): Promise<void> {
      checkError('rejects', await rejectedBy(action), expected);
      held();
    },
    async doesNotReject(action: unknown, ...expected: unknown[]): Promise<void> {
      checkNoError('doesNotReject', await rejectedBy(action), expected);
      held();
    },
    AssertionError,
  });
  for (const name of ['equal', 'deepEqual', 'strictEqual', 'deepStrictEqual']) {
    const opposite = `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    assert[name] = compare(name, tests[name], true);
    assert[opposite] = compare(opposite, tests[name], false);
  }
  const strict = Object.assign(truthy('=='), assert, {
    equal: assert.strictEqual,
    deepEqual: assert.deepStrictEqual,
    notEqual: assert.notStrictEqual,
    notDeepEqual: assert.notDeepStrictEqual,
  }) as unknown as Assert;
  strict.strict = strict;
  assert.strict = strict;
  return assert;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  const like = value as { then?: unknown; catch?: unknown } | null;
  return (
    typeof like === 'object' &&
    like !== null &&
    typeof like.then === 'function' &&
    typeof like.catch === 'function'
  );
}
