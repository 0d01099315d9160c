/**
 * AdamW on WebGPU in two dispatches, however many parameters there are. The parameters are moved into one flat
 * buffer, of which the model's tensors become windows; gradients are copied into another; the first dispatch
 * leaves 16 partial sums of squares, the second adds these up (every invocation for itself, in one order), clips and
 * updates. The norm never travels to JavaScript unless the caller reads it.
 */
import { tf } from '../../tensors/tf.ts';
import { type GpuBackend, windowAlignment } from '../../webgpu/backend.ts';
import { defineProgram, f32Bits } from '../../webgpu/program.ts';
import { flatIndex, groupsFor } from '../../webgpu/register.ts';
import { registerAdamW } from './adamw.ts';
import type { AdamWSettings, AdamWUpdater, Moments } from './updater.ts';

/** Workgroups that sum squares, and invocations in each. */
const sumGroups = 16;
const adders = 256;
const workgroupSize = 64;
/** Every parameter starts at a multiple of so many floats. */
const blockFloats = windowAlignment / 4;

export function registerAdamWOnWebGPU(): void {
  registerAdamW(
    'webgpu',
    (params, settings) => new AdamWOnWebGPU(tf.backend() as GpuBackend, params, settings),
  );
}

class AdamWOnWebGPU implements AdamWUpdater {
  readonly #gpu: GpuBackend;
  readonly #params: tf.Variable[];
  readonly #settings: AdamWSettings;
  /** Where each parameter starts in the flat buffers, in floats. */
  readonly #offsets: number[] = [];
  readonly #length: number;
  readonly #gradients: tf.TensorInfo;
  readonly #m: tf.TensorInfo;
  readonly #v: tf.TensorInfo;
  readonly #partials: tf.TensorInfo;
  /** Per block of 64: 1 where the parameter has a gradient. Uploaded again when that changes. */
  #present: { key: string; flags: tf.TensorInfo } | null = null;
  #weights: tf.TensorInfo | null = null;

  constructor(gpu: GpuBackend, params: tf.Variable[], settings: AdamWSettings) {
    this.#gpu = gpu;
    this.#params = params;
    this.#settings = settings;
    let at = 0;
    for (const { size } of params) {
      this.#offsets.push(at);
      at += Math.ceil(size / blockFloats) * blockFloats;
    }
    this.#length = at;
    this.#gradients = this.#zeros();
    this.#m = this.#zeros();
    this.#v = this.#zeros();
    this.#partials = gpu.output([sumGroups]);
  }

