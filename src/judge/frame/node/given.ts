/**
 * What Node gives to a program by name and a bare realm does not: `module`, `require`, `process`, timers. Each instance
 * of a program gets its own, made for it, so that nothing it does to them reaches another. They touch nothing: no file,
 * no network, no output. The static filter puts the names that a program uses in front of it.
 */
import { makeAssert } from '../../check/assert/assertions.ts';
import { readElapsed } from './clock.ts';
import { makeEventEmitter } from './events.ts';
import { queueMicrotask, sharedGlobals } from './globals.ts';
import { path } from './path.ts';
import type { Timers } from './timers.ts';
import { util } from './util.ts';

const { apply } = Reflect;
const { freeze, getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = Object;
const { startsWith, slice } = String.prototype;

/** Called by the program's first line, and only there: the static filter refuses programs that name it. */
export interface Give {
  (): Record<string, unknown>;
  /** `require`, for what an import became. */
  require(name: unknown): unknown;
  own: typeof own;
}

const nothing = (): void => {};

/** A failure is an exception: a program that fails its own tests has failed. */
const assert = makeAssert({ held: nothing, isPassing: () => false });

/** Objects that no instance can change, given to all. */
export const sharedModules = {
  assert,
  'assert/strict': assert.strict,
  util,
  path,
  'path/posix': path.posix,
  perf_hooks: { performance: sharedGlobals.performance },
  url: { URL: sharedGlobals.URL, URLSearchParams: sharedGlobals.URLSearchParams },
  os: { EOL: '\n', platform: () => 'linux', cpus: () => [], tmpdir: () => '/tmp' },
} as const;

/**
 * Lets `target.key = …` work where the key names a method of a frozen built-in prototype: the language forbids such an
 * assignment to whatever inherits from it, and Node does not freeze. Returns the target.
 */
export function own(target: unknown, key: PropertyKey): unknown {
  if (typeof target !== 'object' && typeof target !== 'function') return target;
  for (let holder = target as object | null; holder; holder = getPrototypeOf(holder)) {
    const property = getOwnPropertyDescriptor(holder, key);
    if (!property) continue;
    if (holder !== target && property.writable === false)
      defineProperty(target, key, {
        value: property.value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    break;
  }
  return target;
}

/** @param timers of the run that this instance belongs to */
export function makeGive(timers: Timers): Give {
  // Made when the program asks for any: most ask for none of this.
  let made: Given | undefined;
  const given = (): Given => (made ??= new Given(timers));
  const give = () => {
    made = undefined;
    return given().names;
  };
  return freeze(Object.assign(give, { require: (name: unknown) => given().require(name), own }));
}

class Given {
  readonly names: Record<string, unknown>;
  readonly #timers: ReturnType<Timers['functions']>;
  readonly #process: object;
  readonly #modules = new Map<string, unknown>();

  constructor(timers: Timers) {
    this.#timers = timers.functions();
    this.#process = makeProcess();
    const exports = {};
    // A module that another one requires, as when the tests of somebody else load it: `require.main` is not it.
    const main = { id: '.', filename: '/tests.js', exports: {}, loaded: false, children: [] };
    const module = {
      id: '/program.js',
      filename: '/program.js',
      exports,
      loaded: false,
      parent: main,
      children: [],
    };
    const require = Object.assign((name: unknown) => this.require(name), { main, cache: {} });
    this.names = {
      module,
      exports,
      require,
      process: this.#process,
      console: { ...sharedGlobals.console },
      global: globalThis,
      __filename: '/program.js',
      __dirname: '/',
      ...this.#timers,
    };
  }

  require(name: unknown): unknown {
    const asked = `${name}`;
    const plain = apply(startsWith, asked, ['node:']) ? (apply(slice, asked, [5]) as string) : asked;
    const found = this.#modules.get(plain) ?? this.#module(plain);
    if (found !== undefined) {
      this.#modules.set(plain, found);
      return found;
    }
    throw Object.assign(new Error(`Cannot find module '${asked}'`), { code: 'MODULE_NOT_FOUND' });
  }

  #module(name: string): unknown {
    if (Object.hasOwn(sharedModules, name)) return sharedModules[name as keyof typeof sharedModules];
    switch (name) {
      case 'process':
        return this.#process;
      case 'console':
        return this.names.console;
      case 'events':
        return makeEventEmitter();
      case 'timers':
        return { ...this.#timers };
      case 'timers/promises':
        return {
          setTimeout: (delay?: unknown, value?: unknown) =>
            new Promise((resolve) => this.#timers.setTimeout(resolve, delay, value)),
          setImmediate: (value?: unknown) =>
            new Promise((resolve) => this.#timers.setImmediate(resolve, value)),
        };
      case 'fs':
        return makeFiles();
      case 'readline':
        return { createInterface: makeReader };
      default:
        return undefined;
    }
  }
}

function makeProcess(): object {
  const stream = () => ({ write: () => true, on: nothing, once: nothing, end: nothing, isTTY: false });
  const process = {
    argv: ['/usr/bin/node', '/tests.js'],
    argv0: 'node',
    execArgv: [],
    execPath: '/usr/bin/node',
    env: {},
    pid: 1,
    platform: 'linux',
    arch: 'x64',
    title: 'node',
    version: 'v20.19.0',
    versions: { node: '20.19.0' },
    exitCode: undefined,
    stdout: stream(),
    stderr: stream(),
    stdin: { ...stream(), fd: 0, setEncoding: nothing, resume: nothing, read: () => null },
    cwd: () => '/',
    uptime: () => readElapsed() / 1000,
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    nextTick: (callback: () => void, ...args: unknown[]) =>
      queueMicrotask(() => apply(callback, undefined, args)),
    hrtime: Object.assign(
      (since?: [number, number]) => {
        const ns = Math.floor(readElapsed() * 1e6) - (since ? since[0] * 1e9 + since[1] : 0);
        return [Math.floor(ns / 1e9), ns % 1e9];
      },
      { bigint: () => BigInt(Math.floor(readElapsed() * 1e6)) },
    ),
    emitWarning: nothing,
    abort: () => ended(),
    exit: () => ended(),
  };
  const listening = { on: () => process, once: () => process, off: () => process, emit: () => false };
  return Object.assign(process, listening, {
    addListener: () => process,
    removeListener: () => process,
    removeAllListeners: () => process,
  });
}

function ended(): never {
  throw new Error('The program ended its process');
}

/** Standard input is empty, and there is no file. */
function makeFiles(): object {
  const missing = (path: unknown): never => {
    throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' });
  };
  const isInput = (path: unknown): boolean => path === 0 || path === '/dev/stdin';
  return {
    existsSync: () => false,
    readFileSync: (path: unknown) => (isInput(path) ? '' : missing(path)),
    writeFileSync: (path: unknown) => (path === 1 || path === 2 ? undefined : missing(path)),
    writeSync: (_: unknown, text: unknown) => `${text}`.length,
  };
}

/** A reader of lines that never come. */
function makeReader(): object {
  const reader: Record<string, unknown> = { line: '', closed: false };
  for (const name of ['on', 'once', 'off', 'addListener', 'removeListener', 'setPrompt', 'pause', 'resume'])
    reader[name] = () => reader;
  for (const name of ['close', 'prompt', 'question', 'write']) reader[name] = nothing;
  reader[Symbol.asyncIterator as never] = async function* () {};
  return reader;
}
