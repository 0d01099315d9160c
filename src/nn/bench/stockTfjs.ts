/**
 * The same transformer written in stock tfjs ops, as one would without fused kernels: a padded batch [B,S], Adam
 * from tf.train, sampling with a cache of keys and values. It runs on whatever backend is current; the full tfjs
 * package is imported for its gradients.
 */
import '@tensorflow/tfjs';
import { layerNormEpsilon, type ModelConfig } from '../model/config.ts';
import type { Weights } from '../model/transformer.ts';
import { tf } from '../tensors/tf.ts';

export interface StockOptions {
  /** Backends without `UnsortedSegmentSum` cannot differentiate a gather: embed by a product with one-hots. */
  oneHotEmbedding?: boolean;
}

export class StockModel {
  readonly #config: ModelConfig;
  readonly #options: StockOptions;
  readonly #params: Record<string, tf.Variable> = {};
  readonly #optimizer = tf.train.adam(1e-3, 0.9, 0.95, 1e-8);

  constructor(
    config: ModelConfig,
    shapes: Map<string, number[]>,
    weights: Weights,
    options: StockOptions = {},
  ) {
    this.#config = config;
    this.#options = options;
    for (const [name, shape] of shapes)
      this.#params[name] = tf.variable(tf.tensor(weights.get(name)!, shape));
  }

  /** One step on the mean cross-entropy of every next token. `tokens` [B,S] int32. Returns the loss. */
  trainingStep(tokens: tf.Tensor2D): tf.Scalar {
    const [B, S] = tokens.shape;
    return tf.tidy(() => {
      const loss = () => {
        const logits = this.#logits(tokens).slice([0, 0, 0], [B, S - 1, this.#config.vocab]);
        const targets = tf.oneHot(tokens.slice([0, 1], [B, S - 1]).flatten(), this.#config.vocab);
        const logProb = tf.logSoftmax(tf.reshape(logits, [B * (S - 1), this.#config.vocab]));
        return tf.neg(tf.div(tf.sum(tf.mul(logProb, targets)), B * (S - 1))) as tf.Scalar;
      };
      return this.#optimizer.minimize(loss, true) as tf.Scalar;
    });
  }

  /** Tempered sampling of `steps` tokens after equally long prompts [B,P]; noise and choice stay on the device. */
  async sample(prompts: tf.Tensor2D, steps: number): Promise<Int32Array> {
    const { layers, vocab } = this.#config;
    const [B, P] = prompts.shape;
    let caches: { k: tf.Tensor4D; v: tf.Tensor4D }[] = [];
    const drawn: tf.Tensor1D[] = [];
    let next: tf.Tensor2D = prompts;
    for (let step = 0; step < steps; step++) {
      const [token, ...kept] = tf.tidy(() => {
        const grown: { k: tf.Tensor4D; v: tf.Tensor4D }[] = [];
        const logits = this.#read(next, step === 0 ? 0 : P + step - 1, caches, grown);
        const last = tf.reshape(logits.slice([0, logits.shape[1] - 1, 0], [B, 1, vocab]), [B, vocab]);
        const noise = tf.neg(tf.log(tf.neg(tf.log(tf.randomUniform([B, vocab], 1e-6, 1)))));
        const token = tf.argMax(tf.add(last, noise), 1) as tf.Tensor1D;
        return [token, ...grown.flatMap(({ k, v }) => [k, v])] as [tf.Tensor1D, ...tf.Tensor4D[]];
      });
      tf.dispose(caches.flatMap(({ k, v }) => [k, v]));
      caches = Array.from({ length: layers }, (_, l) => ({ k: kept[2 * l], v: kept[2 * l + 1] }));
      if (next !== prompts) next.dispose();
      next = tf.reshape(token, [B, 1]);
      drawn.push(token);
    }
    const all = tf.tidy(() => tf.stack(drawn, 1));
    const tokens = (await all.data()) as Int32Array;
    tf.dispose([all, next, drawn, caches.flatMap(({ k, v }) => [k, v])]);
    return tokens;
  }

  dispose(): void {
    tf.dispose(this.#params);
    this.#optimizer.dispose();
  }

  #logits(tokens: tf.Tensor2D): tf.Tensor3D {
    return this.#read(tokens, 0, [], []);
  }

  /** Logits [B,S,V] of tokens that follow those in the caches; the grown caches are put into `grown`. */
  #read(
    tokens: tf.Tensor2D,
    from: number,
    caches: { k: tf.Tensor4D; v: tf.Tensor4D }[],
    grown: { k: tf.Tensor4D; v: tf.Tensor4D }[],
  ): tf.Tensor3D {
    const [B, S] = tokens.shape;
    const { width: D, heads, layers, vocab } = this.#config;
    const size = D / heads;
    const wte = this.#params['wte.weight'];
    const embedded = this.#options.oneHotEmbedding
      ? tf.matMul(tf.reshape(tf.oneHot(tokens, vocab), [B * S, vocab]), wte as tf.Tensor as tf.Tensor2D)
      : tf.gather(wte, tf.reshape(tokens, [B * S]));
    const positions = tf.slice(this.#params['wpe.weight'], [from, 0], [S, D]);
    let x = tf.add(tf.reshape(embedded, [B, S, D]), positions) as tf.Tensor3D;
    const total = from + S;
    const hidden = tf.mul(
      tf.sub(1, tf.linalg.bandPart(tf.ones([S, total]), -1, total - S)) as tf.Tensor2D,
      -1e9,
    );
    for (let l = 0; l < layers; l++) {
      const qkv = this.#linear(`h.${l}.attn.c_attn`, this.#norm(`h.${l}.ln_1`, x));
      const [q, newK, newV] = tf
        .split(qkv, 3, 2)
        .map((part) => tf.transpose(tf.reshape(part, [B, S, heads, size]), [0, 2, 1, 3]) as tf.Tensor4D);
      const k = caches[l] ? tf.concat([caches[l].k, newK], 2) : newK;
      const v = caches[l] ? tf.concat([caches[l].v, newV], 2) : newV;
      grown.push({ k, v });
      const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(size)), hidden);
      const mixed = tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]), [B, S, D]);
      x = tf.add(x, this.#linear(`h.${l}.attn.c_proj`, mixed as tf.Tensor3D));
      const inner = gelu(this.#linear(`h.${l}.mlp.c_fc`, this.#norm(`h.${l}.ln_2`, x)));
      x = tf.add(x, this.#linear(`h.${l}.mlp.c_proj`, inner));
    }
    const flat = tf.reshape(this.#norm('ln_f', x), [B * S, D]) as tf.Tensor2D;
    return tf.reshape(tf.matMul(flat, wte as tf.Tensor as tf.Tensor2D, false, true), [B, S, vocab]);
  }

  #linear(name: string, x: tf.Tensor3D): tf.Tensor3D {
    const [B, S, I] = x.shape;
    const w = this.#params[`${name}.weight`] as tf.Tensor as tf.Tensor2D;
    const y = tf.add(tf.matMul(tf.reshape(x, [B * S, I]) as tf.Tensor2D, w), this.#params[`${name}.bias`]);
    return tf.reshape(y, [B, S, w.shape[1]]);
  }

  #norm(name: string, x: tf.Tensor3D): tf.Tensor3D {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    const scaled = tf.mul(centred, tf.rsqrt(tf.add(variance, layerNormEpsilon)));
    return tf.add(tf.mul(scaled, this.#params[`${name}.weight`]), this.#params[`${name}.bias`]);
  }
}

function gelu(x: tf.Tensor3D): tf.Tensor3D {
  const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}
