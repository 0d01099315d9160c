/** Registering a kernel of ours with tfjs, and the small pieces of WGSL that several kernels share. */
import { tf } from '../tensors/tf.ts';
import type { GpuBackend } from './backend.ts';

export type GpuKernel = (
  gpu: GpuBackend,
  inputs: Record<string, tf.TensorInfo>,
  attrs: Record<string, number>,
) => tf.TensorInfo | tf.TensorInfo[];

/** Registers `kernel` under `kernelName` for the 'webgpu' backend; a second call for a name does nothing. */
export function registerGpuKernel(kernelName: string, kernel: GpuKernel): void {
  if (tf.getKernel(kernelName, 'webgpu')) return;
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(
        backend as GpuBackend,
        inputs as Record<string, tf.TensorInfo>,
        attrs as unknown as Record<string, number>,
      ),
  });
}

/** Element type of a row of `n` entries: four at a time when they divide. */
export function rowElement(...sizes: number[]): 'vec4f' | 'f32' {
  return sizes.every((n) => n % 4 === 0) ? 'vec4f' : 'f32';
}

/** Entries per element. */
export function lanes(element: 'vec4f' | 'f32'): number {
  return element === 'vec4f' ? 4 : 1;
}

/** `total(v)`, `highest(v)`, `inner(a, b)`: from an element to a number. */
export function elementModule(element: 'vec4f' | 'f32'): string {
  return element === 'vec4f'
    ? `fn total(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }
fn highest(v: vec4f) -> f32 { return max(max(v.x, v.y), max(v.z, v.w)); }
fn inner(a: vec4f, b: vec4f) -> f32 { return dot(a, b); }`
    : `fn total(v: f32) -> f32 { return v; }
fn highest(v: f32) -> f32 { return v; }
fn inner(a: f32, b: f32) -> f32 { return a * b; }`;
}

/**
 * `find(x, n)`: the last index i < n with list[i] ≤ x, for an ascending list whose first entry is ≤ x
 * (otherwise 0).
 */
export function searchModule(list: string): string {
  return `fn find(x: i32, n: u32) -> u32 {
  var low = 0u;
  var high = n;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (${list}[middle] <= x) { low = middle; } else { high = middle; }
  }
  return low;
}`;
}

/** Workgroups for `n` invocations of `size` each, folded into two dimensions when one is too long. */
export function groupsFor(n: number, size: number): [number, number] {
  const groups = Math.ceil(n / size);
  if (groups <= 65_535) return [groups, 1];
  return [65_535, Math.ceil(groups / 65_535)];
}

/** The flat invocation index that `groupsFor` spreads over two dimensions; `size` as there. */
export function flatIndex(size: number): string {
  return `((wid.y * 65535u + wid.x) * ${size}u + li)`;
}
