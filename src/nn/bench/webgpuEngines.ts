/** What the WebGPU benchmarks share: tfjs's own backend for comparison, and WebGPU in Node. */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Bench } from '../../core/benchmark.ts';
import { tf } from '../tensors/tf.ts';
import { closeWebGPU } from '../webgpu/open.ts';

/** At least three repetitions, however long they take. */
export const timing = { seconds: 0, least: 3 };
export const round = (x: number) => (x >= 100 ? Math.round(x) : Math.round(x * 100) / 100);

/** tfjs's own backend, opened as tfjs opens it. */
export async function openStock(): Promise<void> {
  closeWebGPU();
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('There is no WebGPU adapter.');
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  await tf.setBackend('webgpu');
}

/** Waits for a result and returns its first number. */
export async function readAndDispose(tensor: tf.Tensor): Promise<number> {
  const [first] = await tensor.data();
  tensor.dispose();
  return first;
}

/**
 * The same benchmark in Node, with the `webgpu` package. It needs a Vulkan driver that Dawn accepts; without one it
 * says so and gives no figures. On a machine without a GPU, point VK_ICD_FILENAMES at Chromium's SwiftShader.
 */
export function inNode(bench: Bench): Bench {
  return async (options) => {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    const gpu = create(['backend=vulkan']);
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
    if (await gpu.requestAdapter()) return bench(options);
    return [{ title: 'WebGPU: not measured, no adapter', rows: [] }];
  };
}
