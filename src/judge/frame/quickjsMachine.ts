/**
 * A QuickJS engine that starts every program from the same bytes. One context is made and locked down; then the part
 * of the WebAssembly memory that holds it is copied, and copied back before each program. That is as good as a new
 * engine for each program (nothing can be left behind that is not in the memory) and much cheaper to make.
 */
import baseVariant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';
import preludeText from './quickjsPrelude.ts?script';
import type { RunOptions } from './runner.ts';
import type { CallsText } from './words.ts';

/** Bounds on one program; time has its own. */
const memoryLimit = 32 * 2 ** 20;
const stackLimit = 512 * 2 ** 10;
/** Promise callbacks per program. */
const jobLimit = 10_000;

const pageSize = 4096;

export class QuickJSMachine {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #memory: WebAssembly.Memory;
  readonly #begin: QuickJSHandle;
  readonly #finish: QuickJSHandle;
  /** Copies of the memory's used ranges, less the machine stack, which is empty between programs. */
  readonly #snapshot: { at: number; bytes: Uint8Array }[];
  #deadline = Number.POSITIVE_INFINITY;
  #isBroken = false;

  /** @param module the compiled QuickJS module */
  static async create(module: WebAssembly.Module): Promise<QuickJSMachine> {
    const variant = newVariant(baseVariant, { wasmModule: module, wasmLocation: 'quickjs.wasm' });
    const quickjs = await newQuickJSWASMModuleFromVariant(variant);
    return new QuickJSMachine(quickjs.newRuntime(), quickjs.getWasmMemory());
  }

  private constructor(runtime: QuickJSRuntime, memory: WebAssembly.Memory) {
    this.#runtime = runtime;
    this.#memory = memory;
    runtime.setMemoryLimit(memoryLimit);
    runtime.setMaxStackSize(stackLimit);
    runtime.setInterruptHandler(() => performance.now() > this.#deadline);
    const context = runtime.newContext();
    this.#context = context;
    context.unwrapResult(context.evalCode(preludeText)).dispose();
    const prelude = context.getProp(context.global, 'prelude');
    this.#begin = context.getProp(prelude, 'begin');
    this.#finish = context.getProp(prelude, 'finish');
    const lock = context.getProp(prelude, 'lock');
    context.unwrapResult(context.callFunction(lock, context.undefined)).dispose();
    this.#snapshot = usedRanges(memory);
  }

  /** Something went wrong outside the program: this machine must not run another. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** The report of one program: see Run.report. */
  run(source: string, calls: CallsText, options: RunOptions, limitMs: number): string {
    const bytes = new Uint8Array(this.#memory.buffer);
    for (const range of this.#snapshot) bytes.set(range.bytes, range.at);
    this.#deadline = performance.now() + limitMs;
    try {
      return this.#report(source, calls, options);
    } catch (error) {
      // A limit was met inside the engine itself, whose own stack may be in disorder now.
      this.#isBroken = true;
      return `#error it broke the engine: ${String(error)}`;
    }
  }

  #report(
    source: string,
    { names, make, guardArguments, keepOrder }: CallsText,
    { fuel, stateless, wait }: RunOptions,
  ): string {
    const context = this.#context;
    const begun = context.callFunction(this.#begin, context.undefined, [
      context.newString(source),
      context.newString(names.join(',')),
      context.newString(make),
      guardArguments ? context.true : context.false,
      keepOrder ? context.true : context.false,
      context.newNumber(fuel),
      stateless ? context.true : context.false,
      wait ? context.true : context.false,
    ]);
    for (let answer = begun; ; answer = context.callFunction(this.#finish, context.undefined)) {
      if (answer.error) return this.#failure();
      if (context.typeof(answer.value) === 'string') return context.getString(answer.value);
      const jobs = this.#runtime.executePendingJobs(jobLimit);
      if (jobs.error) return this.#failure();
    }
  }

  /** The runner catches what programs throw; what reaches this is an interrupt or the end of the memory. */
  #failure(): string {
    return performance.now() > this.#deadline ? '#time' : '#error it used up its memory';
  }
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
