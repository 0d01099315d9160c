import { expect, it } from 'vitest';
import { initialValues } from '../../catalogue/knobs.ts';
import type { Scored } from '../../loop/responses.ts';
import type { Arm } from '../../slots.ts';
import { adaptive } from './adaptive.ts';

/** Responses of two tokens, each of which is so many nats from the reference. */
const scored = (nats: readonly number[], byReference?: Uint8Array) =>
  ({
    starts: Int32Array.from({ length: nats.length + 1 }, (_, i) => 2 * i),
    logProb: new Float32Array(2 * nats.length).fill(-1),
    refLogProb: Float32Array.from({ length: 2 * nats.length }, (_, t) => -1 - nats[t >> 1]),
    ...(byReference ? { byReference } : {}),
  }) as Partial<Scored> as Scored;
const knobs = { ...initialValues(adaptive.knobs), beta: 0.5, klTarget: 2, klHorizon: 1000 };
const after = (seen: Scored) => {
  const memory = adaptive.memory!.next(
    { beta: 0.5 },
    { iteration: 1, scored: seen, kept: new Int32Array(), prompts: 1 },
    knobs,
  );
  return adaptive.beta(knobs, memory);
};

it('begins as it is set', async () => {
  const begun = await adaptive.memory!.start({} as Arm, knobs);
  expect(adaptive.beta(knobs, begun.memory)).toBe(0.5);
});

it('stays where the distance is the target, and moves with how far it is off', () => {
  expect(after(scored([1, 1, 1, 1]))).toBeCloseTo(0.5);
  // A distance of 2.2 is a tenth too far; four responses of a thousand.
  expect(after(scored([1.1, 1.1, 1.1, 1.1]))).toBeCloseTo(0.5 * (1 + (0.1 * 4) / 1000), 6);
  expect(after(scored([0.9, 0.9]))).toBeCloseTo(0.5 * (1 - (0.1 * 2) / 1000), 6);
});

it('moves no faster for a distance that is far off', () => {
  expect(after(scored([50, 50]))).toBeCloseTo(0.5 * (1 + (0.2 * 2) / 1000), 6);
  expect(after(scored([-3, 0]))).toBeCloseTo(0.5 * (1 - (0.2 * 2) / 1000), 6);
});

it('measures what the policy wrote, and nothing else', () => {
  expect(after(scored([1, 50], Uint8Array.of(0, 1)))).toBeCloseTo(0.5);
});
