/**
 * Gradients of the tfjs ops that losses and references are written in. tfjs-core registers none by itself, and its own
 * list is out of reach in Node without loading all of tfjs; these few are all that is used, on every backend.
 * An op that is missing here makes tfjs throw "gradient function not found for …": add a line.
 */
import * as tf from '@tensorflow/tfjs-core';

type Gradient = (
  dy: tf.Tensor,
  saved: tf.Tensor[],
  // biome-ignore lint/suspicious/noExplicitAny: tfjs types attributes as an open record
  attrs: any,
) => Record<string, () => tf.Tensor>;

function register(
  kernelName: string,
  save: { inputs?: string[]; output?: boolean },
  gradient: Gradient,
): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: save.inputs ?? [],
    outputsToSave: save.output ? [true] : [],
    gradFunc: (dy, saved, attrs) => gradient(dy as tf.Tensor, saved, attrs),
  });
}

/** Sums over the axes along which an input of this shape was broadcast. */
function sumTo(dy: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.backend_util.getReductionAxes(shape, dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, shape);
}

/** Gives a reduced tensor its reduced axes back, of size 1. */
function keepDims(x: tf.Tensor, shape: number[], axis: number | number[]): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis, shape);
  // As a scalar, tfjs's CPU backend spreads it without working out the place of every element.
  if (axes.length === shape.length) return tf.reshape(x, []);
  return tf.reshape(
    x,
    shape.map((size, i) => (axes.includes(i) ? 1 : size)),
  );
}

// Arithmetic of two tensors, with broadcasting.
register(tf.Add, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(dy, a.shape),
  b: () => sumTo(dy, b.shape),
}));
register(tf.Sub, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(dy, a.shape),
  b: () => sumTo(tf.neg(dy), b.shape),
}));
register(tf.Multiply, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(tf.mul(dy, b), a.shape),
  b: () => sumTo(tf.mul(dy, a), b.shape),
}));
register(tf.RealDiv, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(tf.div(dy, b), a.shape),
  b: () => sumTo(tf.neg(tf.div(tf.mul(dy, a), tf.square(b))), b.shape),
}));
// At a tie the gradient goes to both, as in tfjs.
register(tf.Minimum, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(tf.mul(dy, tf.cast(tf.lessEqual(a, b), 'float32')), a.shape),
  b: () => sumTo(tf.mul(dy, tf.cast(tf.less(b, a), 'float32')), b.shape),
}));
register(tf.Maximum, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(tf.mul(dy, tf.cast(tf.greaterEqual(a, b), 'float32')), a.shape),
  b: () => sumTo(tf.mul(dy, tf.cast(tf.greater(b, a), 'float32')), b.shape),
}));
register(tf.BatchMatMul, { inputs: ['a', 'b'] }, (dy, [a, b], { transposeA, transposeB }) => ({
  a: () => (transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB)),
  b: () => (transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false)),
}));

