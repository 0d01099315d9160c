import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeParity } from '../../nn/parity/comparer.ts';
import { openSimd } from '../../nn/simd/open.ts';
import { updates } from '../update/index.ts';
import { checkMethods, type MethodsGolden } from './methodParity.ts';

describe.each(['tiny', 'odd'])('golden numbers of methods, %s', (name) => {
  const read = (suffix: string) => readFileSync(new URL(`./golden/${name}.${suffix}`, import.meta.url));
  const golden = () => JSON.parse(read('json').toString()) as MethodsGolden;

  it.each(['cpu', 'simd'])('agree with the backend %s', async (backend) => {
    if (backend === 'simd') await openSimd();
    const { comparisons, missing } = await checkMethods(golden(), read('safetensors'), backend);
    const methods = Object.keys(golden().methods);
    const own = methods.filter((id) => updates.some((update) => update.id === id));
    expect(own.length).toBeGreaterThan(0);
    expect(missing).toEqual(methods.filter((id) => !own.includes(id)));
    expect([...new Set(comparisons.map(({ block }) => block))]).toEqual(own);
    expect(
      comparisons.filter(({ ok }) => !ok),
      describeParity(comparisons),
    ).toEqual([]);
  });

  it('find a knob that is off, and one that no method has', async () => {
    const wrong = golden();
    wrong.methods = { rloo: wrong.methods.rloo, grpo: wrong.methods.grpo };
    wrong.methods.grpo.knobs.beta *= 3;
    wrong.methods.rloo.knobs.nonsense = 1;
    const { comparisons } = await checkMethods(wrong, read('safetensors'), 'cpu');
    const failed = comparisons.filter(({ ok }) => !ok);
    expect(failed.some(({ block }) => block === 'grpo')).toBe(true);
    expect(failed.filter(({ block }) => block === 'rloo').map(({ quantity }) => quantity)).toEqual([
      'nonsense: no such knob',
    ]);
  });
});
