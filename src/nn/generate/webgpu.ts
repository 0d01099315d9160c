/**
 * Sampling on WebGPU: the whole rollout, or a piece of it, is recorded without waiting, and read back once. Prompts are
 * read in one packed pass and their keys and values copied to all their samples; then every step reads one token per
 * unfinished row, draws the next and drops the rows that ended. Steps after the last row has ended find an
 * empty list and return at once. Between two pieces everything stays on the device, and rows may be stopped.
 *
 * Why not one dispatch for everything: one invocation per sequence must stream all weights for itself, which was
 * measured at 1 GFLOP/s on a software adapter, against 4 for these register-tiled steps; and private arrays
 * spill on a GPU from width 64 on. A step is 7 dispatches per layer and 5 more.
 */
import { packSequences } from '../batch/batch.ts';
import { attention } from '../kernels/attention/attention.ts';
import { embedding } from '../kernels/embedding/embedding.ts';
import { layerNorm } from '../kernels/layerNorm/layerNorm.ts';
import { layerNormOnWebGPU } from '../kernels/layerNorm/webgpu.ts';
import { linear, linearGelu } from '../kernels/linear/linear.ts';
import { layerNormEpsilon } from '../model/config.ts';
import type { Transformer } from '../model/transformer.ts';
import { binsOf } from '../model/valueHead.ts';
import { tf } from '../tensors/tf.ts';
import type { GpuBackend } from '../webgpu/backend.ts';
import { matmul } from '../webgpu/matmul.ts';
import { f32Bits } from '../webgpu/program.ts';
import { groupsFor, lanes, rowElement } from '../webgpu/register.ts';
import {
  type GenerateJob,
  goesOn,
  promptRows,
  registerGenerator,
  type Writer,
  type WrittenRows,
} from './generator.ts';
import { mix } from './sampling.ts';
import { attendCached, compact, draw, embedNewest, spread, steer, workgroupSize } from './webgpuPrograms.ts';

/** What histograms are made with: see valueHead.ts. */
const headNames = ['wte.weight', 'score.weight', 'score.bias'] as const;

/** Within the baseline size of a storage binding, 128 MiB. */
const cacheLimit = 96 * 2 ** 20;

export function registerGeneratorOnWebGPU(): void {
  registerGenerator('webgpu', (model, job) => writeOnWebGPU(model, job));
}

/** @param cacheBytes most memory for one layer's cache of a wave; a wave holds it until its rows have ended */
export function writeOnWebGPU(model: Transformer, job: GenerateJob, cacheBytes = cacheLimit): Writer {
  const gpu = tf.backend() as GpuBackend;
  const { prompts, samplesPerPrompt, maxLength } = job;
  const promptBytes = samplesPerPrompt * maxLength * 2 * model.config.width * 4;
  const perWave = Math.max(1, Math.floor(cacheBytes / promptBytes));
  const written = promptRows(job);
  const waves: Wave[] = [];
  for (let first = 0; first < prompts.length; first += perWave)
    waves.push(new Wave(gpu, model, job, first, Math.min(prompts.length, first + perWave), written));
  return {
    async advance(count) {
      // Reads that start together share one readback, however many waves there are.
      await Promise.all(waves.map((wave) => wave.advance(count)));
      return written;
    },
    stop(rows) {
      for (const wave of waves) wave.stop(rows);
    },
    dispose() {
      for (const wave of waves) wave.dispose();
    },
  };
}

/** Rows that go on, and how many they are. */
interface RowList {
  rows: tf.TensorInfo;
  count: tf.TensorInfo;
}

/** What a wave keeps on the device while its rows go on. */
interface OnDevice {
  tokens: tf.TensorInfo;
  lengths: tf.TensorInfo;
  logProb: tf.TensorInfo;
  banned: tf.TensorInfo;
  active: RowList;
  next: RowList;
  /** The policy and, where one steers, the value network. */
  readers: { model: Transformer; caches: tf.TensorInfo[]; step: StepRecorder }[];
  /** [R, V] where one steers: what is drawn from. */
  steered: tf.TensorInfo;
}

