/**
 * What a pack's own test program meets instead of Node: assertions, `require` for the modules that packs use, timers, a
 * console, a process, and stand-ins for the functions under test. A stand-in does not run the program: it repeats what
 * the program answered in another sandbox, or notes that this has to be found out. So the program never meets the tests,
 * and the tests never meet the program. Runs in a locked-down realm.
 */
import { util } from '../frame/node/util.ts';
import { AssertionError } from './assert/assertionError.ts';
import { makeAssert } from './assert/assertions.ts';
import { isEqual } from './assert/lodash.ts';
import type { Pace } from './pace.ts';
import { type Exchange, Needed, Remote, Unsupported } from './remote.ts';

/** What is known when the tests run. */
export interface TestRun {
  exchanges: readonly Exchange[];
  guesses: readonly Exchange[];
  lone: readonly string[];
  /** To the end, whatever fails, so that what holds can be counted; otherwise until something fails, as in Node. */
  isGraded: boolean;
  /** Guesses on where an answer is missing, to learn what else may have to be asked. */
  isSpeculative: boolean;
  /** The tests may go on after their last line. */
  isAsync: boolean;
}

export interface TestReport {
  /** Per assertion that was reached: which one, and whether it held. */
  marks: Mark[];
  /** What the tests said to the program. */
  said: readonly string[];
  /** Nothing was guessed, and nothing was missing. */
  isInStep: boolean;
  /** An assertion failed while nothing had been guessed yet, so the tests fail whatever comes. */
  hasFailed: boolean;
  /** What ended the tests before their end, or was wrong at it. */
  ended: string | null;
  /** What cannot be done here, and in which statement. */
  unsupported: string | null;
  unsupportedSite: number;
}

/** Which statement it was; none, for what went wrong between assertions. */
export type Mark = readonly [site: number, held: boolean];

/** `process.exit` was called. */
class Exit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`process.exit(${status})`);
    this.status = status;
  }
}

export class Harness {
  readonly #run: TestRun;
  readonly #remote: Remote;
  readonly #pace: Pace;
  readonly #marks: Mark[] = [];
  readonly #floating = new Set<Promise<unknown>>();
  #site = -1;
  #marked = 0;
  #hasFailed = false;
  #isFloatingSite = false;
  #status = 0;
  #ended: string | null = null;
  #unsupported: string | null = null;
  #unsupportedSite = -1;
  #isOver = false;
  #start: (() => unknown) | null = null;

  /** @param pace of the tests */
  constructor(run: TestRun, pace: Pace) {
    this.#run = run;
    this.#pace = pace;
    this.#remote = new Remote({ ...run, isEager: run.isGraded });
  }

  /** @param test the test program, given the functions under test */
  start(test: (functions: unknown[]) => unknown): this {
    this.#start = () => test(this.#remote.functions());
    return this;
  }

