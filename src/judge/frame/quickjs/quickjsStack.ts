/**
 * How deep QuickJS may recur. Its own stack is memory, of which there is enough; but each of its frames is one of the
 * host's, too, and a worker's stack is small. So its programs run on a stack of their own where the browser can make one
 * (a promise of WebAssembly's result runs on another, twice as deep in Chromium), and how deep that is gets measured.
 */
import baseVariant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';

export interface OpenModule {
  quickjs: QuickJSWASMModule;
  /** Where QuickJS's own stack ends. When the host's stack ends within a call, this is left as it was down there. */
  stackPointer: WebAssembly.Global<'i32'>;
}

/** @param module compiled from the bytes that `withStackPointer` gives */
export async function openModule(module: WebAssembly.Module): Promise<OpenModule> {
  let stackPointer: WebAssembly.Global<'i32'> | undefined;
  const variant = newVariant(baseVariant, {
    wasmLocation: 'quickjs.wasm',
    emscriptenModule: {
      instantiateWasm(imports, onSuccess) {
        const instance = new WebAssembly.Instance(module, imports);
        stackPointer = instance.exports[pointerName] as WebAssembly.Global<'i32'>;
        onSuccess(instance);
        return instance.exports;
      },
    },
  });
  const quickjs = await newQuickJSWASMModuleFromVariant(variant);
  if (!stackPointer) throw new Error('The QuickJS module does not show its stack pointer.');
  return { quickjs, stackPointer };
}

const pointerName = 'stackPointer';
const exportSection = 7;
const globalKind = 3;

/** The QuickJS module with one export more: its only global, which is the stack pointer. */
export function withStackPointer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const readLength = (at: number): [value: number, end: number] => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      value |= (bytes[at] & 0x7f) << shift;
      if (bytes[at++] < 0x80) return [value, at];
    }
  };
  const writeLength = (value: number): number[] =>
    value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...writeLength(value >> 7)];
  // After the magic number and the version.
  for (let at = 8; at < bytes.length; ) {
    const [length, from] = readLength(at + 1);
    if (bytes[at] !== exportSection) {
      at = from + length;
      continue;
    }
    const [count, first] = readLength(from);
    const name = new TextEncoder().encode(pointerName);
    const added = [name.length, ...name, globalKind, 0];
    const content = [...writeLength(count + 1), ...bytes.subarray(first, from + length), ...added];
    const section = [exportSection, ...writeLength(content.length), ...content];
    const rest = bytes.subarray(from + length);
    const whole = new Uint8Array(at + section.length + rest.length);
    whole.set(bytes.subarray(0, at));
    whole.set(section, at);
    whole.set(rest, at + section.length);
    return whole;
  }
  throw new Error('The QuickJS module exports nothing.');
}

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
export function stackLimit(module: WebAssembly.Module): Promise<number> {
  known ??= measure(module);
  return known;
}

async function measure(module: WebAssembly.Module): Promise<number> {
  const runtime = (await openModule(module)).quickjs.newRuntime();
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
