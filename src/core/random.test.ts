import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counter32, hash32, mix32, stream } from './random.ts';

const path = fc.array(fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true })), { maxLength: 4 });

describe('stream', () => {
  it('gives the same numbers for the same name, and others for another', () => {
    fc.assert(
      fc.property(fc.integer(), path, path, (seed, a, b) => {
        const first = stream(seed, ...a).uint32();
        expect(stream(seed, ...a).uint32()).toBe(first);
        if (JSON.stringify(a) !== JSON.stringify(b)) {
          const left = stream(seed, ...a);
          const right = stream(seed, ...b);
          expect([left.uint32(), left.uint32()]).not.toEqual([right.uint32(), right.uint32()]);
        }
      }),
    );
  });

  it('tells "1" from 1, and ["ab"] from ["a", "b"]', () => {
    expect(stream(7, '1').uint32()).not.toBe(stream(7, 1).uint32());
    expect(stream(7, 'ab').uint32()).not.toBe(stream(7, 'a', 'b').uint32());
  });

  it('is pinned, so that a saved seed means the same tomorrow', () => {
    const rng = stream(1, 'prompts', 3);
    expect([rng.uint32(), rng.uint32(), rng.int(1000), rng.uniform()]).toMatchInlineSnapshot(`
      [
        3228232790,
        2755186789,
        100,
        0.8763398873138909,
      ]
    `);
  });

  it('is uniform: chi-squared of 64 cells over 64,000 numbers', () => {
    for (const name of ['uniform', 'int', 'uint32', 'counter'] as const) {
      const rng = stream(5, name);
      const cells = new Float64Array(64);
      for (let i = 0; i < 64_000; i++) {
        const cell = {
          uniform: () => Math.floor(rng.uniform() * 64),
          int: () => rng.int(64),
          uint32: () => rng.uint32() >>> 26,
          counter: () => counter32(9, i) >>> 26,
        }[name]();
        cells[cell]++;
      }
      const chi = cells.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
      expect(chi, name).toBeLessThan(115); // 63 degrees of freedom: exceeded once in 10,000
    }
  });

  it('draws normals with mean 0, variance 1 and the right tails', () => {
    const rng = stream(2, 'normal');
    const x = Float64Array.from({ length: 40_000 }, () => rng.normal());
    const mean = x.reduce((a, b) => a + b, 0) / x.length;
    const variance = x.reduce((a, b) => a + b * b, 0) / x.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    expect(x.filter((v) => Math.abs(v) > 1.96).length / x.length).toBeCloseTo(0.05, 2);
  });

  it('shuffles fairly: each item in each place equally often', () => {
    const rng = stream(3, 'shuffle');
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    for (let i = 0; i < 8000; i++) rng.shuffle([0, 1, 2, 3]).forEach((item, at) => void counts[item][at]++);
    for (const n of counts.flat()) expect(Math.abs(n - 2000)).toBeLessThan(200);
  });

  it('refuses int(0), int(-1) and int(1.5)', () => {
    for (const n of [0, -1, 1.5]) expect(() => stream(1).int(n)).toThrow(RangeError);
  });
});

describe('hashes', () => {
  it('mix32 is a bijection on a sample and never repeats', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 50_000; i++) seen.add(mix32(i));
    expect(seen.size).toBe(50_000);
  });

  it('hash32 tells -0 from 0 and fractions from each other', () => {
    expect(hash32(-0)).toBe(hash32(0));
    expect(hash32(0.1)).not.toBe(hash32(0.2));
  });
});
