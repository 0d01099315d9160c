/**
 * Every fused op on the SIMD kernels, forward and gradient, against its plain-tfjs reference and against finite
 * differences, at sizes that no vector, panel or block divides as well as at sizes that they do.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { packSequences } from '../batch/batch.ts';
import type { SimdBackend } from '../simd/backend.ts';
import { openSimd } from '../simd/open.ts';
import { tf } from '../tensors/tf.ts';
import { attention } from './attention/attention.ts';
import { embedding } from './embedding/embedding.ts';
import { maskedEmbedding } from './embedding/masked.ts';
import { layerNorm } from './layerNorm/layerNorm.ts';
import { linear, linearGelu } from './linear/linear.ts';
import { segmentSums } from './segmentSums/segmentSums.ts';
import { take } from './take/take.ts';
import { tokenHead } from './tokenHead/tokenHead.ts';

type Tensors = Record<string, tf.Tensor>;

interface Case {
  name: string;
  /** Shapes of float inputs, all differentiable. */
  inputs: Record<string, number[]>;
  indices?: Record<string, Int32Array>;
  run(x: Tensors): tf.Tensor[];
  /** False for an op without a gradient of its own. */
  differentiable?: boolean;
}

const matrix = (tensor: tf.Tensor) => tensor as tf.Tensor2D;
const vector = (tensor: tf.Tensor) => tensor as tf.Tensor1D;

function batchOf(lengths: number[], vocab: number) {
  const batch = packSequences(
    lengths.map((length, b) => ({
      tokens: Array.from({ length }, (_, i) => (b * 5 + i * 3) % vocab),
      promptLength: Math.min(2, length),
    })),
  );
  const { tokens, positions, starts, actionRows: rows, actionTargets: targets } = batch;
  return { T: tokens.length, tokens, positions, starts, rows, targets };
}

function linearCases(T: number, I: number, O: number): Case[] {
  const inputs = { x: [T, I], w: [I, O], bias: [O] };
  const size = `${T}×${I}×${O}`;
  return [
    {
      name: `linear ${size}`,
      inputs,
      run: ({ x, w, bias }) => [linear(matrix(x), matrix(w), vector(bias))],
    },
    {
      name: `linear with residual ${size}`,
      inputs: { ...inputs, residual: [T, O] },
      run: ({ x, w, bias, residual }) => [linear(matrix(x), matrix(w), vector(bias), matrix(residual))],
    },
    {
      name: `linear with GELU ${size}`,
      inputs,
      run: ({ x, w, bias }) => [linearGelu(matrix(x), matrix(w), vector(bias))],
    },
  ];
}

function layerNormCase(T: number, D: number): Case {
  return {
    name: `layer norm ${T}×${D}`,
    inputs: { x: [T, D], gain: [D], bias: [D] },
    run: ({ x, gain, bias }) => [layerNorm(matrix(x), vector(gain), vector(bias), 1e-5)],
  };
}

function attentionCase(lengths: number[], D: number, heads: number): Case {
  const { T, starts } = batchOf(lengths, 11);
  return {
    name: `attention of ${lengths}, width ${D}, ${heads} heads`,
    inputs: { qkv: [T, 3 * D] },
    indices: { starts },
    run: ({ qkv, starts }) => [attention(matrix(qkv), vector(starts), heads)],
  };
}

function embeddingCase(D: number): Case {
  const { tokens, positions } = batchOf([7, 1, 12, 3], 11);
  return {
    name: `embedding width ${D}`,
    inputs: { wte: [11, D], wpe: [13, D] },
    indices: { tokens, positions },
    run: ({ wte, wpe, tokens, positions }) => [
      embedding(matrix(wte), matrix(wpe), vector(tokens), vector(positions)),
    ],
  };
}

function maskedEmbeddingCase(D: number, blocks: number): Case {
  const { T, tokens, positions } = batchOf([7, 1, 12, 3], 11);
  return {
    name: `masked embedding width ${D}, ${blocks} blocks`,
    inputs: { wte: [11, D], wpe: [13, D], mask: [T, blocks] },
    indices: { tokens, positions },
    run: ({ wte, wpe, tokens, positions, mask }) => [
      maskedEmbedding(matrix(wte), matrix(wpe), vector(tokens), vector(positions), matrix(mask)),
    ],
  };
}

function tokenHeadCase(lengths: number[], D: number, V: number): Case {
  const { T, rows, targets } = batchOf(lengths, V);
  return {
    name: `token head of ${rows.length} actions, width ${D}, vocabulary ${V}`,
    inputs: { hidden: [T, D], wte: [V, D] },
    indices: { rows, targets },
    run: ({ hidden, wte, rows, targets }) => {
      const head = tokenHead(matrix(hidden), matrix(wte), vector(rows), vector(targets));
      return [head.logProb, head.entropy];
    },
  };
}

/** @param lengths of segments, one after the other, `gap` entries before each and after the last */
function segmentCases(lengths: number[], gap: number): Case[] {
  const bounds = new Int32Array(2 * lengths.length);
  let at = 0;
  lengths.forEach((length, b) => {
    bounds[2 * b] = at + gap;
    at = bounds[2 * b + 1] = at + gap + length;
  });
  return [false, true].map((mean) => ({
    name: `${mean ? 'means' : 'sums'} of segments of ${lengths}, ${gap} apart`,
    inputs: { x: [at + gap] },
    run: ({ x }) => [segmentSums(vector(x), bounds, mean)],
  }));
}

