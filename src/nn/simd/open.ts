/** Opening the CPU kernels for tfjs. */
import { tf } from '../tensors/tf.ts';
import { SimdBackend } from './backend.ts';
import { registerSimdKernels } from './kernels.ts';
import { loadSimd, type SimdVariant } from './module.ts';

/**
 * Loads the kernels, registers the backend 'simd' with tfjs, if that has not been done, and makes it current.
 * @throws SimdUnavailableError when the engine has no WebAssembly SIMD
 */
export async function openSimd(variant: SimdVariant | 'auto' = 'auto'): Promise<SimdBackend> {
  const registered = tf.findBackend('simd');
  if (registered && (variant === 'auto' || (registered as SimdBackend).variant === variant)) {
    await tf.setBackend('simd');
    return registered as SimdBackend;
  }
  const loaded = await loadSimd(variant);
  registerSimdKernels();
  if (registered) tf.removeBackend('simd');
  const backend = new SimdBackend(loaded.exports, loaded.variant);
  tf.registerBackend('simd', () => backend, 2);
  await tf.setBackend('simd');
  return backend;
}
