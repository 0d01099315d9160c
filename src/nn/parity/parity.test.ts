import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openSimd } from '../simd/open.ts';
import { describeParity } from './comparer.ts';
import { checkParity, type Golden } from './parity.ts';

const blocks = ['forward', 'sft', 'adamw', 'scalar', 'rewardModel', 'rewardModelMean', 'ppo', 'greedy'];

describe.each(['tiny', 'odd'])('golden numbers %s', (name) => {
  const read = (suffix: string) => readFileSync(new URL(`./golden/${name}.${suffix}`, import.meta.url));

  it.each(['cpu', 'simd'])('agree with the backend %s', async (backend) => {
    if (backend === 'simd') await openSimd();
    const golden = JSON.parse(read('json').toString()) as Golden;
    const comparisons = await checkParity(golden, read('safetensors'), backend);
    expect(new Set(comparisons.map(({ block }) => block))).toEqual(new Set(blocks));
    expect(
      comparisons.filter(({ ok }) => !ok),
      describeParity(comparisons),
    ).toEqual([]);
  });

  it('find a wrong weight', async () => {
    const golden = JSON.parse(read('json').toString()) as Golden;
    const weights = new Uint8Array(read('safetensors'));
    const last = new DataView(weights.buffer).getFloat32(weights.length - 4, true);
    new DataView(weights.buffer).setFloat32(weights.length - 4, last + 0.01, true);
    const comparisons = await checkParity(golden, weights, 'cpu');
    expect(comparisons.some(({ ok }) => !ok)).toBe(true);
  });
});