const cases: Case[] = [
  ...linearCases(19, 13, 7),
  ...linearCases(37, 8, 20),
  ...linearCases(70, 36, 68),
  ...linearCases(5, 24, 1),
  ...linearCases(1, 1, 9),
  // Longer than one block of the inner dimension of the weight gradient.
  ...linearCases(530, 6, 11),
  layerNormCase(5, 24),
  layerNormCase(9, 15),
  layerNormCase(3, 5),
  attentionCase([7, 1, 12, 3], 24, 3),
  attentionCase([5, 16], 15, 3),
  attentionCase([8, 4], 64, 4),
  attentionCase([2, 33], 6, 6),
  attentionCase([128], 12, 1),
  embeddingCase(24),
  embeddingCase(9),
  maskedEmbeddingCase(24, 4),
  maskedEmbeddingCase(9, 1),
  tokenHeadCase([7, 1, 12, 3], 24, 101),
  tokenHeadCase([9, 4], 10, 13),
  // More actions than one block.
  tokenHeadCase([60, 50], 8, 32),
  ...segmentCases([7, 1, 12, 3], 0),
  ...segmentCases([0, 5, 0, 0, 16, 33, 0], 2),
  ...segmentCases([1], 0),
  {
    name: 'take',
    inputs: { x: [9] },
    indices: { index: Int32Array.of(3, 8, -1, 9, 0, 1 << 30) },
    run: ({ x, index }) => [take(vector(x), vector(index))],
    differentiable: false,
  },
];

/** A number made of all outputs: their inner product with fixed random weights. */
function project(test: Case, x: Tensors): tf.Scalar {
  const rng = stream(3, test.name);
  return tf.tidy(() => {
    const parts = test.run(x).map((output) => {
      const weights = Float32Array.from({ length: output.size }, () => rng.normal());
      return tf.sum(tf.mul(output, tf.tensor(weights, output.shape)));
    });
    return tf.addN(parts) as tf.Scalar;
  });
}

function makeInputs(test: Case): Tensors {
  const rng = stream(7, test.name);
  const tensors: Tensors = {};
  for (const [name, shape] of Object.entries(test.inputs))
    tensors[name] = tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
      shape,
    );
  for (const [name, values] of Object.entries(test.indices ?? {}))
    tensors[name] = tf.tensor1d(values, 'int32');
  return tensors;
}

/** Outputs, then the gradients of all float inputs, on a backend. Checks that nothing else is left behind. */
async function evaluate(test: Case, backend: string): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const x = makeInputs(test);
  const outputs = test.run(x);
  const names = Object.keys(test.inputs);
  const grads =
    test.differentiable === false
      ? []
      : tf.grads((...inputs: tf.Tensor[]) =>
          project(test, { ...x, ...Object.fromEntries(names.map((name, i) => [name, inputs[i]])) }),
        )(names.map((name) => x[name]));
  const values = [...outputs, ...grads].map((tensor) => tensor.dataSync<'float32'>().slice());
  tf.dispose([x, outputs, grads]);
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

/** Slope of the projection along a random direction in each float input, by central differences. */
function slopes(test: Case): { name: string; direction: Float32Array; slope: number }[] {
  const x = makeInputs(test);
  const rng = stream(9, test.name);
  const step = 1e-2;
  const result = Object.keys(test.inputs).map((name) => {
    const direction = Float32Array.from(
      { length: x[name].size },
      () => rng.normal() / Math.sqrt(x[name].size),
    );
    const at = (h: number) =>
      tf.tidy(() => {
        const moved = tf.add(x[name], tf.mul(tf.tensor(direction, x[name].shape), h));
        return project(test, { ...x, [name]: moved }).dataSync()[0];
      });
    return { name, direction, slope: (at(step) - at(-step)) / (2 * step) };
  });
  tf.dispose(x);
  return result;
}

describe.each(['relaxed', 'plain'] as const)('kernels on %s SIMD', (variant) => {
  let simd: SimdBackend;
  beforeAll(async () => {
    // An engine without relaxed SIMD (Node 20) runs the plain kernels twice.
    simd = await openSimd(variant === 'plain' ? 'plain' : 'auto');
  });

  it.each(cases)('$name agrees with the reference', async (test) => {
    const expected = await evaluate(test, 'cpu');
    const used = simd.heap.used;
    const actual = await evaluate(test, 'simd');
    // Scratch memory may have grown; tensors may not stay.
    expect(simd.heap.used).toBeGreaterThanOrEqual(used);
    expect(actual.length).toBe(expected.length);
    actual.forEach((values, i) => {
      const scale = expected[i].reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
      const worst = values.reduce((d, value, j) => Math.max(d, Math.abs(value - expected[i][j])), 0);
      expect(worst / scale, `output or gradient ${i}`).toBeLessThan(2e-5);
    });
  });

  it.each(cases.filter(({ differentiable }) => differentiable !== false))(
    '$name has the gradient that finite differences show',
    async (test) => {
      const gradients = (await evaluate(test, 'simd')).slice(-Object.keys(test.inputs).length);
      slopes(test).forEach(({ name, direction, slope }, i) => {
        const along = gradients[i].reduce((sum, g, j) => sum + g * direction[j], 0);
        const size = Math.sqrt(gradients[i].reduce((sum, g) => sum + g * g, 0) / gradients[i].length);
        expect(Math.abs(along - slope), name).toBeLessThan(0.01 * size + 0.01 * Math.abs(slope) + 1e-3);
      });
    },
  );
});

it('segments outside the vector or out of order are refused before a kernel reads there', () => {
  const x = tf.ones([4]) as tf.Tensor1D;
  expect(() => segmentSums(x, Int32Array.of(0, 5), false)).toThrow('the bound 5 follows 0 in a vector of 4');
  expect(() => segmentSums(x, Int32Array.of(0, 3, 2, 4), false)).toThrow('the bound 2 follows 3');
  expect(() => segmentSums(x, Int32Array.of(-1, 3), false)).toThrow('the bound -1 follows 0');
  x.dispose();
});
