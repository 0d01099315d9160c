/**
 * How a public op finds its fused kernel. A kernel is registered with tfjs under one name for each backend
 * that has it; where the current backend has none, the op falls back to its reference made of tfjs ops.
 */
import { tf } from '../tf.ts';

/** Whether the current backend has the kernel. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null;
}

/** Runs a kernel of the current backend; gradients are recorded. */
export function runKernel<T extends tf.Tensor | tf.Tensor[]>(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attrs: Record<string, number> = {},
): T {
  return tf.engine().runKernel(name, inputs, attrs) as T;
}

/** Computes once, on first use: for kernels that give the gradients of several inputs together. */
export function once<T>(compute: () => T): () => T {
  let result: { value: T } | undefined;
  return () => (result ??= { value: compute() }).value;
}

/** Throws a `TypeError` that names the op and the tensor when a shape is not as expected. */
export function checkShape(op: string, name: string, tensor: tf.Tensor, expected: readonly number[]): void {
  const same =
    tensor.shape.length === expected.length && tensor.shape.every((size, i) => size === expected[i]);
  if (!same)
    throw new TypeError(`${op}: "${name}" has shape [${tensor.shape}], but [${expected}] was expected.`);
}
