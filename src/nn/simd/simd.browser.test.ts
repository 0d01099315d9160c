/** The SIMD kernels where they will run: in Chromium, on the page and in a worker, against the golden numbers. */
import { describe, expect, it } from 'vitest';
import { type Comparison, describeParity } from '../parity/comparer.ts';
import golden from '../parity/golden/odd.json' with { type: 'json' };
import weightsUrl from '../parity/golden/odd.safetensors?url';
import { checkParity, type Golden } from '../parity/parity.ts';
import { openSimd } from './open.ts';
import type { Answer } from './parityWorker.ts';

const weights = async () => new Uint8Array(await (await fetch(weightsUrl)).arrayBuffer());

function expectParity(comparisons: Comparison[]): void {
  expect(comparisons.length).toBeGreaterThan(150);
  expect(
    comparisons.filter(({ ok }) => !ok),
    describeParity(comparisons),
  ).toEqual([]);
}

describe('SIMD kernels in Chromium', () => {
  it.each(['relaxed', 'plain'] as const)('agree with the golden numbers: %s SIMD', async (variant) => {
    const backend = await openSimd(variant);
    expect(backend.variant).toBe(variant);
    expectParity(await checkParity(golden as unknown as Golden, await weights(), 'simd'));
  });

  it('agree with the golden numbers in a worker', async () => {
    const worker = new Worker(new URL('./parityWorker.ts', import.meta.url), { type: 'module' });
    const answer = new Promise<Answer>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    worker.postMessage({ golden, weights: await weights() });
    const { variant, comparisons } = await answer;
    worker.terminate();
    expect(variant).toBe('relaxed');
    expectParity(comparisons);
  });
});
