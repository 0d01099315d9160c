/** The size of a GPT-2 style transformer. */

export interface ModelConfig {
  /** V: number of token ids, with 0 = padding and 1 = end of sequence. */
  vocab: number;
  /** D: width of the residual stream. The MLP is 4·D wide. */
  width: number;
  layers: number;
  /** Attention heads; must divide `width`. */
  heads: number;
  /** Longest sequence, prompt and completion together. */
  maxLength: number;
}

export const padToken = 0;
export const endToken = 1;
export const layerNormEpsilon = 1e-5;

/** The attention kernels read no longer sequences. */
export const mostPositions = 128;

export class ModelConfigError extends Error {
  override name = 'ModelConfigError';
}

/** Throws `ModelConfigError`, naming the field, when a size makes no model. */
export function checkConfig(config: ModelConfig): void {
  for (const field of ['vocab', 'width', 'layers', 'heads', 'maxLength'] as const) {
    const value = config[field];
    if (!Number.isInteger(value) || value < 1)
      throw new ModelConfigError(`Model size "${field}" must be a positive whole number, not ${value}.`);
  }
  if (config.vocab < 2)
    throw new ModelConfigError('Model size "vocab" must be 2 or more: tokens 0 and 1 are reserved.');
  if (config.width % config.heads !== 0)
    throw new ModelConfigError(
      `Model width ${config.width} cannot be split into ${config.heads} heads of equal size.`,
    );
  if (config.maxLength > mostPositions)
    throw new ModelConfigError(
      `Model size "maxLength" must be ${mostPositions} or less (the attention kernels' limit), not ${config.maxLength}.`,
    );
}

/**
 * Every parameter tensor by its Hugging Face GPT-2 name, with its shape, in the order in which optimisers
 * and files keep them. Linear weights are [in, out].
 * @param labels rows of the head beside the vocabulary's: none, one for a scalar, or one for each bin of a histogram
 */
export function parameterShapes(
  { vocab, width: D, layers, maxLength }: ModelConfig,
  labels: number,
): Map<string, number[]> {
  const shapes = new Map<string, number[]>([
    ['wte.weight', [vocab, D]],
    ['wpe.weight', [maxLength, D]],
  ]);
  for (let l = 0; l < layers; l++) {
    shapes.set(`h.${l}.ln_1.weight`, [D]);
    shapes.set(`h.${l}.ln_1.bias`, [D]);
    shapes.set(`h.${l}.attn.c_attn.weight`, [D, 3 * D]);
    shapes.set(`h.${l}.attn.c_attn.bias`, [3 * D]);
    shapes.set(`h.${l}.attn.c_proj.weight`, [D, D]);
    shapes.set(`h.${l}.attn.c_proj.bias`, [D]);
    shapes.set(`h.${l}.ln_2.weight`, [D]);
    shapes.set(`h.${l}.ln_2.bias`, [D]);
    shapes.set(`h.${l}.mlp.c_fc.weight`, [D, 4 * D]);
    shapes.set(`h.${l}.mlp.c_fc.bias`, [4 * D]);
    shapes.set(`h.${l}.mlp.c_proj.weight`, [4 * D, D]);
    shapes.set(`h.${l}.mlp.c_proj.bias`, [D]);
  }
  shapes.set('ln_f.weight', [D]);
  shapes.set('ln_f.bias', [D]);
  if (labels > 0) {
    shapes.set('score.weight', [labels, D]);
    shapes.set('score.bias', [labels]);
  }
  return shapes;
}
