/**
 * What a method may use of the tensor library, handed to it by whoever runs it. Method files name this module as a
 * type only: the page reads their words without loading tfjs.
 */
export { packSequences, upload } from './batch.ts';
export { generate } from './generate.ts';
export { clippedPolicyLoss, clippedValueLoss, pooledReward } from './losses.ts';
export { atActions } from './ragged.ts';
export { readAndDispose, readTogether } from './readback.ts';
export { tf } from './tf.ts';
export { scalars, tokenLogProbs } from './transformer.ts';
