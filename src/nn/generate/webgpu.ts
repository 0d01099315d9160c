/**
 * Sampling on WebGPU: the whole rollout is recorded without waiting, and read back once. Prompts are read in one
 * packed pass and their keys and values copied to all their samples; then every step reads one token per
 * unfinished row, draws the next and drops the rows that ended. Steps after the last row has ended find an
 * empty list and return at once.
 *
 * Why not one dispatch for everything: one invocation per sequence must stream all weights for itself, which was
 * measured at 1 GFLOP/s on a software adapter, against 4 for these register-tiled steps; and private arrays
 * spill on a GPU from width 64 on. A step is 7 dispatches per layer and 5 more.
 */
import { packSequences } from '../batch.ts';
import { layerNormEpsilon } from '../config.ts';
import { attention } from '../kernels/attention/attention.ts';
import { embedding } from '../kernels/embedding/embedding.ts';
import { layerNorm } from '../kernels/layerNorm/layerNorm.ts';
import { layerNormOnWebGPU } from '../kernels/layerNorm/webgpu.ts';
import { linear, linearGelu } from '../kernels/linear/linear.ts';
import { tf } from '../tf.ts';
import type { Transformer } from '../transformer.ts';
import type { GpuBackend } from '../webgpu/backend.ts';
import { matmul } from '../webgpu/matmul.ts';
import { f32Bits } from '../webgpu/program.ts';
import { groupsFor, lanes, rowElement } from '../webgpu/register.ts';
import { type CompletedRows, type GenerateJob, registerGenerator } from './generator.ts';
import { mix } from './sampling.ts';
import { attendCached, compact, draw, embedNewest, spread, steer, workgroupSize } from './webgpuPrograms.ts';

/** Within the baseline size of a storage binding, 128 MiB. */
const cacheLimit = 96 * 2 ** 20;

export function registerGeneratorOnWebGPU(): void {
  registerGenerator('webgpu', (model, job) => generateOnWebGPU(model, job));
}

/** @param cacheBytes most memory for one layer's cache; what does not fit waits for another wave */
export async function generateOnWebGPU(
  model: Transformer,
  job: GenerateJob,
  cacheBytes = cacheLimit,
): Promise<CompletedRows> {
  const gpu = tf.backend() as GpuBackend;
  const { prompts, samplesPerPrompt, maxLength } = job;
  const promptBytes = samplesPerPrompt * maxLength * 2 * model.config.width * 4;
  const perWave = Math.max(1, Math.floor(cacheBytes / promptBytes));
  const waves: Wave[] = [];
  for (let first = 0; first < prompts.length; first += perWave) {
    waves.push(recordWave(gpu, model, job, first, prompts.slice(first, first + perWave)));
  }
  // Reads that start together share one readback, however many waves there are.
  const parts = await Promise.all(
    waves.map(({ tokens, lengths, logProb }) =>
      Promise.all([tokens, lengths, logProb].map((tensor) => gpu.read(tensor.dataId))),
    ),
  );
  for (const wave of waves) for (const tensor of Object.values(wave)) gpu.disposeData(tensor.dataId);
  const rows = prompts.length * samplesPerPrompt;
  const result: CompletedRows = {
    tokens: new Int32Array(rows * maxLength),
    totalLength: new Int32Array(rows),
    logProb: new Float32Array(rows * maxLength),
  };
  let row = 0;
  for (const [tokens, lengths, logProb] of parts as [Int32Array, Int32Array, Float32Array][]) {
    result.tokens.set(tokens, row * maxLength);
    result.totalLength.set(lengths, row);
    result.logProb.set(logProb, row * maxLength);
    row += lengths.length;
  }
  return result;
}

interface Wave {
  tokens: tf.TensorInfo;
  lengths: tf.TensorInfo;
  logProb: tf.TensorInfo;
}

