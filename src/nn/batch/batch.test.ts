import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tf } from '../tensors/tf.ts';
import { packSequences, type UploadedBatch, upload } from './batch.ts';

const row = fc
  .array(fc.nat(50), { minLength: 1, maxLength: 12 })
  .chain((tokens) =>
    fc.integer({ min: 1, max: tokens.length }).map((promptLength) => ({ tokens, promptLength })),
  );

describe('packSequences', () => {
  it('lays sequences end to end, with one action per completion token', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
        const batch = packSequences(rows);
        expect(Array.from(batch.tokens)).toEqual(rows.flatMap(({ tokens }) => tokens));
        expect(Array.from(batch.positions)).toEqual(rows.flatMap(({ tokens }) => tokens.map((_, i) => i)));
        expect(Array.from(batch.actionTargets)).toEqual(
          rows.flatMap(({ tokens, promptLength }) => tokens.slice(promptLength)),
        );
        batch.actionRows.forEach((at, a) => {
          expect(batch.tokens[at + 1]).toBe(batch.actionTargets[a]);
          if (a > 0) expect(at).toBeGreaterThan(batch.actionRows[a - 1]);
        });
        rows.forEach(({ tokens, promptLength }, b) => {
          expect(batch.starts[b + 1] - batch.starts[b]).toBe(tokens.length);
          expect(batch.actionStarts[b + 1] - batch.actionStarts[b]).toBe(tokens.length - promptLength);
        });
      }),
    );
  });

  it('refuses a prompt that is empty or longer than its sequence', () => {
    expect(() => packSequences([{ tokens: [1, 2], promptLength: 3 }])).toThrow(/Sequence 0/);
    expect(() =>
      packSequences([
        { tokens: [1], promptLength: 1 },
        { tokens: [1], promptLength: 0 },
      ]),
    ).toThrow(/Sequence 1/);
  });
});

describe('upload', () => {
  it('outlives a tidy and is disposed by hand', () => {
    const before = tf.memory().numTensors;
    let batch!: UploadedBatch;
    tf.tidy(() => {
      batch = upload(packSequences([{ tokens: [3, 4, 1], promptLength: 1 }]));
    });
    expect(Array.from(batch.tokens.dataSync())).toEqual([3, 4, 1]);
    expect(batch.tokens.dtype).toBe('int32');
    batch.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
