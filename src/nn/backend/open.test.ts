import { afterEach, describe, expect, it } from 'vitest';
import { registerSimdKernel } from '../simd/register.ts';
import { tf } from '../tensors/tf.ts';
import { openBackend } from './open.ts';
import { probeParity } from './probe.ts';

describe('openBackend in an engine without WebGPU', () => {
  it('takes the SIMD kernels, and says why', async () => {
    const { name, device, reason } = await openBackend('auto');
    expect(name).toBe('simd');
    expect(device).toMatch(/^WASM (relaxed )?SIMD$/);
    expect(reason).toBe('This browser has no WebGPU.');
    expect(tf.getBackend()).toBe('simd');
  });

  it('opens plain tfjs when asked', async () => {
    expect((await openBackend('plain')).name).toBe('plain');
    expect(tf.getBackend()).toBe('cpu');
  });
});

describe('the parity probe', () => {
  const right = () => tf.getKernel('FAttention', 'simd').kernelFunc;
  let saved: ReturnType<typeof right> | undefined;
  afterEach(() => {
    const kernel = saved;
    if (kernel)
      registerSimdKernel(
        'FAttention',
        (backend, inputs, attrs) => kernel({ backend, inputs, attrs }) as tf.TensorInfo,
      );
    saved = undefined;
  });

  it('passes the SIMD kernels and leaves no tensors', async () => {
    await openBackend('simd');
    const before = tf.memory().numTensors;
    expect(await probeParity()).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a kernel that is wrong', async () => {
    await openBackend('simd');
    saved = right();
    registerSimdKernel(
      'FAttention',
      (backend, { qkv }) => backend.output([qkv.shape[0], qkv.shape[1] / 3]).info,
    );
    expect(await probeParity()).toMatch(/differ/);
    const { name, reason } = await openBackend('simd');
    expect(name).toBe('plain');
    expect(reason).toMatch(/compute wrongly/);
  });
});