/** The samples of the prompts from `first` to `end` under way. */
class Wave {
  readonly #gpu: GpuBackend;
  readonly #model: Transformer;
  readonly #job: GenerateJob;
  readonly #written: WrittenRows;
  readonly #prompts: Int32Array[];
  readonly #firstRow: number;
  readonly #rows: number;
  #device: OnDevice | null = null;
  #held: tf.TensorInfo[] = [];
  /** Tokens that a row may still get. */
  #left: number;
  readonly #stopped = new Set<number>();

  constructor(
    gpu: GpuBackend,
    model: Transformer,
    job: GenerateJob,
    first: number,
    end: number,
    written: WrittenRows,
  ) {
    this.#gpu = gpu;
    this.#model = model;
    this.#job = job;
    this.#written = written;
    this.#prompts = job.prompts.slice(first, end);
    this.#firstRow = first * job.samplesPerPrompt;
    this.#rows = this.#prompts.length * job.samplesPerPrompt;
    const shortest = this.#prompts.reduce((least, { length }) => Math.min(least, length), job.maxLength);
    // A prompt that fills the length is read all the same.
    this.#left = Math.max(1, job.maxLength - shortest);
  }

  async advance(count: number): Promise<void> {
    let steps = Math.min(count, this.#left);
    if (steps < 1) return;
    this.#left -= steps;
    if (!this.#device) {
      this.#device = this.#open();
      this.#draw(this.#readPrompts(this.#device), this.#job.samplesPerPrompt);
      steps--;
    }
    const { tokens, lengths, logProb } = this.#device;
    const L = this.#job.maxLength;
    for (; steps > 0; steps--) this.#draw(this.#readNewest(this.#device), 0);
    const results = [tokens, lengths, logProb];
    if (this.#left === 0) {
      // Another wave may have the memory of the cache at once; the results are still to be read.
      this.#held = this.#held.filter((tensor) => results.includes(tensor) || this.#free(tensor));
    }
    const read = await Promise.all(results.map((tensor) => this.#gpu.read(tensor.dataId)));
    this.#written.tokens.set(read[0] as Int32Array, this.#firstRow * L);
    this.#written.totalLength.set(read[1] as Int32Array, this.#firstRow);
    this.#written.logProb.set(read[2] as Float32Array, this.#firstRow * L);
    if (this.#left === 0 || this.#going().length === 0) this.dispose();
  }

  stop(rows: readonly number[]): void {
    const device = this.#device;
    if (!device) return;
    for (const row of rows) this.#stopped.add(row - this.#firstRow);
    const going = this.#going();
    if (going.length === 0) this.dispose();
    else {
      this.#gpu.overwrite(device.active.rows, going);
      this.#gpu.overwrite(device.active.count, Int32Array.of(going.length));
    }
  }

  dispose(): void {
    for (const tensor of this.#held) this.#free(tensor);
    this.#held = [];
    this.#device = null;
    this.#left = 0;
  }

  #going(): Int32Array {
    const rows = Array.from({ length: this.#rows }, (_, row) => row);
    return Int32Array.from(
      rows.filter((row) => !this.#stopped.has(row) && goesOn(this.#written, this.#firstRow + row, this.#job)),
    );
  }

  /** Frees its memory when what is recorded has run. */
  #free(tensor: tf.TensorInfo): false {
    this.#gpu.disposeData(tensor.dataId);
    return false;
  }

  /** Memory for everything, with the prompts in place. */
  #open(): OnDevice {
    const gpu = this.#gpu;
    const { vocab: V, width: D, layers } = this.#model.config;
    const R = this.#rows;
    const { maxLength: L, guide } = this.#job;
    const hold = (tensor: tf.TensorInfo) => {
      this.#held.push(tensor);
      return tensor;
    };
    const integers = (values: Int32Array, shape = [values.length]) =>
      hold(gpu.makeTensorInfo(shape, 'int32', values));
    const scratch = (...shape: number[]) => hold(gpu.output(shape));
    const { tokens, totalLength } = this.#written;
    const end = this.#firstRow + R;
    const banned = new Int32Array(V);
    for (const token of this.#job.banned) banned[token] = 1;
    const going = this.#going();
    const list = new Int32Array(R);
    list.set(going);
    return {
      tokens: integers(tokens.slice(this.#firstRow * L, end * L), [R, L]),
      lengths: integers(totalLength.slice(this.#firstRow, end)),
      logProb: hold(gpu.makeTensorInfo([R, L], 'float32', new Float32Array(R * L))),
      banned: integers(banned),
      active: { rows: integers(list), count: integers(Int32Array.of(going.length)) },
      next: { rows: integers(new Int32Array(R)), count: integers(Int32Array.of(0)) },
      readers: [this.#model, ...(guide ? [guide.model] : [])].map((model) => ({
        model,
        caches: Array.from({ length: layers }, () => scratch(R, L, 2 * D)),
        step: new StepRecorder(gpu, model, R, scratch),
      })),
      steered: scratch(guide ? R : 1, V),
    };
  }

  /** Returns what each reader says after each prompt; leaves keys and values in the caches of the prompt's samples. */
  #readPrompts({ readers }: OnDevice): tf.TensorInfo[] {
    const { width: D, heads } = this.#model.config;
    const element = rowElement(D / heads);
    const N = this.#job.samplesPerPrompt;
    const L = this.#job.maxLength;
    const logits = readers.map(({ model, caches }) =>
      readPrompts(this.#gpu, model, this.#prompts, (layer, qkv, owner, positions) => {
        const total = (qkv.shape[0] * 2 * D) / lanes(element);
        this.#gpu.dispatch(
          spread(element),
          [qkv, owner, positions, caches[layer]],
          [total, (2 * D) / lanes(element), N, L],
          groupsFor(total, workgroupSize),
        );
      }),
    );
    this.#held.push(...logits);
    return logits;
  }

  /** Returns what each reader says after the newest token of every active row. */
  #readNewest({ readers, tokens, lengths, active }: OnDevice): tf.TensorInfo[] {
    const L = this.#job.maxLength;
    return readers.map(({ caches, step }) => step.record({ tokens, lengths }, active, caches, L));
  }

  /**
   * Draws a token for every active row and drops the rows that ended.
   * @param logits of the policy, and behind them what the value network says, if there is one
   * @param sharedBy rows to each row of logits; 0 where each has its own
   */
  #draw(logits: tf.TensorInfo[], sharedBy: number): void {
    const device = this.#device!;
    const { tokens, lengths, logProb, banned, active, next, steered } = device;
    const { seed, streamId, temperature, greedy, topK, topP, maxLength: L, guide } = this.#job;
    const filtered = !greedy && (topK > 0 || topP < 1);
    const streamKey = mix((mix((seed ^ 0x9e3779b9) >>> 0) + streamId) >>> 0);
    const V = this.#model.config.vocab;
    const scale = f32Bits(greedy ? 1 : 1 / temperature);
    if (guide) {
      const many = sharedBy > 0 ? this.#prompts.length : this.#rows;
      this.#gpu.dispatch(
        steer(guide.rule, binsOf(guide.model)),
        [
          logits[0],
          banned,
          active.count,
          logits[1],
          ...(binsOf(guide.model) > 1 ? headNames.map((name) => guide.model.params[name]) : []),
          steered,
        ],
        [V, many, sharedBy, scale, guide.candidates, f32Bits(guide.inverse), this.#model.config.width],
        [Math.ceil(many / workgroupSize)],
      );
    }
    this.#gpu.dispatch(
      draw(filtered, guide !== undefined),
      [logits[0], ...(guide ? [steered] : []), banned, active.rows, active.count, tokens, lengths, logProb],
      [V, L, sharedBy, this.#firstRow, streamKey, scale, greedy ? 1 : 0, topK, f32Bits(topP)],
      [Math.ceil(this.#rows / workgroupSize)],
    );
    this.#gpu.dispatch(
      compact(),
      [tokens, lengths, active.rows, active.count, next.rows, next.count],
      [L],
      [1],
    );
    [device.active, device.next] = [next, active];
  }
}

/**
 * Reads all prompts in one packed pass.
 * @param onLayer is given the queries, keys and values [T,3D] of each layer, and whose tokens they are [T]
 * @returns [prompts, V] logits after the last token of each, or [prompts, D] hidden states of a model that gives
 * histograms; the caller disposes it
 */
function readPrompts(
  gpu: GpuBackend,
  model: Transformer,
  prompts: Int32Array[],
  onLayer: (layer: number, qkv: tf.Tensor, owner: tf.Tensor, positions: tf.Tensor) => void,
): tf.TensorInfo {
  const packed = packSequences(prompts.map((tokens) => ({ tokens, promptLength: tokens.length })));
  const owner = new Int32Array(packed.tokens.length);
  prompts.forEach((_, b) => {
    owner.fill(b, packed.starts[b], packed.starts[b + 1]);
  });
  const matrix = (name: string) => model.params[name] as tf.Tensor as tf.Tensor2D;
  const vector = (name: string) => model.params[name] as tf.Tensor as tf.Tensor1D;
  const norm = (name: string, x: tf.Tensor2D) =>
    layerNorm(x, vector(`${name}.weight`), vector(`${name}.bias`), layerNormEpsilon);
  const map = (name: string, x: tf.Tensor2D, residual?: tf.Tensor2D) =>
    linear(x, matrix(`${name}.weight`), vector(`${name}.bias`), residual);
  let logits!: tf.TensorInfo;
  tf.tidy(() => {
    const [tokens, positions, starts, owners, ends] = [
      packed.tokens,
      packed.positions,
      packed.starts,
      owner,
      packed.starts.slice(1).map((end) => end - 1),
    ].map((values) => tf.tensor1d(values, 'int32'));
    let x = embedding(matrix('wte.weight'), matrix('wpe.weight'), tokens, positions);
    for (let l = 0; l < model.config.layers; l++) {
      const qkv = map(`h.${l}.attn.c_attn`, norm(`h.${l}.ln_1`, x));
      onLayer(l, qkv, owners, positions);
      x = map(`h.${l}.attn.c_proj`, attention(qkv, starts, model.config.heads), x);
      const inner = linearGelu(
        norm(`h.${l}.ln_2`, x),
        matrix(`h.${l}.mlp.c_fc.weight`),
        vector(`h.${l}.mlp.c_fc.bias`),
      );
      x = map(`h.${l}.mlp.c_proj`, inner, x);
    }
    const { vocab, width } = model.config;
    if (binsOf(model) > 1)
      logits = layerNormOnWebGPU(gpu, {
        x: tf.gather(x, ends),
        gain: vector('ln_f.weight'),
        bias: vector('ln_f.bias'),
        eps: layerNormEpsilon,
        out: gpu.output([prompts.length, width]),
      });
    else
      [logits] = matmul(gpu, {
        mode: 'nt',
        M: prompts.length,
        N: vocab,
        K: width,
        a: norm('ln_f', x),
        b: model.params['wte.weight'],
        gather: ends,
      });
  });
  return logits;
}

/** Records the model on one token per active row, into buffers that are made once. */
class StepRecorder {
  readonly #gpu: GpuBackend;
  readonly #model: Transformer;
  readonly #rows: number;
  readonly #x: tf.TensorInfo;
  readonly #middle: tf.TensorInfo;
  readonly #normed: tf.TensorInfo;
  readonly #qkv: tf.TensorInfo;
  readonly #inner: tf.TensorInfo;
  readonly #logits: tf.TensorInfo;

  constructor(
    gpu: GpuBackend,
    model: Transformer,
    rows: number,
    scratch: (...shape: number[]) => tf.TensorInfo,
  ) {
    const { width: D, vocab } = model.config;
    this.#gpu = gpu;
    this.#model = model;
    this.#rows = rows;
    this.#x = scratch(rows, D);
    this.#middle = scratch(rows, D);
    this.#normed = scratch(rows, D);
    this.#qkv = scratch(rows, 3 * D);
    this.#inner = scratch(rows, 4 * D);
    this.#logits = scratch(rows, vocab);
  }

  /**
   * Returns the logits, [rows, V], of which the first `count` rows are filled; of a model that gives histograms the hidden
   * states, [rows, D].
   */
  record(
    wave: Pick<OnDevice, 'tokens' | 'lengths'>,
    active: RowList,
    caches: tf.TensorInfo[],
    L: number,
  ): tf.TensorInfo {
    const gpu = this.#gpu;
    const model = this.#model;
    const rows = this.#rows;
    const [x, middle, normed, qkv, inner] = [this.#x, this.#middle, this.#normed, this.#qkv, this.#inner];
    const { width: D, heads, layers, vocab } = model.config;
    const element = rowElement(D / heads);
    const n = D / lanes(element);
    const { params } = model;
    gpu.dispatch(
      embedNewest(element),
      [params['wte.weight'], params['wpe.weight'], wave.tokens, wave.lengths, active.rows, active.count, x],
      [n, L],
      groupsFor(rows * n, workgroupSize),
    );
    for (let l = 0; l < layers; l++) {
      this.#norm(`h.${l}.ln_1`, x, active.count);
      this.#map(`h.${l}.attn.c_attn`, normed, 3 * D, qkv, active.count);
      gpu.dispatch(
        attendCached(element, n / heads),
        [qkv, wave.lengths, active.rows, active.count, caches[l], normed],
        [heads, L, f32Bits(1 / Math.sqrt(D / heads))],
        [Math.ceil(rows / workgroupSize), heads],
      );
      this.#map(`h.${l}.attn.c_proj`, normed, D, middle, active.count, { residual: x });
      this.#norm(`h.${l}.ln_2`, middle, active.count);
      this.#map(`h.${l}.mlp.c_fc`, normed, 4 * D, inner, active.count, { gelu: true });
      this.#map(`h.${l}.mlp.c_proj`, inner, D, x, active.count, { residual: middle });
    }
    this.#norm('ln_f', x, active.count);
    if (binsOf(model) > 1) return normed;
    matmul(gpu, {
      mode: 'nt',
      M: rows,
      N: vocab,
      K: D,
      a: normed,
      b: params['wte.weight'],
      limit: active.count,
      out: this.#logits,
    });
    return this.#logits;
  }

  #norm(name: string, x: tf.TensorInfo, limit: tf.TensorInfo): void {
    const { params } = this.#model;
    layerNormOnWebGPU(this.#gpu, {
      x,
      gain: params[`${name}.weight`],
      bias: params[`${name}.bias`],
      eps: layerNormEpsilon,
      out: this.#normed,
      limit,
    });
  }

  #map(
    name: string,
    a: tf.TensorInfo,
    N: number,
    out: tf.TensorInfo,
    limit: tf.TensorInfo,
    extra: { residual?: tf.TensorInfo; gelu?: boolean } = {},
  ): void {
    const { params } = this.#model;
    const [M, K] = a.shape;
    matmul(this.#gpu, {
      mode: 'nn',
      M,
      N,
      K,
      a,
      b: params[`${name}.weight`],
      bias: params[`${name}.bias`],
      out,
      limit,
      ...extra,
    });
  }
}