// Functions of one tensor.
register(tf.Neg, {}, (dy) => ({ x: () => tf.neg(dy) }));
register(tf.Exp, { output: true }, (dy, [y]) => ({ x: () => tf.mul(dy, y) }));
register(tf.Log, { inputs: ['x'] }, (dy, [x]) => ({ x: () => tf.div(dy, x) }));
register(tf.Square, { inputs: ['x'] }, (dy, [x]) => ({ x: () => tf.mul(dy, tf.mul(x, 2)) }));
register(tf.Sqrt, { output: true }, (dy, [y]) => ({ x: () => tf.div(dy, tf.mul(y, 2)) }));
register(tf.Rsqrt, { output: true }, (dy, [y]) => ({
  x: () => tf.mul(dy, tf.mul(tf.mul(tf.square(y), y), -0.5)),
}));
register(tf.Tanh, { output: true }, (dy, [y]) => ({ x: () => tf.mul(dy, tf.sub(1, tf.square(y))) }));
register(tf.Sigmoid, { output: true }, (dy, [y]) => ({
  x: () => tf.mul(dy, tf.mul(y, tf.sub(1, y))),
}));
register(tf.Softplus, { inputs: ['x'] }, (dy, [x]) => ({ x: () => tf.mul(dy, tf.sigmoid(x)) }));
register(tf.Relu, { inputs: ['x'] }, (dy, [x]) => ({
  x: () => tf.mul(dy, tf.cast(tf.greater(x, 0), 'float32')),
}));
register(tf.Abs, { inputs: ['x'] }, (dy, [x]) => ({ x: () => tf.mul(dy, tf.sign(x)) }));
// Like PyTorch's clamp, the gradient passes at the bounds themselves.
register(tf.ClipByValue, { inputs: ['x'] }, (dy, [x], { clipValueMin, clipValueMax }) => ({
  x: () =>
    tf.mul(
      dy,
      tf.cast(tf.logicalAnd(tf.greaterEqual(x, clipValueMin), tf.lessEqual(x, clipValueMax)), 'float32'),
    ),
}));
register(tf.Softmax, { output: true }, (dy, [y], { dim }) => ({
  logits: () => {
    const weighted = tf.mul(dy, y);
    return tf.sub(weighted, tf.mul(tf.sum(weighted, dim, true), y));
  },
}));
register(tf.LogSoftmax, { output: true }, (dy, [y], { axis }) => ({
  logits: () => tf.sub(dy, tf.mul(tf.sum(dy, axis, true), tf.exp(y))),
}));

// Reductions.
register(tf.Sum, { inputs: ['x'] }, (dy, [x], { axis }) => ({
  x: () => tf.mul(keepDims(dy, x.shape, axis), tf.ones(x.shape)),
}));
register(tf.Mean, { inputs: ['x'] }, (dy, [x], { axis }) => ({
  x: () => {
    const count = tf.util.parseAxisParam(axis, x.shape).reduce((product, i) => product * x.shape[i], 1);
    return tf.mul(keepDims(tf.div(dy, count), x.shape, axis), tf.ones(x.shape));
  },
}));

// Moves.
register(tf.Identity, {}, (dy) => ({ x: () => tf.clone(dy) }));
register(tf.Cast, {}, (dy) => ({ x: () => tf.cast(dy, 'float32') }));
register(tf.Reshape, { inputs: ['x'] }, (dy, [x]) => ({ x: () => tf.reshape(dy, x.shape) }));
register(tf.Transpose, {}, (dy, _, { perm }) => ({
  x: () => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(perm)),
}));
register(tf.Slice, { inputs: ['x'] }, (dy, [x], { begin, size }) => ({
  x: () => {
    const [from, count] = tf.slice_util.parseSliceParams(x, begin, size);
    return tf.pad(
      dy,
      from.map((start, i) => [start, x.shape[i] - start - count[i]] as [number, number]),
    );
  },
}));
register(tf.GatherV2, { inputs: ['x', 'indices'] }, (dy, [x, indices], { axis }) => ({
  x: () => {
    if (axis !== 0) throw new Error('The gradient of gather is there for axis 0 only.');
    const rows = tf.reshape(dy, [indices.size, ...x.shape.slice(1)]);
    return tf.unsortedSegmentSum(rows, tf.reshape(indices, [indices.size]) as tf.Tensor1D, x.shape[0]);
  },
}));
tf.registerGradient({
  kernelName: tf.Concat,
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const axis = tf.util.parseAxisParam((attrs as unknown as { axis: number }).axis, saved[0].shape)[0];
    const parts = tf.split(
      dy as tf.Tensor,
      saved.map((part) => part.shape[axis]),
      axis,
    );
    return Object.fromEntries(parts.map((part, i) => [String(i), () => part]));
  },
});
tf.registerGradient({
  kernelName: tf.AddN,
  saveAllInputs: true,
  gradFunc: (dy, saved) =>
    Object.fromEntries(saved.map((_, i) => [String(i), () => tf.clone(dy as tf.Tensor)])),
});
tf.registerGradient({
  kernelName: tf.Unpack,
  gradFunc: (dys, _, attrs) => ({
    value: () => tf.stack(dys as unknown as tf.Tensor[], (attrs as unknown as { axis: number }).axis),
  }),
});
