import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap, sizeClass } from './heap.ts';

const memory = () => new WebAssembly.Memory({ initial: 1 });

describe('size classes', () => {
  it('hold what is asked for with at most an eighth to spare, and grow with the request', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (bytes) => {
        const { index, size } = sizeClass(bytes);
        expect(size).toBeGreaterThanOrEqual(bytes);
        expect(size).toBeLessThanOrEqual(Math.max(bytes + 64, 1.13 * bytes + 64));
        expect(size % 64).toBe(0);
        // Same class, same size; the next byte over is the next class.
        expect(sizeClass(size)).toEqual({ index, size });
        expect(sizeClass(size + 1).index).toBe(index + 1);
      }),
    );
  });
});

describe('Heap', () => {
  it('never gives overlapping blocks, and counts what is in use', () => {
    const steps = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 40_000 }), free: fc.nat(9) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(steps, (list) => {
        const heap = new Heap(memory(), 1000);
        const live: { from: number; to: number }[] = [];
        for (const { bytes, free } of list) {
          const from = heap.allocate(bytes);
          expect(from % 64).toBe(0);
          expect(from).toBeGreaterThanOrEqual(1000);
          for (const block of live) expect(from >= block.to || from + bytes <= block.from).toBe(true);
          live.push({ from, to: from + bytes });
          if (free < live.length) heap.release(live.splice(free, 1)[0].from);
        }
        for (const { from } of live) heap.release(from);
        expect(heap.used).toBe(0);
      }),
    );
  });

  it('settles: the same varied work over and over takes no more memory', () => {
    const heap = new Heap(memory(), 0);
    let state = 1;
    const work = () => {
      const blocks = Array.from({ length: 40 }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return heap.allocate(50_000 + (state % 30_000));
      });
      for (const block of blocks) heap.release(block);
    };
    for (let i = 0; i < 50; i++) work();
    const { held } = heap;
    for (let i = 0; i < 200; i++) work();
    expect(heap.held).toBeLessThanOrEqual(1.1 * held);
  });
});
