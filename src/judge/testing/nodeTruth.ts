/**
 * What Node itself says of a program and its tests. Pairs that are done when their last line is share one thread, which
 * is quick; each of the others has a thread of its own, which may end its process.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const packages = createRequire(import.meta.url).resolve('lodash');

/** Long, because only what never ends may run into it, on however busy a machine. */
const limitMs = 20_000;

/** What may go on after its last line, end its process, never end, or change what the next pair finds. */
const unsociable =
  /\b(?:async|await|Promise|then|setTimeout|setInterval|setImmediate|queueMicrotask|process|import|global|globalThis|prototype|while|setPrototypeOf|freeze)\b|for\s*\(;;\)/;

/** @returns whether nothing failed: no exception, no exit status, no `console.assert` */
export async function nodePasses(program: string, tests: string): Promise<boolean> {
  const isModule = /^\s*import\s/m.test(tests);
  const lines = `${program}\n${tests.replaceAll("'lodash'", JSON.stringify(packages))}`;
  if (!unsociable.test(lines)) {
    shared ??= new SharedThread();
    return shared.passes(lines);
  }
  const source = isModule ? new URL(`data:text/javascript,${encodeURIComponent(lines)}`) : lines;
  const worker = new Worker(source, { eval: !isModule, stderr: true, stdout: true });
  let errors = '';
  worker.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  worker.stdout.resume();
  return new Promise((resolve) => {
    let hasFailed = false;
    const timer = setTimeout(() => {
      hasFailed = true;
      void worker.terminate();
    }, limitMs);
    worker.on('error', () => {
      hasFailed = true;
    });
    worker.on('exit', (status) => {
      clearTimeout(timer);
      // What was written last may come last.
      setTimeout(() => resolve(!hasFailed && status === 0 && !errors.includes('Assertion failed')), 5);
    });
  });
}

/** Runs one pair after the other, each as the body of a function, so that it declares nothing for the next. */
const sharedSource = `
const { parentPort } = require('node:worker_threads');
const { Script } = require('node:vm');
const quiet = () => {};
let failed = false;
for (const name of ['log', 'error', 'warn', 'info', 'debug', 'table', 'trace']) console[name] = quiet;
console.assert = (held) => { if (!held) failed = true; };
const names = new Set(Object.getOwnPropertyNames(globalThis));
parentPort.on('message', (source) => {
  failed = false;
  module.exports = {};
  try {
    new Script(source);
    new Function(source)();
  } catch {
    failed = true;
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) if (!names.has(name)) delete globalThis[name];
  parentPort.postMessage(!failed);
});`;

class SharedThread {
  readonly #worker = new Worker(sharedSource, { eval: true });
  readonly #waiting: { resolve(passes: boolean): void; reject(error: Error): void }[] = [];

  constructor() {
    this.#worker.unref();
    this.#worker.on('message', (passes: boolean) => this.#waiting.shift()?.resolve(passes));
    this.#worker.on('error', (error: Error) => {
      for (const { reject } of this.#waiting) reject(error);
    });
  }

  passes(source: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(source);
    });
  }
}

let shared: SharedThread | null = null;
