/**
 * What a method may use of the tensor library, handed to it by whoever runs it. Method files name this module as a
 * type only: the page reads their words without loading tfjs.
 */
import { tf as tensors } from './tensors/tf.ts';

export { packSequences, upload } from './batch/batch.ts';
export { actionCounts, atActions, atEnds, completionSums, stopGradient } from './batch/ragged.ts';
export { generate, startGenerating } from './generate/generate.ts';
export { actionKl, scalars, tokenLogProbs } from './model/transformer.ts';
export { readTogether } from './tensors/readback.ts';
export { clippedPolicyLoss, clippedSurrogate, clippedValueLoss, pooledReward } from './training/losses.ts';

/**
 * The arithmetic that rewards and losses are written in. A list, because what stands here is shipped: the whole of tfjs
 * would be 40 kB more. Each has a gradient (gradients.ts) where it has one at all.
 */
export const tf = {
  abs: tensors.abs,
  add: tensors.add,
  cast: tensors.cast,
  clipByValue: tensors.clipByValue,
  concat: tensors.concat,
  div: tensors.div,
  exp: tensors.exp,
  greater: tensors.greater,
  less: tensors.less,
  log: tensors.log,
  maximum: tensors.maximum,
  mean: tensors.mean,
  minimum: tensors.minimum,
  mul: tensors.mul,
  neg: tensors.neg,
  relu: tensors.relu,
  reshape: tensors.reshape,
  scalar: tensors.scalar,
  sigmoid: tensors.sigmoid,
  slice1d: tensors.slice1d,
  softplus: tensors.softplus,
  sqrt: tensors.sqrt,
  square: tensors.square,
  stack: tensors.stack,
  sub: tensors.sub,
  sum: tensors.sum,
  tanh: tensors.tanh,
  tensor1d: tensors.tensor1d,
  tidy: tensors.tidy,
  where: tensors.where,
};