  /** Goes on. @returns whether promises must have their turn before it can go on again */
  step(): boolean {
    if (this.#start) {
      const start = this.#start;
      this.#start = null;
      this.#within(start);
      return !this.#isOver && (this.#run.isAsync || this.#remote.isWaiting || this.#remote.hasLent);
    }
    if (this.#isOver) return false;
    let goesOn = false;
    this.#within(() => {
      const [now, isNews] = this.#remote.idle(this.#pace.now(), this.#pace.due());
      this.#pace.moveTo(now);
      goesOn = isNews || this.#pace.next();
    });
    return goesOn && !this.#isOver;
  }

  report(): string {
    if (this.#ended === null && this.#floating.size > 0)
      this.#end('they wait for a promise that never settles');
    if (this.#ended === null && this.#status !== 0) this.#end(`process.exitCode is ${this.#status}`);
    const report: TestReport = {
      marks: this.#marks,
      said: this.#remote.said,
      isInStep: this.#remote.isInStep,
      hasFailed: this.#hasFailed,
      ended: this.#ended,
      unsupported: this.#unsupported,
      unsupportedSite: this.#unsupportedSite,
    };
    return JSON.stringify(report);
  }

  /** A statement that asserts begins. */
  begin(site: number): void {
    this.#site = site;
    this.#marked = this.#marks.length;
    this.#isFloatingSite = false;
  }

  /** A statement that throws when it fails has ended without throwing. */
  end(): void {
    if (this.#marks.length === this.#marked && !this.#isFloatingSite) this.#mark(true);
  }

  /** A statement threw. If nothing in it was said to fail, that is its failure. */
  caught(error: unknown): void {
    if (this.#isPassing(error)) {
      if (error instanceof Exit && error.status === 0) throw error;
      if (!(error instanceof Exit)) return;
    }
    const own = this.#marks.slice(this.#marked);
    if (own.every(([, held]) => held)) this.#mark(false);
  }

  /** Something threw between assertions. */
  stray(error: unknown): void {
    this.begin(-1);
    this.caught(error);
  }

  /** An assertion that is the whole of an arrow function. */
  within(site: number, assertion: () => unknown): unknown {
    this.begin(site);
    if (!this.#run.isGraded) return this.#ending(assertion());
    try {
      return this.#ending(assertion());
    } catch (error) {
      this.caught(error);
      return undefined;
    }
  }

  #ending(value: unknown): unknown {
    if (!(value instanceof Promise)) {
      this.end();
      return value;
    }
    return this.#run.isGraded ? value.catch((error) => this.caught(error)) : value;
  }

  /** A value that nobody takes: if it is a promise, nobody may be there when it is rejected. */
  floating(value: unknown): unknown {
    if (!(value instanceof Promise)) return value;
    this.#isFloatingSite = true;
    this.#floating.add(value);
    value.then(
      () => this.#floating.delete(value),
      (error) => {
        this.#floating.delete(value);
        if (this.#run.isGraded) this.stray(error);
        else
          this.#within(() => {
            throw error;
          });
      },
    );
    return value;
  }

  /** Runs a part of the tests that nothing of theirs surrounds. */
  #within(part: () => unknown): void {
    if (this.#isOver) return;
    try {
      part();
    } catch (error) {
      this.#isOver = true;
      if (error instanceof Exit) this.#status = error.status;
      else if (error instanceof Unsupported) this.#note(error);
      else if (!(error instanceof Needed)) this.#fail(error);
      if (error instanceof Exit && error.status !== 0) this.#end(error.message);
    }
  }

  #fail(error: unknown): void {
    if (this.#marks.length === this.#marked) this.#mark(false);
    this.#end(error instanceof AssertionError ? error.message : describe(error));
  }

  #note({ message }: Unsupported): void {
    if (this.#unsupported !== null) return;
    this.#unsupported = message;
    this.#unsupportedSite = this.#site;
  }

  #end(reason: string): void {
    this.#ended ??= reason;
  }

  #mark(held: boolean): void {
    this.#marks.push([this.#site, held]);
    if (!held && this.#remote.isInStep) this.#hasFailed = true;
  }

  /** Not an error of the tests or the program, and nothing that a test may catch. */
  #isPassing(error: unknown): boolean {
    if (error instanceof Unsupported) this.#note(error);
    return error instanceof Needed || error instanceof Unsupported || error instanceof Exit;
  }

  readonly #assert = makeAssert({
    held: () => this.#mark(true),
    isPassing: (error) => this.#isPassing(error),
  });

  /** Modules by name; `node:` before it means the same. */
  readonly #modules: Readonly<Record<string, unknown>> = {
    assert: this.#assert,
    'assert/strict': this.#assert.strict,
    util,
    lodash: { isEqual },
    'lodash/isEqual': isEqual,
  };

  /** What the tests find around them. */
  readonly surroundings = this.#surroundings();

  #surroundings() {
    const setStatus = (status: unknown): void => {
      this.#status = Number(status ?? 0);
      if (this.#status !== 0 && this.#run.isGraded) this.#mark(false);
    };
    const getStatus = (): number => this.#status;
    const quiet = (): void => {};
    const console: Record<string, unknown> = { assert: (held: unknown): void => this.#mark(Boolean(held)) };
    for (const key of [
      'log',
      'error',
      'warn',
      'info',
      'debug',
      'table',
      'trace',
      'group',
      'groupEnd',
      'time',
      'timeEnd',
      'dir',
      'count',
    ])
      console[key] = quiet;
    const process = {
      exit: (status: unknown = this.#status): never => {
        throw new Exit(Number(status));
      },
      get exitCode(): number {
        return getStatus();
      },
      set exitCode(status: unknown) {
        setStatus(status);
      },
      argv: ['node', 'test.js'],
      env: {},
      version: 'v20.0.0',
      versions: { node: '20.0.0' },
      platform: 'linux',
      stdout: { write: () => true },
      stderr: { write: () => true },
      on: () => process,
      once: () => process,
      nextTick: (action: (...args: unknown[]) => void, ...args: unknown[]) => {
        void Promise.resolve(args).then((args) => this.#within(() => action(...args)));
      },
      hrtime: Object.assign(() => [0, 0], { bigint: () => 0n }),
      uptime: () => 0,
      cwd: () => '/',
      memoryUsage: () => ({ heapUsed: 0, heapTotal: 0, rss: 0 }),
    };
    const require = (name: unknown): unknown => {
      const path = String(name).replace(/^node:/, '');
      if (path === 'process') return process;
      if (!Object.hasOwn(this.#modules, path)) throw new Unsupported(`the module ${name}`);
      return this.#modules[path];
    };
    const module = { exports: {} };
    const main = { require: Object.assign(require, { main: module }), module, exports: module.exports };
    return { console, process, assert: this.#assert, ...main };
  }
}

/** What tests could otherwise change for the tests after them: the classes of what they meet, and functions of this file's. */
export const harnessParts: readonly object[] = [Harness, Needed, Unsupported, Exit, isEqual];

function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return `it threw ${String(error)}`;
  const { name, message } = error as Error;
  return message ? `${name}: ${message}` : String(name);
}
