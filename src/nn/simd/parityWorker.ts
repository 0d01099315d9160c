/** The worker of simd.browser.test.ts: opens the kernels as a trainer does, and compares. */
import type { Comparison } from '../parity/comparer.ts';
import { checkParity, type Golden } from '../parity/parity.ts';
import type { SimdVariant } from './module.ts';
import { openSimd } from './open.ts';

export interface Answer {
  variant: SimdVariant;
  comparisons: Comparison[];
}

self.onmessage = async ({ data }: MessageEvent<{ golden: Golden; weights: Uint8Array }>) => {
  const { variant } = await openSimd();
  const comparisons = await checkParity(data.golden, data.weights, 'simd');
  self.postMessage({ variant, comparisons } satisfies Answer);
};
