import { beforeAll, describe, expect, it } from 'vitest';
import { openSimd } from '../simd/open.ts';
import { tf } from '../tensors/tf.ts';
import { drawnWithin, farthest, softGradients, writeAfter } from '../testing/softRows.ts';

beforeAll(async () => {
  await openSimd();
});

describe.each(['cpu', 'simd'])('soft rows on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it('have the gradient that differences show', async () => {
    const { computed, differences } = await softGradients();
    expect(Math.max(...differences.map(Math.abs))).toBeGreaterThan(0.05);
    expect(farthest(computed, differences)).toBeLessThan(2e-3);
  });

  it('are read alike by sampling and by training, and never drawn', async () => {
    const { tokens, logProb, read } = await writeAfter('soft');
    expect(farthest(logProb, read)).toBeLessThan(1e-4);
    expect(drawnWithin(tokens)).toBe(true);
  });

  it('without a row are the plain model to the bit', async () => {
    expect(await writeAfter('empty')).toEqual(await writeAfter('plain'));
    expect((await writeAfter('soft')).logProb).not.toEqual((await writeAfter('plain')).logProb);
  });

  it('leave no tensor behind', async () => {
    await writeAfter('soft');
    const before = tf.memory().numTensors;
    await writeAfter('soft');
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('write the same on SIMD kernels as in the reference', async () => {
  await tf.setBackend('cpu');
  const expected = await writeAfter('soft');
  await tf.setBackend('simd');
  expect((await writeAfter('soft')).tokens).toEqual(expected.tokens);
});
