/**
 * A QuickJS engine that starts every program from the same bytes. One context is made and locked down; then the part
 * of the WebAssembly memory that holds it is copied, and copied back before each program. That is as good as a new
 * engine for each program (nothing can be left behind that is not in the memory) and much cheaper to make.
 */
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from 'quickjs-emscripten-core';
import type { RunOptions } from '../runner.ts';
import type { CallsText } from '../words.ts';
import preludeText from './quickjsPrelude.ts?script';
import {
  type DeepCall,
  deepCallOf,
  type OpenModule,
  openModule,
  stackLimit,
  withStackPointer,
} from './quickjsStack.ts';

/** Bounds on one program; time has its own. */
const memoryLimit = 32 * 2 ** 20;
/** Promise callbacks per program. */
const jobLimit = 10_000;

const pageSize = 4096;

class QuickJSMachine {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #memory: WebAssembly.Memory;
  readonly #stack: number;
  readonly #stackPointer: WebAssembly.Global<'i32'>;
  readonly #top: number;
  /** Calls a function of the prelude without arguments on the deepest stack that there is. */
  readonly #call: DeepCall;
  readonly #take: QuickJSHandle;
  readonly #begin: QuickJSHandle;
  readonly #resume: QuickJSHandle;
  readonly #report: QuickJSHandle;
  /** Copies of the memory's used ranges, less the machine stack, which is empty between programs. */
  readonly #snapshot: { at: number; bytes: Uint8Array }[];
  #deadline = Number.POSITIVE_INFINITY;
  #isBroken = false;

  /** @param module the compiled QuickJS module */
  static async create(module: WebAssembly.Module): Promise<QuickJSMachine> {
    const stack = await stackLimit(module);
    return new QuickJSMachine(await openModule(module), stack);
  }

  private constructor({ quickjs, stackPointer }: OpenModule, stack: number) {
    const runtime = quickjs.newRuntime();
    const memory = quickjs.getWasmMemory();
    this.#runtime = runtime;
    this.#memory = memory;
    this.#stack = stack;
    this.#stackPointer = stackPointer;
    this.#top = stackPointer.value;
    runtime.setMemoryLimit(memoryLimit);
    runtime.setMaxStackSize(stack);
    runtime.setInterruptHandler(() => performance.now() > this.#deadline);
    const context = runtime.newContext();
    this.#context = context;
    context.unwrapResult(context.evalCode(preludeText)).dispose();
    const prelude = context.getProp(context.global, 'prelude');
    this.#call = deepCallOf(context);
    this.#take = context.getProp(prelude, 'take');
    this.#begin = context.getProp(prelude, 'begin');
    this.#resume = context.getProp(prelude, 'resume');
    this.#report = context.getProp(prelude, 'report');
    const lock = context.getProp(prelude, 'lock');
    context.unwrapResult(context.callFunction(lock, context.undefined)).dispose();
    this.#snapshot = usedRanges(memory);
  }

  /** Something went wrong outside the program: this machine must not run another. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /**
   * The report of one program: see Run.report. A program that needs more of the host's stack than others, for as much of
   * QuickJS's, is run again with less of that.
   */
  async run(source: string, calls: CallsText, options: RunOptions, limitMs: number): Promise<string> {
    this.#deadline = performance.now() + limitMs;
    for (let stack = this.#stack; ; stack /= 2) {
      const bytes = new Uint8Array(this.#memory.buffer);
      for (const range of this.#snapshot) bytes.set(range.bytes, range.at);
      this.#stackPointer.value = this.#top;
      try {
        return await this.#run(source, calls, options, stack);
      } catch (error) {
        if (isStackOverflow(error) && stack > this.#stack / 16) continue;
        // A limit was met inside the engine itself, whose state may be in disorder now.
        this.#isBroken = true;
        return `#error it broke the engine: ${String(error)}`;
      }
    }
  }

  async #run(
    source: string,
    { names, make, guardArguments, talk, messages }: CallsText,
    { fuel, stateless, wait }: RunOptions,
    stack: number,
  ): Promise<string> {
    const context = this.#context;
    const taken = context.callFunction(this.#take, context.undefined, [
      context.newString(source),
      context.newString(names.join(',')),
      context.newString(make),
      guardArguments ? context.true : context.false,
      context.newNumber(fuel),
      stateless ? context.true : context.false,
      wait ? context.true : context.false,
      context.newString(talk),
      context.newString(messages),
    ]);
    if (taken.error) return this.#failure();
    for (let step = this.#begin; ; step = this.#resume) {
      this.#runtime.setMaxStackSize(stack);
      if (!(await this.#call(step))) return this.#failure();
      const report = context.callFunction(this.#report, context.undefined);
      if (report.error) return this.#failure();
      if (context.typeof(report.value) === 'string') return context.getString(report.value);
      // These run on the worker's own stack.
      this.#runtime.setMaxStackSize(stack / 2);
      if (this.#runtime.executePendingJobs(jobLimit).error) return this.#failure();
    }
  }

  /** The runner catches what programs throw; what reaches this is an interrupt or the end of the memory. */
  #failure(): string {
    return performance.now() > this.#deadline ? '#time' : '#error it used up its memory';
  }
}

/** Runs programs on a machine, and on another one when that is broken. */
export class QuickJS {
  readonly #module: WebAssembly.Module;
  #machine: QuickJSMachine;

  /** @param bytes of the QuickJS module */
  static async open(bytes: Uint8Array): Promise<QuickJS> {
    const module = await WebAssembly.compile(withStackPointer(bytes));
    return new QuickJS(module, await QuickJSMachine.create(module));
  }

  private constructor(module: WebAssembly.Module, machine: QuickJSMachine) {
    this.#module = module;
    this.#machine = machine;
  }

  /** The report of one program: see Run.report. */
  async run(source: string, calls: CallsText, options: RunOptions, limitMs: number): Promise<string> {
    const report = await this.#machine.run(source, calls, options, limitMs);
    if (this.#machine.isBroken) this.#machine = await QuickJSMachine.create(this.#module);
    return report;
  }
}

/** Chromium and Safari say it with a RangeError, Firefox with an error of its own. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError || /recursion|call stack/.test(String(error));
}

function usedRanges(memory: WebAssembly.Memory): { at: number; bytes: Uint8Array }[] {
  const words = new Uint32Array(memory.buffer);
  const perPage = pageSize / 4;
  const ranges: { at: number; bytes: Uint8Array }[] = [];
  let start = -1;
  for (let page = 0; page <= words.length; page += perPage) {
    const isUsed = page < words.length && words.subarray(page, page + perPage).some((word) => word !== 0);
    if (isUsed && start < 0) start = page;
    if (!isUsed && start >= 0) {
      ranges.push({ at: start * 4, bytes: new Uint8Array(memory.buffer.slice(start * 4, page * 4)) });
      start = -1;
    }
  }
  return ranges;
}
