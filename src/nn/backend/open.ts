/**
 * Choosing what computes: WebGPU on a real graphics adapter, the SIMD kernels where there is none or where they turn
 * out faster, plain tfjs where even SIMD is missing. A backend must agree with the reference before it is used, and
 * the choice comes with its reason in words, for the badge.
 */
import { SimdUnavailableError } from '../simd/module.ts';
import { openSimd } from '../simd/open.ts';
import { tf } from '../tensors/tf.ts';
import { probeParity, probeSpeed } from './probe.ts';

export type BackendChoice = 'auto' | 'webgpu' | 'simd' | 'plain';

/** What computes, and why. */
export interface BackendInfo {
  name: 'webgpu' | 'simd' | 'plain';
  /** Adapter or instruction set, for example "Apple M2" or "WASM relaxed SIMD". */
  device: string;
  /** One sentence. */
  reason: string;
}

export type Backend = BackendInfo;

/**
 * Opens a backend and makes it tfjs's current one. What cannot be had is replaced by the next best, and the reason
 * says so; `name` tells what was really opened.
 */
export async function openBackend(choice: BackendChoice = 'auto'): Promise<Backend> {
  switch (choice) {
    case 'plain':
      return openPlain('Plain tfjs was asked for.');
    case 'simd':
      return openCpu('The CPU was asked for.');
    case 'webgpu': {
      const gpu = await tryWebGPU();
      if ('failed' in gpu) return openCpu(`WebGPU was asked for. ${gpu.failed}`);
      return { name: 'webgpu', device: gpu.device, reason: 'WebGPU was asked for.' };
    }
    case 'auto':
      return chooseBackend();
    default:
      return choice satisfies never;
  }
}

async function chooseBackend(): Promise<Backend> {
  if (!('gpu' in (globalThis.navigator ?? {}))) return openCpu('This browser has no WebGPU.');
  const gpu = await tryWebGPU();
  if ('failed' in gpu) return openCpu(gpu.failed);
  if (gpu.software) {
    await gpu.close();
    return openCpu(`WebGPU is there, but in software (${gpu.device}), and the CPU kernels are faster.`);
  }
  const gpuTime = await probeSpeed();
  const cpu = await openCpu('');
  if (cpu.name === 'simd') {
    const cpuTime = await probeSpeed();
    const times = `a trial step took ${round(gpuTime)} ms on the GPU and ${round(cpuTime)} ms on the CPU`;
    if (cpuTime < gpuTime) {
      await gpu.close();
      await tf.setBackend('simd');
      return { ...cpu, reason: `The CPU is faster here for models of this size: ${times}.` };
    }
    await tf.setBackend('webgpu');
    return { name: 'webgpu', device: gpu.device, reason: `The GPU is faster: ${times}.` };
  }
  await tf.setBackend('webgpu');
  return { name: 'webgpu', device: gpu.device, reason: `There is a GPU, and ${lowerFirst(cpu.reason)}` };
}

interface OpenedGpu {
  device: string;
  software: boolean;
  close(): Promise<void>;
}

/** Opens WebGPU if it is there and right; the code for it is loaded only then. */
async function tryWebGPU(): Promise<OpenedGpu | { failed: string }> {
  const { openWebGPU, closeWebGPU } = await import('../webgpu/open.ts');
  const close = async () => {
    await tf.setBackend('cpu');
    closeWebGPU();
  };
  let backend: Awaited<ReturnType<typeof openWebGPU>>;
  try {
    backend = await openWebGPU();
  } catch (error) {
    return { failed: (error as Error).message };
  }
  const { info } = backend;
  const device = describeAdapter(info);
  const software =
    info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(device);
  try {
    const fault = await probeParity();
    if (fault === null) return { device, software, close };
    await close();
    return { failed: `WebGPU on ${device} computes wrongly: ${fault}` };
  } catch (error) {
    await close();
    return { failed: `WebGPU on ${device} failed its first step: ${(error as Error).message}` };
  }
}

function describeAdapter({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  if (description) return description;
  return [vendor, architecture, device].filter(Boolean).join(' ') || 'an unnamed adapter';
}

async function openCpu(reason: string): Promise<Backend> {
  try {
    const { variant } = await openSimd();
    const fault = await probeParity();
    if (fault !== null) return openPlain(`${reason} The SIMD kernels compute wrongly here: ${fault}`);
    const device = variant === 'relaxed' ? 'WASM relaxed SIMD' : 'WASM SIMD';
    return { name: 'simd', device, reason };
  } catch (error) {
    if (!(error instanceof SimdUnavailableError)) throw error;
    return openPlain(`${reason} ${error.message}`);
  }
}

async function openPlain(reason: string): Promise<Backend> {
  await tf.setBackend('cpu');
  return { name: 'plain', device: 'JavaScript', reason: reason.trim() };
}

function round(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0);
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
