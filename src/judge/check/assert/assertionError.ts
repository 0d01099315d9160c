/** The error by which an assertion says that it does not hold. */

interface Details {
  message?: unknown;
  actual?: unknown;
  expected?: unknown;
  operator?: string;
}

export class AssertionError extends Error {
  readonly code = 'ERR_ASSERTION';
  readonly generatedMessage: boolean;
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string | undefined;

  constructor({ message, actual, expected, operator }: Details) {
    super(
      message === undefined || message === null
        ? `${describeValue(actual)} ${operator} ${describeValue(expected)}`
        : `${message}`,
    );
    this.generatedMessage = message === undefined || message === null;
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
  }
}
Object.defineProperty(AssertionError.prototype, 'name', {
  value: 'AssertionError',
  writable: true,
  configurable: true,
});

/** Throws what a caller gave in place of a message, or an assertion error. */
export function fail(details: Details): never {
  if (details.message instanceof Error) throw details.message;
  throw new AssertionError(details);
}

/** For messages: short, and in one line. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[Function: ${value.name}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return (JSON.stringify(value) ?? 'an object').slice(0, 100);
  } catch {
    return 'an object';
  }
}
