/**
 * A GPT-2 style transformer (Radford et al. 2019): learned positions, pre-norm layer normalisation, causal
 * attention, a GELU MLP of four times the width, and an output head tied to the token embedding. An optional
 * scalar head makes it a reward model or a critic; a head with more rows makes it a value network that gives histograms.
 *
 *   tokens ─ embedding ─┬─ ln_1 ─ c_attn ─ attention ─ c_proj ─ + ─┬─ ln_2 ─ c_fc ─ gelu ─ c_proj ─ + ─ … ─ ln_f
 *                       └──────────────────────────────────────────┘└─────────────────────────────────┘
 */
import type { UploadedBatch } from '../batch/batch.ts';
import { attention } from '../kernels/attention/attention.ts';
import { embedding } from '../kernels/embedding/embedding.ts';
import { maskedEmbedding } from '../kernels/embedding/masked.ts';
import { layerNorm, layerNormFork } from '../kernels/layerNorm/layerNorm.ts';
import { linear, linearGelu } from '../kernels/linear/linear.ts';
import type { TokenHead } from '../kernels/tokenHead/reference.ts';
import { tokenHead } from '../kernels/tokenHead/tokenHead.ts';
import { tf } from '../tensors/tf.ts';
import { checkConfig, layerNormEpsilon, type ModelConfig, parameterShapes } from './config.ts';
import { type SoftRows, withSoftPositions, withSoftRows } from './softRows.ts';

/** Where initial weights come from: any generator with standard normal numbers. */
export interface NormalSource {
  normal(): number;
}

/** Weights by Hugging Face name, flat, in the shapes of `parameterShapes`. */
export type Weights = Map<string, Float32Array>;

export class Transformer {
  readonly config: ModelConfig;
  /** The weights under their Hugging Face GPT-2 names, in the order of `parameterShapes`. */
  readonly params: Record<string, tf.Variable>;
  /** Rows of the head beside the vocabulary's: 0, 1 for a scalar, or as many as a histogram has bins. */
  readonly labels: number;

  private constructor(config: ModelConfig, params: Record<string, tf.Variable>) {
    this.config = config;
    this.params = params;
    this.labels = params['score.bias']?.size ?? 0;
  }

  get hasScalarHead(): boolean {
    return this.labels === 1;
  }

  /**
   * A new model: N(0, 0.02²), with the projections into the residual stream scaled by 1/√(2·layers), unit
   * gains and zero biases, as GPT-2. The scalar head starts at zero.
   */
  static create(config: ModelConfig, rng: NormalSource, options: { scalarHead?: boolean } = {}): Transformer {
    checkConfig(config);
    const residual = 0.02 / Math.sqrt(2 * config.layers);
    const weights: Weights = new Map();
    for (const [name, shape] of parameterShapes(config, options.scalarHead ? 1 : 0)) {
      const values = new Float32Array(sizeOf(shape));
      if (/ln_[12f]\.weight$/.test(name)) values.fill(1);
      else if (name.endsWith('.weight') && name !== 'score.weight') {
        const deviation = name.endsWith('c_proj.weight') ? residual : 0.02;
        for (let i = 0; i < values.length; i++) values[i] = deviation * rng.normal();
      }
      weights.set(name, values);
    }
    return Transformer.fromWeights(config, weights);
  }

  /**
   * A model from given weights, with a head beside the vocabulary's when they have one. Throws when a tensor is missing or of
   * the wrong size; files should come through `loadCheckpoint`, whose messages say more.
   */
  static fromWeights(config: ModelConfig, weights: Weights): Transformer {
    checkConfig(config);
    const params: Record<string, tf.Variable> = {};
    tf.tidy(() => {
      for (const [name, shape] of parameterShapes(config, weights.get('score.bias')?.length ?? 0)) {
        const values = weights.get(name);
        if (values?.length !== sizeOf(shape))
          throw new RangeError(
            `Weight "${name}" has ${values?.length ?? 'no'} values; ${sizeOf(shape)} are needed.`,
          );
        params[name] = tf.variable(tf.tensor(values.slice(), shape));
      }
    });
    return new Transformer(config, params);
  }

