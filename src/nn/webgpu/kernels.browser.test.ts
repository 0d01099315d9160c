/**
 * Every fused op on WebGPU, forward and gradient, in both kernel variants, against the plain-tfjs reference on
 * the CPU: at sizes that nothing divides, and at sizes that take the vec4 path.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { packSequences } from '../batch/batch.ts';
import { attention } from '../kernels/attention/attention.ts';
import { embedding } from '../kernels/embedding/embedding.ts';
import { maskedEmbedding } from '../kernels/embedding/masked.ts';
import { layerNorm, layerNormFork } from '../kernels/layerNorm/layerNorm.ts';
import { linear, linearGelu } from '../kernels/linear/linear.ts';
import { segmentSums } from '../kernels/segmentSums/segmentSums.ts';
import { take } from '../kernels/take/take.ts';
import { tokenHead } from '../kernels/tokenHead/tokenHead.ts';
import { tf } from '../tensors/tf.ts';
import { clippedPolicyLoss, clippedValueLoss } from '../training/losses.ts';
import type { GpuBackend } from './backend.ts';
import { closeWebGPU, openWebGPU } from './open.ts';

interface Case {
  name: string;
  /** Float inputs, all differentiable. */
  inputs: Record<string, number[]>;
  /** Integer inputs. */
  indices?: Record<string, number[]>;
  run(x: Record<string, tf.Tensor>): tf.Tensor[];
  /** Inputs that have no gradient. */
  fixed?: string[];
  /** How many of the outputs, the first ones, are differentiable; all unless said. */
  differentiable?: number;
}

const packed = packSequences(
  [7, 1, 12, 3].map((length, b) => ({
    tokens: Array.from({ length }, (_, i) => (b * 5 + i * 3) % 11),
    promptLength: Math.min(2, length),
  })),
);
const lists = (batch: typeof packed) => ({
  tokens: Array.from(batch.tokens),
  positions: Array.from(batch.positions),
  starts: Array.from(batch.starts),
  rows: Array.from(batch.actionRows),
  targets: Array.from(batch.actionTargets),
});
const index = lists(packed);
const T = index.tokens.length;

function linearCase(rows: number, I: number, O: number): Case[] {
  const inputs = { x: [rows, I], w: [I, O], bias: [O] };
  const args = (x: Record<string, tf.Tensor>) =>
    [x.x as tf.Tensor2D, x.w as tf.Tensor2D, x.bias as tf.Tensor1D] as const;
  const size = `${rows}x${I}x${O}`;
  return [
    { name: `linear ${size}`, inputs, run: (x) => [linear(...args(x))] },
    {
      name: `linear with residual ${size}`,
      inputs: { ...inputs, residual: [rows, O] },
      run: (x) => [linear(...args(x), x.residual as tf.Tensor2D)],
    },
    { name: `linear with GELU ${size}`, inputs, run: (x) => [linearGelu(...args(x))] },
  ];
}

function attentionCase(D: number, heads: number): Case {
  return {
    name: `attention width ${D}, ${heads} heads`,
    inputs: { qkv: [T, 3 * D] },
    indices: { starts: index.starts },
    run: (x) => [attention(x.qkv as tf.Tensor2D, x.starts as tf.Tensor1D, heads)],
  };
}

function tokenHeadCase(D: number, V: number): Case {
  return {
    name: `token head width ${D}, vocabulary ${V}`,
    inputs: { hidden: [T, D], wte: [V, D] },
    indices: { rows: index.rows, targets: index.targets },
    run: (x) => {
      const head = tokenHead(
        x.hidden as tf.Tensor2D,
        x.wte as tf.Tensor2D,
        x.rows as tf.Tensor1D,
        x.targets as tf.Tensor1D,
      );
      return [head.logProb, head.entropy];
    },
  };
}

const cases: Case[] = [
  ...linearCase(19, 13, 7),
  ...linearCase(37, 8, 20),
  ...linearCase(70, 36, 68),
  ...linearCase(5, 24, 1),
  ...[15, 24].map(
    (D): Case => ({
      name: `layer norm width ${D}`,
      inputs: { x: [T, D], gain: [D], bias: [D] },
      run: (x) => [layerNorm(x.x as tf.Tensor2D, x.gain as tf.Tensor1D, x.bias as tf.Tensor1D, 1e-5)],
    }),
  ),
  ...[15, 24].map(
    (D): Case => ({
      name: `layer norm with residual width ${D}`,
      inputs: { x: [T, D], gain: [D], bias: [D] },
      run: (x) => {
        const { y, residual } = layerNormFork(
          x.x as tf.Tensor2D,
          x.gain as tf.Tensor1D,
          x.bias as tf.Tensor1D,
          1e-5,
        );
        return [y, residual];
      },
    }),
  ),
  ...[10, 24].map(
    (D): Case => ({
      name: `embedding width ${D}`,
      inputs: { wte: [11, D], wpe: [13, D] },
      indices: { tokens: index.tokens, positions: index.positions },
      run: (x) => [
        embedding(
          x.wte as tf.Tensor2D,
          x.wpe as tf.Tensor2D,
          x.tokens as tf.Tensor1D,
          x.positions as tf.Tensor1D,
        ),
      ],
    }),
  ),
  ...(
    [
      [10, 1],
      [24, 4],
    ] as const
  ).map(
    ([D, blocks]): Case => ({
      name: `masked embedding width ${D}, ${blocks} blocks`,
      inputs: { wte: [11, D], wpe: [13, D], mask: [T, blocks] },
      indices: { tokens: index.tokens, positions: index.positions },
      run: (x) => [
        maskedEmbedding(
          x.wte as tf.Tensor2D,
          x.wpe as tf.Tensor2D,
          x.tokens as tf.Tensor1D,
          x.positions as tf.Tensor1D,
          x.mask as tf.Tensor2D,
        ),
      ],
    }),
  ),
  attentionCase(15, 3),
  attentionCase(24, 3),
  attentionCase(32, 2),
  tokenHeadCase(10, 13),
  tokenHeadCase(24, 101),
  tokenHeadCase(16, 44),
  // Empty segments at both ends and within, gaps between them, and more of both than a workgroup has threads.
  ...[[0, 0, 2, 7, 7, 7, 9, 30, 33, 33], Array.from({ length: 300 }, (_, i) => 2 * i)].flatMap((bounds) =>
    [false, true].map(
      (mean): Case => ({
        name: `${mean ? 'means' : 'sums'} of ${bounds.length / 2} segments`,
        inputs: { x: [bounds.at(-1)! + 3] },
        run: (x) => [segmentSums(x.x as tf.Tensor1D, Int32Array.from(bounds), mean)],
      }),
    ),
  ),
  {
    name: 'take',
    inputs: { x: [9] },
    indices: { index: [3, 8, -1, 9, 0] },
    fixed: ['x'],
    run: (x) => [take(x.x as tf.Tensor1D, x.index as tf.Tensor1D)],
  },
];