function recordWave(
  gpu: GpuBackend,
  model: Transformer,
  job: GenerateJob,
  firstPrompt: number,
  prompts: Int32Array[],
): Wave {
  const { samplesPerPrompt: N, maxLength: L } = job;
  const { vocab: V, width: D, heads, layers } = model.config;
  const R = prompts.length * N;
  const element = rowElement(D / heads);
  const n = D / lanes(element);

  const tokens = new Int32Array(R * L);
  const lengths = new Int32Array(R);
  for (let row = 0; row < R; row++) {
    const prompt = prompts[Math.floor(row / N)];
    tokens.set(prompt, row * L);
    lengths[row] = prompt.length;
  }
  const growing = Int32Array.from(Array.from(lengths.keys()).filter((row) => lengths[row] < L));
  const wave: Wave = {
    tokens: gpu.makeTensorInfo([R, L], 'int32', tokens),
    lengths: gpu.makeTensorInfo([R], 'int32', lengths),
    logProb: gpu.makeTensorInfo([R, L], 'float32', new Float32Array(R * L)),
  };

  const temporary: tf.TensorInfo[] = [];
  const scratch = (...shape: number[]) => {
    const tensor = gpu.output(shape);
    temporary.push(tensor);
    return tensor;
  };
  const integers = (values: Int32Array) => {
    const tensor = gpu.makeTensorInfo([values.length], 'int32', values);
    temporary.push(tensor);
    return tensor;
  };
  const banned = new Int32Array(V);
  for (const token of job.banned) banned[token] = 1;
  const bannedFlags = integers(banned);
  const list = new Int32Array(R);
  list.set(growing);
  let active = { rows: integers(list), count: integers(Int32Array.of(growing.length)) };
  let next = { rows: integers(new Int32Array(R)), count: integers(Int32Array.of(0)) };
  const { guide } = job;
  const readers = [model, ...(guide ? [guide.model] : [])].map((reader) => ({
    model: reader,
    caches: Array.from({ length: layers }, () => scratch(R, L, 2 * D)),
    step: new StepRecorder(gpu, reader, R, scratch),
  }));

  const filtered = !job.greedy && (job.topK > 0 || job.topP < 1);
  const streamKey = mix((mix((job.seed ^ 0x9e3779b9) >>> 0) + job.streamId) >>> 0);
  const scale = f32Bits(job.greedy ? 1 : 1 / job.temperature);
  /** @param read the logits of the policy, and behind them those of the value network, if there is one */
  const drawFrom = (read: tf.TensorInfo[], sharedBy: number) => {
    if (guide) {
      const many = sharedBy > 0 ? prompts.length : R;
      gpu.dispatch(
        steer(guide.rule),
        [read[0], bannedFlags, active.count, read[1]],
        [V, many, sharedBy, scale, guide.candidates, f32Bits(guide.inverse)],
        [Math.ceil(many / workgroupSize)],
      );
    }
    gpu.dispatch(
      draw(filtered, guide !== undefined),
      [...read, bannedFlags, active.rows, active.count, wave.tokens, wave.lengths, wave.logProb],
      [V, L, sharedBy, firstPrompt * N, streamKey, scale, job.greedy ? 1 : 0, job.topK, f32Bits(job.topP)],
      [Math.ceil(R / workgroupSize)],
    );
    gpu.dispatch(
      compact(),
      [wave.tokens, wave.lengths, active.rows, active.count, next.rows, next.count],
      [L],
      [1],
    );
    [active, next] = [next, active];
  };

  const first = readers.map(({ model: reader, caches }) =>
    readPrompts(gpu, reader, prompts, (layer, qkv, owner, positions) => {
      const total = (qkv.shape[0] * 2 * D) / lanes(element);
      gpu.dispatch(
        spread(element),
        [qkv, owner, positions, caches[layer]],
        [total, 2 * n, N, L],
        groupsFor(total, workgroupSize),
      );
    }),
  );
  temporary.push(...first);
  drawFrom(first, N);

  const shortest = prompts.reduce((least, prompt) => Math.min(least, prompt.length), L);
  for (let length = shortest + 1; length < L; length++) {
    drawFrom(
      readers.map(({ caches, step }) => step.record(wave, active, caches, L)),
      0,
    );
  }
  for (const tensor of temporary) gpu.disposeData(tensor.dataId);
  return wave;
}

/**
 * Reads all prompts in one packed pass.
 * @param onLayer is given the queries, keys and values [T,3D] of each layer, and whose tokens they are [T]
 * @returns [prompts, V] logits after the last token of each; the caller disposes it
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

  /** Returns the logits, [rows, V], of which the first `count` rows are filled. */
  record(
    wave: Wave,
    active: { rows: tf.TensorInfo; count: tf.TensorInfo },
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