  /**
   * Final hidden states, after `ln_f`: [T,D]. Differentiable in all parameters but the scalar head, and in the soft rows.
   * @param soft [k,D] what the token ids from the vocabulary's end on stand for: see softRows.ts
   */
  hidden(batch: UploadedBatch, soft?: SoftRows): tf.Tensor2D {
    return tf.tidy(() => {
      const { tokens, positions, mask } = batch;
      const wte = withSoftRows(this.#matrix('wte.weight'), soft);
      const wpe = withSoftPositions(this.#matrix('wpe.weight'), soft);
      let x = mask
        ? maskedEmbedding(wte, wpe, tokens, positions, mask)
        : embedding(wte, wpe, tokens, positions);
      for (let l = 0; l < this.config.layers; l++) x = this.#layer(l, x, batch.starts);
      return this.#norm('ln_f', x);
    });
  }

  /**
   * The same model with the soft rows in its tables, as samplers read it; it reads so many positions more. Shares all other
   * weights: the caller disposes the two tables alone.
   */
  joined(soft: SoftRows): Transformer {
    const config = { ...this.config, maxLength: this.config.maxLength + soft.shape[0] };
    checkConfig(config);
    const tables = tf.tidy(() => ({
      'wte.weight': tf.variable(withSoftRows(this.#matrix('wte.weight'), soft)),
      'wpe.weight': tf.variable(withSoftPositions(this.#matrix('wpe.weight'), soft)),
    }));
    return new Transformer(config, { ...this.params, ...tables });
  }

  /**
   * A loss and its gradient in every parameter that it depends on, by name. The caller disposes both.
   * @param loss must give a scalar; runs once, inside `tf.tidy`
   */
  gradients(loss: () => tf.Scalar): { value: tf.Scalar; grads: tf.NamedTensorMap } {
    const names = Object.keys(this.params);
    const { value, grads: byVariable } = tf.variableGrads(
      loss,
      names.map((name) => this.params[name]),
    );
    const grads: tf.NamedTensorMap = {};
    for (const name of names) {
      const grad = byVariable[this.params[name].name];
      if (grad) grads[name] = grad;
    }
    return { value, grads };
  }

  /** An independent copy, heads included. */
  clone(): Transformer {
    const params: Record<string, tf.Variable> = {};
    tf.tidy(() => {
      for (const [name, variable] of Object.entries(this.params)) params[name] = copyVariable(variable);
    });
    return new Transformer(this.config, params);
  }

  /** An independent copy with a new scalar head: zero, or N(0, 0.02²) when a source of numbers is given. */
  withScalarHead(rng?: NormalSource): Transformer {
    return this.#withHead(
      Float32Array.from({ length: this.config.width }, () => (rng ? 0.02 * rng.normal() : 0)),
    );
  }

  /**
   * An independent copy that gives histograms (see valueHead.ts): at first a bin's logit is that of the vocabulary head
   * times the number of the bin, so that two bins say what the log-odds of the vocabulary head do.
   */
  withHistogramHead(bins: number): Transformer {
    const D = this.config.width;
    return this.#withHead(Float32Array.from({ length: bins * D }, (_, i) => Math.floor(i / D)));
  }

  /** @param head rows of the width of the model */
  #withHead(head: Float32Array): Transformer {
    const D = this.config.width;
    const labels = head.length / D;
    const params: Record<string, tf.Variable> = {};
    tf.tidy(() => {
      for (const [name, variable] of Object.entries(this.params))
        if (!name.startsWith('score.')) params[name] = copyVariable(variable);
      params['score.weight'] = tf.variable(tf.tensor(head, [labels, D]));
      params['score.bias'] = tf.variable(tf.zeros([labels]));
    });
    return new Transformer(this.config, params);
  }

  /**
   * An independent copy that reads longer sequences, without a scalar head: the new positions start as those of a new
   * model, N(0, 0.02²).
   */
  withLength(maxLength: number, rng: NormalSource): Transformer {
    const { width } = this.config;
    const more = maxLength - this.config.maxLength;
    if (more < 0)
      throw new RangeError(
        `A model of ${this.config.maxLength} positions cannot be cut to ${maxLength} positions.`,
      );
    const params: Record<string, tf.Variable> = {};
    tf.tidy(() => {
      for (const [name, variable] of Object.entries(this.params))
        if (!name.startsWith('score.')) params[name] = copyVariable(variable);
      if (more === 0) return;
      const fresh = Float32Array.from({ length: more * width }, () => 0.02 * rng.normal());
      const positions = tf.concat([params['wpe.weight'], tf.tensor(fresh, [more, width])], 0);
      params['wpe.weight'].dispose();
      params['wpe.weight'] = tf.variable(positions);
    });
    const config = { ...this.config, maxLength };
    checkConfig(config);
    return new Transformer(config, params);
  }

  /** Reads all weights back, in the order of `parameterShapes`. */
  async weights(): Promise<Weights> {
    const names = Object.keys(this.params);
    const values = await Promise.all(names.map((name) => this.params[name].data<'float32'>()));
    return new Map(names.map((name, i) => [name, values[i]]));
  }

  dispose(): void {
    for (const variable of Object.values(this.params)) variable.dispose();
  }

  /** One layer, in a tidy of its own: without gradients, memory is needed for one layer at a time. */
  #layer(l: number, x: tf.Tensor2D, starts: tf.Tensor1D): tf.Tensor2D {
    return tf.tidy(() => {
      const before = this.#fork(`h.${l}.ln_1`, x);
      const qkv = this.#linear(`h.${l}.attn.c_attn`, before.y);
      const mixed = attention(qkv, starts, this.config.heads);
      const between = this.#fork(`h.${l}.ln_2`, this.#linear(`h.${l}.attn.c_proj`, mixed, before.residual));
      const inner = linearGelu(
        between.y,
        this.#matrix(`h.${l}.mlp.c_fc.weight`),
        this.#vector(`h.${l}.mlp.c_fc.bias`),
      );
      return this.#linear(`h.${l}.mlp.c_proj`, inner, between.residual);
    });
  }

  #matrix(name: string): tf.Tensor2D {
    return this.params[name] as tf.Tensor as tf.Tensor2D;
  }

  #vector(name: string): tf.Tensor1D {
    return this.params[name] as tf.Tensor as tf.Tensor1D;
  }

  #norm(name: string, x: tf.Tensor2D): tf.Tensor2D {
    return layerNorm(x, this.#vector(`${name}.weight`), this.#vector(`${name}.bias`), layerNormEpsilon);
  }

  #fork(name: string, x: tf.Tensor2D): { y: tf.Tensor2D; residual: tf.Tensor2D } {
    return layerNormFork(x, this.#vector(`${name}.weight`), this.#vector(`${name}.bias`), layerNormEpsilon);
  }

  #linear(name: string, x: tf.Tensor2D, residual?: tf.Tensor2D): tf.Tensor2D {
    return linear(x, this.#matrix(`${name}.weight`), this.#vector(`${name}.bias`), residual);
  }
}

/**
 * Log-probability of every action of the batch, and the entropy of the distribution that it was drawn from,
 * both [A], un-tempered, over the whole vocabulary. Differentiable.
 */
export function tokenLogProbs(model: Transformer, batch: UploadedBatch, soft?: SoftRows): TokenHead {
  const wte = model.params['wte.weight'] as tf.Tensor as tf.Tensor2D;
  const hidden = model.hidden(batch, soft);
  const head = tokenHead(hidden, wte, batch.actionRows, batch.actionTargets);
  hidden.dispose();
  return head;
}

/**
 * KL(from ‖ to) of the distributions over the vocabulary at every action of the batch, [A], in nats. Differentiable in
 * `to` where the gradient is taken in its parameters.
 */
export function actionKl(from: Transformer, to: Transformer, batch: UploadedBatch): tf.Tensor1D {
  return tf.tidy(() => {
    const logProbs = (model: Transformer) => {
      const wte = model.params['wte.weight'] as tf.Tensor as tf.Tensor2D;
      const hidden = tf.gather(model.hidden(batch), batch.actionRows) as tf.Tensor2D;
      return tf.logSoftmax(tf.matMul(hidden, wte, false, true)) as tf.Tensor2D;
    };
    const [before, after] = [logProbs(from), logProbs(to)];
    return tf.sum(tf.mul(tf.exp(before), tf.sub(before, after)), 1) as tf.Tensor1D;
  });
}

/** The vocabulary head at every position, [T,V], before any softmax. For looking, not for training: it is large. */
export function allLogits(model: Transformer, batch: UploadedBatch): tf.Tensor2D {
  return tf.tidy(() => {
    const head = tf.transpose(model.params['wte.weight']) as tf.Tensor2D;
    return linear(model.hidden(batch), head, tf.zeros([model.config.vocab]) as tf.Tensor1D);
  });
}

/** The scalar head at every position, [T]: see ragged.ts for the ones that are wanted. Differentiable. */
export function scalars(model: Transformer, batch: UploadedBatch): tf.Tensor1D {
  if (!model.hasScalarHead)
    throw new Error('This model has no scalar head: it is neither reward model nor critic.');
  return tf.tidy(() => {
    const weight = tf.reshape(model.params['score.weight'], [model.config.width, 1]) as tf.Tensor2D;
    const bias = model.params['score.bias'] as tf.Tensor as tf.Tensor1D;
    return tf.reshape(linear(model.hidden(batch), weight, bias), [batch.host.tokens.length]);
  });
}

/** A variable with memory of its own: optimisers update in place, so copies must not share. */
function copyVariable(variable: tf.Variable): tf.Variable {
  return tf.variable(tf.add(variable, 0));
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
