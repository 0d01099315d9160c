/** Registering a kernel of ours with tfjs for the 'simd' backend. */
import { tf } from '../tensors/tf.ts';
import type { SimdBackend } from './backend.ts';

export type SimdKernel = (
  backend: SimdBackend,
  inputs: Record<string, tf.TensorInfo>,
  attrs: Record<string, number>,
) => tf.TensorInfo | tf.TensorInfo[];

/** Registers `kernel`, in place of one copied from tfjs's CPU backend if there is one. */
export function registerSimdKernel(kernelName: string, kernel: SimdKernel): void {
  if (tf.getKernel(kernelName, 'simd')) tf.unregisterKernel(kernelName, 'simd');
  tf.registerKernel({
    kernelName,
    backendName: 'simd',
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(
        backend as SimdBackend,
        inputs as Record<string, tf.TensorInfo>,
        attrs as unknown as Record<string, number>,
      ),
  });
}