const lossInputs = { x: [300], old: [300], target: [300] };
const lossArgs = (x: Record<string, tf.Tensor>) =>
  [x.x as tf.Tensor1D, x.old as tf.Tensor1D, x.target as tf.Tensor1D, 0.2] as const;
cases.push(
  {
    name: 'clipped policy loss',
    inputs: lossInputs,
    fixed: ['old', 'target'],
    run: (x) => {
      const { loss, clipFraction, approxKl } = clippedPolicyLoss(...lossArgs(x));
      return [loss, clipFraction, approxKl];
    },
    differentiable: 1,
  },
  {
    name: 'clipped value loss',
    inputs: lossInputs,
    fixed: ['old', 'target'],
    run: (x) => [clippedValueLoss(...lossArgs(x))],
  },
);

/** Outputs, then the gradients of a fixed random projection of them. */
async function evaluate(test: Case): Promise<Float32Array[]> {
  const rng = stream(7, test.name);
  const made: tf.Tensor[] = [];
  const normal = (shape: number[]) => {
    const tensor = tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
      shape,
    );
    made.push(tensor);
    return tensor;
  };
  const floats = Object.entries(test.inputs).map(([name, shape]) => [name, normal(shape)] as const);
  const integers = Object.entries(test.indices ?? {}).map(
    ([name, values]) => [name, tf.tensor1d(values, 'int32')] as const,
  );
  const bind = (xs: tf.Tensor[]) =>
    Object.fromEntries([...floats.map(([name], i) => [name, xs[i]]), ...integers]) as Record<
      string,
      tf.Tensor
    >;
  const inputs = floats.map(([, tensor]) => tensor);
  const outputs = test.run(bind(inputs));
  const projections = outputs.map((output) => normal(output.shape));
  const results = [...outputs];
  const free = floats.filter(([name]) => !test.fixed?.includes(name)).map(([, tensor]) => tensor);
  if (free.length > 0) {
    const project = (...xs: tf.Tensor[]) =>
      test
        .run(bind(floats.map(([, tensor]) => xs[free.indexOf(tensor)] ?? tensor)))
        .slice(0, test.differentiable)
        .map((y, i) => tf.sum(tf.mul(y, projections[i])) as tf.Scalar)
        .reduce((a, b) => tf.add(a, b));
    results.push(...tf.grads(project)(free));
  }
  const read = await Promise.all(results.map((tensor) => tensor.data<'float32'>()));
  tf.dispose([results, made, integers.map(([, tensor]) => tensor)]);
  return read;
}

function expectClose(actual: Float32Array, expected: Float32Array, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const norm = Math.sqrt(expected.reduce((sum, x) => sum + x * x, 0) / Math.max(1, expected.length));
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }
  expect(worst, `${what}: worst error against a root mean square of ${norm}`).toBeLessThan(2e-5 * (norm + 1));
}

describe('fused kernels on WebGPU', () => {
  const expected = new Map<string, Float32Array[]>();
  let gpu: GpuBackend;

  beforeAll(async () => {
    await tf.setBackend('cpu');
    for (const test of cases) expected.set(test.name, await evaluate(test));
    gpu = await openWebGPU({ variant: 'direct' });
  });
  afterAll(closeWebGPU);

  for (const variant of ['direct', 'shared'] as const) {
    describe(variant, () => {
      beforeAll(() => {
        gpu.variant = variant;
      });
      it.each(cases.map((test) => [test.name, test] as const))('%s', async (name, test) => {
        const actual = await evaluate(test);
        const wanted = expected.get(name)!;
        expect(actual.length).toBe(wanted.length);
        const inputs = Object.keys(test.inputs).filter((input) => !test.fixed?.includes(input));
        const outputs = wanted.length - inputs.length;
        wanted.forEach((values, i) => {
          expectClose(actual[i], values, i < outputs ? `output ${i}` : `gradient of ${inputs[i - outputs]}`);
        });
      });
    });
  }

  it('gives the same bits every time', async () => {
    for (const test of cases) {
      const [first, second] = [await evaluate(test), await evaluate(test)];
      expect(second).toEqual(first);
    }
  });
});
