/** Whether an error is the one that a test expects: by class, pattern, object or function, as Node 20 decides it. */
import { AssertionError, fail } from './assertionError.ts';
import { isDeepEqual } from './deepEqual.ts';
import { isExpression } from './slots.ts';

const { apply } = Reflect;
const { isPrototypeOf: isAbove } = Object.prototype;

type Fields = Record<string, unknown>;
type Maker = (new (...args: never[]) => unknown) & { name: string };

/**
 * @param thrown what was thrown, in a list; empty when nothing was
 * @param args what the test says after the action: what it expects, and a message
 * @throws AssertionError
 */
export function checkError(operator: string, thrown: readonly unknown[], args: readonly unknown[]): void {
  let [expected, message] = args;
  if (typeof expected === 'string') {
    if (args.length > 1) invalid('error', 'of type function or an instance of Error, RegExp or Object');
    if (thrown.length > 0) refuseMistakenMessage(thrown[0], expected);
    [expected, message] = [undefined, expected];
  } else if (expected !== null && expected !== undefined && !isObject(expected))
    invalid('error', 'of type function or an instance of Error, RegExp or Object');
  if (thrown.length === 0) {
    const name = (expected as Fields | undefined)?.name;
    const kind = operator === 'rejects' ? 'rejection' : 'exception';
    const rest = `${name ? ` (${String(name)})` : ''}${message ? `: ${String(message)}` : '.'}`;
    fail({ expected, operator, message: `Missing expected ${kind}${rest}` });
  }
  if (expected) checkKind(operator, thrown[0], expected as object, message);
}

/** @throws AssertionError when the error is one that is not wanted, and else the error itself */
export function checkNoError(operator: string, thrown: readonly unknown[], args: readonly unknown[]): void {
  if (thrown.length === 0) return;
  const [actual] = thrown;
  let [expected, message] = args;
  if (typeof expected === 'string') [expected, message] = [undefined, expected];
  if (!expected || isExpected(actual, expected)) {
    const kind = operator === 'doesNotReject' ? 'rejection' : 'exception';
    const text = (actual as Error | undefined)?.message;
    const details = message ? `: ${String(message)}` : '.';
    fail({
      actual,
      expected,
      operator,
      message: `Got unwanted ${kind}${details}\nActual message: "${text}"`,
    });
  }
  throw actual;
}

function checkKind(operator: string, actual: unknown, expected: object, message: unknown): void {
  const wrong = (): never => {
    throw new AssertionError({ actual, expected, operator, message: message || undefined });
  };
  if (typeof expected === 'function') {
    if (isOfClass(actual, expected)) return;
    if (apply(isAbove, Error, [expected]) || apply(expected as never, {}, [actual]) !== true) wrong();
    return;
  }
  if (isExpression(expected)) {
    if (expected.exec(String(actual)) === null) wrong();
    return;
  }
  if (typeof actual !== 'object' || actual === null) wrong();
  const fields = Object.keys(expected);
  if (expected instanceof Error) fields.push('name', 'message');
  else if (fields.length === 0) {
    const error = new TypeError("The argument 'error' may not be an empty object");
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_VALUE' });
  }
  for (const field of fields) {
    const [own, wanted] = [(actual as Fields)[field], (expected as Fields)[field]];
    if (typeof own === 'string' && isExpression(wanted) && wanted.exec(own) !== null) continue;
    if (field in (actual as object) && isDeepEqual(own, wanted, true)) continue;
    fail({ actual, expected, operator, message: message || undefined });
  }
}

function isExpected(actual: unknown, expected: unknown): boolean {
  if (isExpression(expected)) return expected.exec(String(actual)) !== null;
  if (typeof expected !== 'function') invalid('expected', 'of type function or an instance of RegExp');
  if (isOfClass(actual, expected as object)) return true;
  if (apply(isAbove, Error, [expected])) return false;
  return apply(expected as never, {}, [actual]) === true;
}

/** Arrow functions have no prototype, and are no classes. */
function isOfClass(actual: unknown, expected: object): boolean {
  return (expected as Maker).prototype !== undefined && actual instanceof (expected as Maker);
}

/** A text in the place of an expectation is a message; one that is the error's own was meant otherwise. */
function refuseMistakenMessage(actual: unknown, message: string): void {
  const own = typeof actual === 'object' && actual !== null ? (actual as Error).message : actual;
  if (own !== message) return;
  const error = new TypeError(`The error message "${message}" is identical to the message.`);
  throw Object.assign(error, { code: 'ERR_AMBIGUOUS_ARGUMENT' });
}

export function invalid(name: string, wanted: string): never {
  const error = new TypeError(`The "${name}" argument must be ${wanted}`);
  throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' || typeof value === 'function';
}
