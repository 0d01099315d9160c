/**
 * How deep QuickJS may recur. Its own stack is memory, of which there is enough; but each of its frames is one of the
 * host's, too, and a worker's stack is small. So its programs run on a stack of their own where the browser can make one
 * (a promise of WebAssembly's result runs on another, twice as deep in Chromium), and how deep that is gets measured.
 */
import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core';

/** Calls a function without arguments. False when it threw, or was interrupted. */
export type DeepCall = (callee: QuickJSHandle) => Promise<boolean>;

type Pointer = number;
type RawCall = (context: Pointer, callee: Pointer, self: Pointer, count: number, args: Pointer) => Pointer;

/** What a context keeps to itself: the functions of the WebAssembly module. */
interface Inside {
  ctx: { value: Pointer };
  ffi: { QTS_Call: RawCall; QTS_ResolveException(context: Pointer, result: Pointer): Pointer };
}

interface StackSwitching {
  promising?(call: RawCall): (...args: Parameters<RawCall>) => Promise<Pointer>;
}

export function deepCallOf(context: QuickJSContext): DeepCall {
  const { ctx, ffi } = context as unknown as Inside;
  const { promising } = WebAssembly as StackSwitching;
  const call = promising ? promising(ffi.QTS_Call) : ffi.QTS_Call;
  const self = (context.undefined as unknown as { value: Pointer }).value;
  return async (callee) => {
    const result = await call(ctx.value, (callee as unknown as { value: Pointer }).value, self, 0, 0);
    return ffi.QTS_ResolveException(ctx.value, result) === 0;
  };
}

const smallest = 64 * 2 ** 10;
const largest = 2 * 2 ** 20;
/** What is left for programs that need more of the host's stack for as much of QuickJS's. */
const margin = 0.85;

let known: Promise<number> | null = null;

/** Bytes of QuickJS's stack that the host's stack can bear. Measured once, by recurring until it cannot. */
export function stackLimit(open: () => Promise<QuickJSWASMModule>): Promise<number> {
  known ??= measure(open);
  return known;
}

async function measure(open: () => Promise<QuickJSWASMModule>): Promise<number> {
  const runtime = (await open()).newRuntime();
  const context = runtime.newContext();
  const recur = context.unwrapResult(
    context.evalCode('(() => { const f = (x) => 1 + f(x); return () => { try { f(1) } catch {} } })()'),
  );
  const call = deepCallOf(context);
  let borne = smallest;
  try {
    for (let bytes = smallest; bytes <= largest; bytes *= 1.1) {
      runtime.setMaxStackSize(bytes);
      await call(recur);
      borne = bytes;
    }
  } catch {
    // The host's stack ended first. Nothing of this module is used again.
  }
  return margin * borne;
}
