/**
 * What a pack's own test program meets instead of Node: assertions that count and go on, `require` for the two
 * modules that packs use, and stand-ins for the functions under test. A stand-in does not run the program: it
 * looks up what the program returned for these arguments, in another sandbox, or notes that this has to be found
 * out. So the program never meets the tests, and the tests never meet the program. Runs in a locked-down realm.
 */

/** One call of a function under test, and how it ended. */
export type Row = [name: string, args: unknown[], outcome: ['returned', unknown] | ['threw', string]];

export type CheckResult = [
  /** Per assertion that was reached: which one, and whether it held. */
  marks: Mark[],
  /** Calls whose outcome is not known yet. */
  needs: [name: string, args: unknown[]][],
  /** What ended the test program before its end. */
  ended: string | null,
];

export type Mark = [site: number, held: boolean];

class Needed extends Error {}

export class Harness {
  readonly #known = new Map<string, Row[2]>();
  readonly #marks: Mark[] = [];
  readonly #needs = new Map<string, [string, unknown[]]>();
  #site = 0;
  #marked = 0;

  constructor(rows: readonly Row[]) {
    for (const [name, args, outcome] of rows) this.#known.set(keyOf(name, args), outcome);
  }

  /** The stand-in for one function under test. */
  remote(name: string): (...args: unknown[]) => unknown {
    return (...args) => {
      const key = keyOf(name, args);
      const outcome = this.#known.get(key);
      if (!outcome) {
        this.#needs.set(key, [name, args]);
        throw new Needed(`the outcome of ${name} is not known yet`);
      }
      if (outcome[0] === 'threw') throw new Error(outcome[1]);
      return outcome[1];
    };
  }

  begin(site: number): void {
    this.#site = site;
    this.#marked = this.#marks.length;
  }

  /** A statement that throws when it fails has ended without throwing. */
  end(): void {
    if (this.#marks.length === this.#marked) this.#mark(true);
  }

  /** A statement threw. If it asserted nothing before, that is its failure. */
  caught(error: unknown): void {
    if (!(error instanceof Needed) && this.#marks.length === this.#marked) this.#mark(false);
  }

  run(test: () => void): CheckResult {
    let ended: string | null = null;
    try {
      test();
    } catch (error) {
      ended = String((error as Error)?.message ?? error);
    }
    return [this.#marks, [...this.#needs.values()], ended];
  }

  #mark(held: unknown): void {
    this.#marks.push([this.#site, Boolean(held)]);
  }

  readonly console = {
    assert: (held: unknown): void => this.#mark(held),
    log(): void {},
    error(): void {},
    warn(): void {},
    info(): void {},
  };

  readonly assert = Object.assign((held: unknown): void => this.#mark(held), {
    ok: (held: unknown): void => this.#mark(held),
    // biome-ignore lint/suspicious/noDoubleEquals: the legacy assertion compares so
    equal: (a: unknown, b: unknown): void => this.#mark(a == b),
    // biome-ignore lint/suspicious/noDoubleEquals: the legacy assertion compares so
    notEqual: (a: unknown, b: unknown): void => this.#mark(a != b),
    strictEqual: (a: unknown, b: unknown): void => this.#mark(Object.is(a, b)),
    notStrictEqual: (a: unknown, b: unknown): void => this.#mark(!Object.is(a, b)),
    deepEqual: (a: unknown, b: unknown): void => this.#mark(isDeepEqual(a, b, isLooselyEqual)),
    notDeepEqual: (a: unknown, b: unknown): void => this.#mark(!isDeepEqual(a, b, isLooselyEqual)),
    deepStrictEqual: (a: unknown, b: unknown): void => this.#mark(isDeepEqual(a, b, Object.is)),
    notDeepStrictEqual: (a: unknown, b: unknown): void => this.#mark(!isDeepEqual(a, b, Object.is)),
    throws: (action: () => unknown): void => {
      try {
        action();
      } catch (error) {
        if (error instanceof Needed) throw error;
        this.#mark(true);
        return;
      }
      this.#mark(false);
    },
  });

  readonly require = (name: string): unknown => {
    switch (name) {
      case 'assert':
      case 'node:assert':
        return this.assert;
      case 'lodash':
        return { isEqual: (a: unknown, b: unknown) => isDeepEqual(a, b, isSameValueZero) };
      default:
        throw new Error(`the module "${name}" is not available here`);
    }
  };
}

type Compare = (a: unknown, b: unknown) => boolean;

const isSameValueZero: Compare = (a, b) => a === b || Object.is(a, b);

/** As legacy `assert.deepEqual` compares what is not an object. */
const isLooselyEqual: Compare = (a, b) => {
  // biome-ignore lint/suspicious/noDoubleEquals: see above
  return a == b || Object.is(a, b);
};

function isDeepEqual(a: unknown, b: unknown, isEqual: Compare): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return isEqual(a, b);
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Set && b instanceof Set) return hasSameItems([...a], [...b], isEqual);
  if (a instanceof Map && b instanceof Map) return hasSameItems([...a], [...b], isEqual);
  if (Array.isArray(a) !== Array.isArray(b) || a instanceof Set !== b instanceof Set) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && isDeepEqual((a as never)[key], (b as never)[key], isEqual),
  );
}

/** Sets and maps have no order: each item of one must have its equal in the other. */
function hasSameItems(a: unknown[], b: unknown[], isEqual: Compare): boolean {
  const left = [...b];
  return (
    a.length === b.length &&
    a.every((item) => {
      const at = left.findIndex((other) => isDeepEqual(item, other, isEqual));
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    })
  );
}

/** The same text for the same call. */
function keyOf(name: string, args: unknown[]): string {
  return JSON.stringify([name, args], (_, value) => {
    if (value === undefined) return { $: 'undefined' };
    if (typeof value === 'bigint') return { $: `${value}n` };
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
      return { $: Object.is(value, -0) ? '-0' : String(value) };
    if (value instanceof Set || value instanceof Map) return { $: value.constructor.name, items: [...value] };
    return value;
  });
}
