/** Soft prompts on WebGPU: gradients, sampling, and the empty prefix that changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../tensors/tf.ts';
import { drawnWithin, farthest, softGradients, writeAfter } from '../testing/softRows.ts';
import { closeWebGPU, openWebGPU } from './open.ts';

describe('soft rows on WebGPU', () => {
  beforeAll(async () => {
    await openWebGPU({ variant: 'direct' });
  });
  afterAll(closeWebGPU);

  it('have the gradient that differences show', async () => {
    const { computed, differences } = await softGradients();
    expect(Math.max(...differences.map(Math.abs))).toBeGreaterThan(0.05);
    expect(farthest(computed, differences)).toBeLessThan(2e-3);
  });

  it('write what the reference writes, and are never drawn', async () => {
    const written = await writeAfter('soft');
    expect(farthest(written.logProb, written.read)).toBeLessThan(1e-4);
    expect(drawnWithin(written.tokens)).toBe(true);
    await tf.setBackend('cpu');
    expect(written.tokens).toEqual((await writeAfter('soft')).tokens);
    await tf.setBackend('webgpu');
  });

  it('without a row are the plain model to the bit', async () => {
    expect(await writeAfter('empty')).toEqual(await writeAfter('plain'));
  });
});
