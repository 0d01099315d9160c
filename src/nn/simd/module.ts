/** Loads the compiled CPU kernels (assembly/): the relaxed-SIMD module where the engine takes it, else the plain one. */

/** What the WebAssembly module exports; pointers and sizes in bytes are plain numbers. See assembly/. */
export interface SimdExports {
  memory: WebAssembly.Memory;
  heapBase(): number;
  linearWorkspace(I: number, O: number): number;
  linear(T: number, I: number, O: number, ...pointers: number[]): void;
  linearGelu(T: number, I: number, O: number, ...pointers: number[]): void;
  linearGradX(T: number, I: number, O: number, ...pointers: number[]): void;
  linearGradParams(T: number, I: number, O: number, ...pointers: number[]): void;
  geluGrad(n: number, dy: number, pre: number, dpre: number): void;
  add(n: number, a: number, b: number, y: number): void;
  layerNorm(T: number, D: number, x: number, gain: number, bias: number, eps: number, y: number): void;
  layerNormGrad(
    T: number,
    D: number,
    dy: number,
    x: number,
    gain: number,
    eps: number,
    dx: number,
    dgain: number,
    dbias: number,
  ): void;
  attentionWorkspace(longest: number, headSize: number): number;
  attention(B: number, D: number, heads: number, ...pointers: number[]): void;
  attentionGrad(B: number, D: number, heads: number, ...pointers: number[]): void;
  embedding(T: number, D: number, ...pointers: number[]): void;
  embeddingGrad(T: number, D: number, V: number, L: number, ...pointers: number[]): void;
  take(M: number, N: number, x: number, index: number, y: number): void;
  segmentSums(B: number, mean: number, x: number, bounds: number, y: number): void;
  segmentSpread(B: number, N: number, mean: number, ...pointers: number[]): void;
  tokenHeadWorkspace(D: number, V: number): number;
  tokenHead(A: number, D: number, V: number, ...pointers: number[]): void;
  tokenHeadGrad(A: number, T: number, D: number, V: number, ...pointers: number[]): void;
  /** Bytes of arena that a job needs; see assembly/generate.ts for the job. */
  generateBytes(job: number): number;
  generateFirst(job: number): number;
  generateOn(job: number, count: number, steps: number): number;
  generateStop(job: number, count: number, marks: number): number;
  sumOfSquares(n: number, x: number): number;
  adamwStep(n: number, w: number, g: number, m: number, v: number, ...settings: number[]): void;
}

export type SimdVariant = 'relaxed' | 'plain';

/** A module without SIMD support never gets this far: `loadSimd` throws. */
export class SimdUnavailableError extends Error {
  override name = 'SimdUnavailableError';
}

/**
 * Compiles and starts the kernels.
 * @param variant `auto` takes relaxed SIMD where the engine validates it
 * @throws SimdUnavailableError when WebAssembly or its SIMD instructions are missing
 */
export async function loadSimd(
  variant: SimdVariant | 'auto' = 'auto',
): Promise<{ exports: SimdExports; variant: SimdVariant }> {
  if (typeof WebAssembly === 'undefined') throw new SimdUnavailableError('WebAssembly is missing.');
  for (const name of variant === 'auto' ? (['relaxed', 'plain'] as const) : [variant]) {
    const bytes = await moduleBytes(name);
    if (!WebAssembly.validate(bytes)) continue;
    const { instance } = await WebAssembly.instantiate(bytes);
    return { exports: instance.exports as unknown as SimdExports, variant: name };
  }
  throw new SimdUnavailableError('WebAssembly is there, but without SIMD instructions.');
}

async function moduleBytes(variant: SimdVariant): Promise<Uint8Array<ArrayBuffer>> {
  const { base64 } =
    variant === 'relaxed' ? await import('./build/relaxed.ts') : await import('./build/plain.ts');
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
