import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { packSequences, upload } from '../../nn/batch/batch.ts';
import { Transformer } from '../../nn/model/transformer.ts';
import { readAndDispose } from '../../nn/tensors/readback.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { comparison } from '../score/comparison.ts';
import { comparingModel, comparisonsOf, firstIsBetter, scoreAgainst, trainComparing } from './genrm.ts';

const row = (request: number, ...program: number[]) => ({
  tokens: [request, 2, ...program],
  promptLength: 2,
});
const graded = {
  rows: [row(9, 5, 1), row(9, 6, 1), row(9, 7, 1), row(9, 8, 1), row(4, 5, 1)],
  group: Int32Array.of(0, 0, 0, 0, 1),
  score: Float32Array.of(1, 1, 0.5, 0.5, 0),
  reference: (at: number) => [10 + at, 1],
};

describe('what it learns from', () => {
  const { withReference, among } = comparisonsOf(graded);

  it('sets each program beside the reference: as good when it passes, worse when not', () => {
    expect(withReference.map(({ target }) => target)).toEqual([0.5, 0.5, 0, 0, 0]);
    expect(withReference[2]).toEqual({ request: [9, 2], first: [7, 1], second: [12, 1], target: 0 });
  });

  it('sets programs of one prompt beside each other when they differ, or both pass', () => {
    expect(
      among.map(({ first, second, target }) => [Array.from(first)[0], Array.from(second)[0], target]),
    ).toEqual([
      [5, 6, 0.5],
      [5, 7, 1],
      [5, 8, 1],
      [6, 7, 1],
      [6, 8, 1],
    ]);
  });
});

describe('the model that compares', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  const policy = () =>
    Transformer.create({ vocab: 16, width: 8, layers: 1, heads: 2, maxLength: 12 }, stream(1, 'policy'));

  it('starts undecided, and learns within a few steps which of two programs is better, in both orders', async () => {
    const start = policy();
    const model = comparingModel(start, 1);
    expect(model.config.maxLength).toBe(128);
    expect([...(await scoreAgainst(model, graded.rows, graded.reference))]).toEqual([
      0.5, 0.5, 0.5, 0.5, 0.5,
    ]);
    const one = { request: [9, 2], first: [5, 1], second: [7, 1], target: 1 };
    const settings = { steps: 25, batch: 8, learningRate: 0.03, withReference: 0 };
    let first = 0;
    let last = 0;
    for await (const { step, loss } of trainComparing(
      model,
      { withReference: [], among: [one] },
      settings,
      1,
    )) {
      if (step === 1) first = loss;
      last = loss;
    }
    expect(first).toBeCloseTo(Math.log(2), 5);
    expect(last).toBeLessThan(0.35);
    const [better] = await scoreAgainst(model, [row(9, 5, 1)], () => [7, 1]);
    const [worse] = await scoreAgainst(model, [row(9, 7, 1)], () => [5, 1]);
    expect(better).toBeGreaterThan(0.7);
    expect(worse).toBeCloseTo(1 - better, 6);
    model.dispose();
    start.dispose();
  });

  it('scores by the mean of what it says in the two orders', async () => {
    const start = policy();
    const model = comparingModel(start, 1);
    const rng = stream(2, 'head');
    model.params['score.weight'].assign(
      tf.tensor(
        Float32Array.from({ length: 8 }, () => rng.normal()),
        [1, 8],
      ),
    );
    const batch = upload(
      packSequences([comparison([9, 2], [5, 1], [7, 1]), comparison([9, 2], [7, 1], [5, 1])]),
    );
    const [first, second] = (await readAndDispose(firstIsBetter(model, batch))).map(
      (x) => 1 / (1 + Math.exp(-x)),
    );
    batch.dispose();
    const [score] = await scoreAgainst(model, [row(9, 5, 1)], () => [7, 1]);
    expect(score).toBeCloseTo((first + 1 - second) / 2, 6);
    model.dispose();
    start.dispose();
  });

  afterAll(() => tf.disposeVariables());
});
