/** What the module gives: the kernels of kernels/<op>/simd.ts, and where free memory begins. */
export { adamwStep, sumOfSquares } from './adamw';
export { attention, attentionGrad, attentionWorkspace } from './attention';
export { embedding, embeddingGrad, take } from './embedding';
export { generateBytes, generateFirst, generateOn, generateStop } from './generate';
export { layerNorm, layerNormGrad } from './layerNorm';
export { add, geluGrad, linear, linearGelu, linearGradParams, linearGradX, linearWorkspace } from './linear';
export { segmentSpread, segmentSums } from './segmentSums';
export { tokenHead, tokenHeadGrad, tokenHeadWorkspace } from './tokenHead';

/** First byte that the allocator may give away. */
export function heapBase(): usize {
  return __heap_base;
}
