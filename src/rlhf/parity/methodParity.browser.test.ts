/** The updates on WebGPU against golden numbers from PyTorch: loss and gradient. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeParity } from '../../nn/parity/comparer.ts';
import { closeWebGPU, openWebGPU } from '../../nn/webgpu/open.ts';
import golden from './golden/odd.json' with { type: 'json' };
import weightsUrl from './golden/odd.safetensors?url';
import { checkMethods, type MethodsGolden } from './methodParity.ts';

beforeAll(async () => {
  await openWebGPU({ variant: 'direct' });
});
afterAll(closeWebGPU);

it('agrees with the golden numbers of methods', async () => {
  const weights = new Uint8Array(await (await fetch(weightsUrl)).arrayBuffer());
  const { comparisons } = await checkMethods(golden as unknown as MethodsGolden, weights, 'webgpu');
  expect(comparisons.length).toBeGreaterThan(20);
  expect(
    comparisons.filter(({ ok }) => !ok),
    describeParity(comparisons),
  ).toEqual([]);
});
