/**
 * Checkpoints in Hugging Face GPT-2 layout: `model.safetensors` and `config.json`, which
 * `transformers.AutoModelForCausalLM.from_pretrained` opens beside the tokenizer's files. A scalar head, or one with a row
 * for each bin of a histogram, travels as `score.weight` and `score.bias`.
 */
import { endToken, layerNormEpsilon, type ModelConfig, padToken, parameterShapes } from '../model/config.ts';
import { Transformer, type Weights } from '../model/transformer.ts';
import { type NamedArray, readSafetensors, SafetensorsError, writeSafetensors } from './safetensors.ts';

/** The two files of a checkpoint. */
export interface CheckpointFiles {
  /** model.safetensors */
  model: Uint8Array;
  /** config.json */
  config: string;
}

export class CheckpointError extends Error {
  override name = 'CheckpointError';
}

const prefix = 'transformer.';

/** Builds the model of a checkpoint on the current backend. Throws `CheckpointError` naming the file and the fault. */
export function loadCheckpoint({ model, config }: CheckpointFiles): Transformer {
  return modelFromSafetensors(model, parseConfig(config));
}

/** Builds a model from a safetensors file whose sizes are known. */
export function modelFromSafetensors(model: Uint8Array, config: ModelConfig): Transformer {
  let tensors: Map<string, NamedArray>;
  try {
    tensors = readSafetensors(model);
  } catch (error) {
    if (error instanceof SafetensorsError)
      throw new CheckpointError(`model.safetensors: ${error.message}`, { cause: error });
    throw error;
  }
  const find = (name: string) => tensors.get(prefix + name) ?? tensors.get(name);
  const weights: Weights = new Map();
  const labels = find('score.weight')?.shape[0] ?? 0;
  for (const [name, shape] of parameterShapes(config, labels)) {
    const tensor = find(name);
    if (!tensor) {
      // Hugging Face classifiers have a head without bias.
      if (name === 'score.bias') {
        weights.set(name, new Float32Array(labels));
        continue;
      }
      throw new CheckpointError(`model.safetensors: tensor "${name}" is missing.`);
    }
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i]))
      throw new CheckpointError(
        `model.safetensors: tensor "${name}" has shape [${tensor.shape}], but config.json asks for [${shape}].`,
      );
    if (tensor.values.some((value) => !Number.isFinite(value)))
      throw new CheckpointError(`model.safetensors: tensor "${name}" has values that are not finite.`);
    weights.set(name, tensor.values);
  }
  return Transformer.fromWeights(config, weights);
}

/** Reads the weights back and makes the two files. */
export async function saveCheckpoint(model: Transformer): Promise<CheckpointFiles> {
  const shapes = parameterShapes(model.config, model.labels);
  const tensors = new Map<string, NamedArray>();
  for (const [name, values] of await model.weights())
    tensors.set(name.startsWith('score.') ? name : prefix + name, { shape: shapes.get(name)!, values });
  return { model: writeSafetensors(tensors), config: configFile(model) };
}

function configFile(model: Transformer): string {
  const { vocab, width, layers, heads, maxLength } = model.config;
  const file = {
    model_type: 'gpt2',
    architectures: [model.labels > 0 ? 'GPT2ForSequenceClassification' : 'GPT2LMHeadModel'],
    vocab_size: vocab,
    n_positions: maxLength,
    n_ctx: maxLength,
    n_embd: width,
    n_layer: layers,
    n_head: heads,
    n_inner: null,
    activation_function: 'gelu_new',
    layer_norm_epsilon: layerNormEpsilon,
    initializer_range: 0.02,
    resid_pdrop: 0,
    embd_pdrop: 0,
    attn_pdrop: 0,
    scale_attn_weights: true,
    tie_word_embeddings: true,
    bos_token_id: endToken,
    eos_token_id: endToken,
    pad_token_id: padToken,
    torch_dtype: 'float32',
    ...(model.labels > 0 ? { num_labels: model.labels } : {}),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads config.json, refusing what this engine would compute differently. */
function parseConfig(text: string): ModelConfig {
  let file: Record<string, unknown>;
  try {
    file = JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new CheckpointError('config.json: not valid JSON.', { cause });
  }
  const fault = (message: string) => new CheckpointError(`config.json: ${message}`);
  if (typeof file !== 'object' || file === null) throw fault('not a JSON object.');
  const expect = (field: string, wanted: unknown) => {
    if (field in file && file[field] !== null && file[field] !== wanted)
      throw fault(
        `"${field}" is ${JSON.stringify(file[field])}, but only ${JSON.stringify(wanted)} is supported.`,
      );
  };
  expect('model_type', 'gpt2');
  expect('activation_function', 'gelu_new');
  expect('layer_norm_epsilon', layerNormEpsilon);
  expect('tie_word_embeddings', true);
  expect('scale_attn_by_inverse_layer_idx', false);
  const size = (field: string): number => {
    const value = file[field];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
      throw fault(`"${field}" must be a positive whole number, not ${JSON.stringify(value)}.`);
    return value;
  };
  const width = size('n_embd');
  expect('n_inner', 4 * width);
  return {
    vocab: size('vocab_size'),
    width,
    layers: size('n_layer'),
    heads: size('n_head'),
    maxLength: size('n_positions'),
  };
}
