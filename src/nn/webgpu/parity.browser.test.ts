/** The whole model on WebGPU against golden numbers from PyTorch: forward, losses, gradients, AdamW, sampling. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeParity } from '../parity/comparer.ts';
import { checkParity, type Golden } from '../parity/parity.ts';
import type { GpuBackend } from './backend.ts';
import { closeWebGPU, openWebGPU } from './open.ts';

const files = import.meta.glob<string>('../parity/golden/*', {
  query: '?url',
  import: 'default',
  eager: true,
});

async function read(file: string): Promise<Uint8Array> {
  const response = await fetch(files[`../parity/golden/${file}`]);
  return new Uint8Array(await response.arrayBuffer());
}

describe('golden numbers on WebGPU', () => {
  let gpu: GpuBackend;
  beforeAll(async () => {
    gpu = await openWebGPU({ variant: 'direct' });
  });
  afterAll(closeWebGPU);

  it.each([
    ['tiny', 'direct'],
    ['odd', 'direct'],
    ['odd', 'shared'],
  ] as const)('%s, %s kernels', async (name, variant) => {
    gpu.variant = variant;
    const golden = JSON.parse(new TextDecoder().decode(await read(`${name}.json`))) as Golden;
    const comparisons = await checkParity(golden, await read(`${name}.safetensors`), 'webgpu');
    expect(comparisons.length).toBeGreaterThan(20);
    expect(
      comparisons.filter(({ ok }) => !ok),
      describeParity(comparisons),
    ).toEqual([]);
  });
});