  update(grads: (tf.Tensor | null)[], learningRate: number, time: number): tf.Scalar {
    const gpu = this.#gpu;
    const settings = this.#settings;
    const weights = this.#adopt();
    const flags = this.#flagsOf(grads);
    grads.forEach((grad, i) => {
      if (grad) gpu.copy(grad, 0, this.#gradients, this.#offsets[i] * 4, grad.size * 4);
    });
    const n = this.#length / 4;
    const norm = gpu.output([]);
    gpu.dispatch(squares(), [this.#gradients, flags, this.#partials], [n], [sumGroups]);
    const numbers = [
      settings.beta1,
      settings.beta2,
      settings.eps,
      settings.clipNorm,
      learningRate / (1 - settings.beta1 ** time),
      1 / (1 - settings.beta2 ** time),
      1 - learningRate * settings.weightDecay,
    ];
    gpu.dispatch(
      step(),
      [this.#gradients, flags, this.#partials, weights, this.#m, this.#v, norm],
      [n, ...numbers.map(f32Bits)],
      groupsFor(n, workgroupSize),
    );
    return tf.engine().makeTensorFromTensorInfo(norm) as tf.Scalar;
  }

  async read(): Promise<Moments> {
    const [m, v] = (await Promise.all([this.#gpu.read(this.#m.dataId), this.#gpu.read(this.#v.dataId)])) as [
      Float32Array,
      Float32Array,
    ];
    const split = (flat: Float32Array) =>
      this.#params.map(({ size }, i) => flat.slice(this.#offsets[i], this.#offsets[i] + size));
    return { m: split(m), v: split(v) };
  }

  write({ m, v }: Moments): void {
    const join = (parts: Float32Array[]) => {
      const flat = new Float32Array(this.#length);
      parts.forEach((part, i) => {
        flat.set(part, this.#offsets[i]);
      });
      return flat;
    };
    this.#gpu.overwrite(this.#m, join(m));
    this.#gpu.overwrite(this.#v, join(v));
  }

  dispose(): void {
    const owned = [this.#gradients, this.#m, this.#v, this.#partials, this.#weights, this.#present?.flags];
    for (const tensor of owned) if (tensor) this.#gpu.disposeData(tensor.dataId);
  }

  #zeros(): tf.TensorInfo {
    const flat = this.#gpu.output([this.#length]);
    this.#gpu.clear(flat);
    return flat;
  }

  /**
   * Makes every parameter a window into one flat buffer, unless they are already. A variable that was assigned
   * to in the meantime (a loaded checkpoint) is taken in again.
   */
  #adopt(): tf.TensorInfo {
    const gpu = this.#gpu;
    const weights = this.#weights;
    if (weights && this.#params.every(({ dataId }) => gpu.ownerOf(dataId) === weights.dataId)) return weights;
    const flat = this.#zeros();
    this.#params.forEach((param, i) => {
      gpu.copy(param, 0, flat, this.#offsets[i] * 4, param.size * 4);
      const view = tf.engine().makeTensorFromTensorInfo(gpu.window(flat, this.#offsets[i] * 4, param.shape));
      param.assign(view);
      view.dispose();
    });
    if (weights) gpu.disposeData(weights.dataId);
    this.#weights = flat;
    return flat;
  }

  #flagsOf(grads: (tf.Tensor | null)[]): tf.TensorInfo {
    const key = grads.map((grad) => (grad ? 1 : 0)).join('');
    if (this.#present?.key === key) return this.#present.flags;
    if (this.#present) this.#gpu.disposeData(this.#present.flags.dataId);
    const values = new Int32Array(this.#length / blockFloats);
    grads.forEach((grad, i) => {
      if (grad)
        values.fill(1, this.#offsets[i] / blockFloats, (this.#offsets[i + 1] ?? this.#length) / blockFloats);
    });
    const flags = this.#gpu.makeTensorInfo([values.length], 'int32', values);
    this.#present = { key, flags };
    return flags;
  }
}

/** One partial sum of squares per workgroup; who adds what, and in which order, does not depend on the hardware. */
function squares() {
  return defineProgram({
    label: 'gradient norm',
    bindings: ['gradients: vec4f', 'present: i32', 'partials: f32 out'],
    params: ['n'],
    workgroup: [adders],
    module: `var<workgroup> sums: array<f32, ${adders}>;`,
    main: `
  var sum = 0.0;
  for (var i = gid.x; i < p.n; i += ${sumGroups * adders}u) {
    if (present[i / ${blockFloats / 4}u] != 0) { sum += dot(gradients[i], gradients[i]); }
  }
  sums[li] = sum;
  workgroupBarrier();
  if (li != 0u) { return; }
  for (var k = 1u; k < ${adders}u; k++) { sum += sums[k]; }
  partials[wid.x] = sum;`,
  });
}

/** `rate` = η/(1 − β₁ᵗ), `scale2` = 1/(1 − β₂ᵗ), `keep` = 1 − ηλ. */
function step() {
  const numbers = ['beta1', 'beta2', 'eps', 'clip', 'rate', 'scale2', 'keep'];
  return defineProgram({
    label: 'AdamW',
    bindings: [
      'gradients: vec4f',
      'present: i32',
      'partials: vec4f',
      'weights: vec4f out',
      'm: vec4f out',
      'v: vec4f out',
      'norm: f32 out',
    ],
    params: ['n', ...numbers],
    workgroup: [workgroupSize],
    main: `
  let i = ${flatIndex(workgroupSize)};
  if (i >= p.n) { return; }
  var sums = vec4f();
  for (var k = 0u; k < ${sumGroups / 4}u; k++) { sums += partials[k]; }
  let size = sqrt((sums.x + sums.y) + (sums.z + sums.w));
  if (i == 0u) { norm[0] = size; }
  // A test of bits, because compilers may assume that floats are finite.
  if ((bitcast<u32>(size) & 0x7f800000u) == 0x7f800000u || present[i / ${blockFloats / 4}u] == 0) { return; }
  ${numbers.map((name) => `let ${name} = bitcast<f32>(p.${name});`).join(' ')}
  let g = gradients[i] * min(1.0, clip / (size + 1e-6));
  let first = beta1 * m[i] + (1.0 - beta1) * g;
  let second = beta2 * v[i] + (1.0 - beta2) * g * g;
  m[i] = first;
  v[i] = second;
  weights[i] = keep * weights[i] - rate * first / (sqrt(second * scale2) + eps);`,
  });
}
