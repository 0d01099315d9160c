/** Opening a GPU for tfjs: adapter, device with explicit limits and features, registration, first checks. */
import { tf } from '../tensors/tf.ts';
import { GpuBackend, type KernelVariant } from './backend.ts';
import { WebGPUUnavailableError } from './errors.ts';
import { registerWebGPUKernels } from './kernels.ts';
import { chooseKernels } from './probe.ts';

/** Limits raised to what the adapter has. Our kernels need none of them; tfjs's own and large models gain. */
const raisedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;

export interface OpenOptions {
  /** Called once if the device is lost or rejects a command while in use. */
  onFailure?: (error: Error) => void;
  /** Use these kernels instead of measuring which are faster. */
  variant?: KernelVariant;
}

/**
 * Opens a new device, registers it with tfjs under 'webgpu' and makes it current. A backend registered before
 * is removed and closed: tensors on it are gone.
 * @throws WebGPUUnavailableError when there is no WebGPU, no adapter or no device
 */
export async function openWebGPU(options: OpenOptions = {}): Promise<GpuBackend> {
  // Also drops the backend that tfjs registers for itself when it is imported.
  const again = closeWebGPU();
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) throw new WebGPUUnavailableError('This browser has no WebGPU.');
  const adapter = await findAdapter(gpu, again ? 5 : 1);
  if (!adapter) throw new WebGPUUnavailableError('WebGPU is there, but no graphics adapter was offered.');
  const requiredLimits: Record<string, number> = {};
  for (const name of raisedLimits) requiredLimits[name] = adapter.limits[name];
  const requiredFeatures: GPUFeatureName[] = adapter.features.has('timestamp-query')
    ? ['timestamp-query']
    : [];
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  } catch (cause) {
    throw new WebGPUUnavailableError(`The graphics adapter gave no device: ${cause}`);
  }
  const backend = new GpuBackend(device, adapter.info, options.onFailure);
  registerWebGPUKernels();
  tf.registerBackend('webgpu', () => backend, 3);
  if (!(await tf.setBackend('webgpu'))) throw new WebGPUUnavailableError('tfjs refused the WebGPU backend.');
  // Forwarding small ops to the CPU would hide work from the counters and force later uploads.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  if (options.variant) backend.variant = options.variant;
  else await chooseKernels(backend);
  return backend;
}

/** After a crash the browser may need a moment to start its GPU process again. */
async function findAdapter(gpu: GPU, attempts: number): Promise<GPUAdapter | null> {
  for (let attempt = 1; ; attempt++) {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter || attempt >= attempts) return adapter;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Removes and closes the backend, if one is registered. Returns whether one was in use. */
export function closeWebGPU(): boolean {
  const { registry, registryFactory } = tf.engine();
  const used = registry.webgpu !== undefined;
  if (registryFactory.webgpu) tf.removeBackend('webgpu');
  return used;
}

/** The backend in use, when it is ours. */
export function currentGpu(): GpuBackend | null {
  return tf.getBackend() === 'webgpu' && tf.backend() instanceof GpuBackend
    ? (tf.backend() as GpuBackend)
    : null;
}
