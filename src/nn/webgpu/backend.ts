/**
 * tfjs's WebGPU backend, made fit for long training runs. tfjs's own lets failed dispatches return stale
 * memory, does not notice a lost device, and keeps every buffer for ever. This one
 *  - checks an error scope before any result reaches JavaScript, so a rejected command is an error, not a number;
 *  - turns device loss into a typed error at the next call;
 *  - pools buffers by size class (bufferPool.ts);
 *  - joins reads that are issued together into one readback, and counts dispatches, submits and readbacks;
 *  - runs our own programs (program.ts): several outputs, explicit layouts, cached uniforms;
 *  - lets tensors be windows into one buffer, so that an optimiser can update all parameters in one dispatch.
 */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { tf } from '../tensors/tf.ts';
import { BufferPool } from './bufferPool.ts';
import { DeviceLostError, GpuFaultError } from './errors.ts';
import type { GpuProgram } from './program.ts';

type DataId = tf.TensorInfo['dataId'];

/** Work done since the counters were last reset. */
export interface GpuCounters {
  dispatches: number;
  submits: number;
  /** Times that JavaScript waited for the GPU to hand over memory. */
  readbacks: number;
  bytesRead: number;
  pipelines: number;
}

/** Which kernels to use where there are two: see probe.ts. */
export type KernelVariant = 'direct' | 'shared';

/** Bytes per window alignment: `minStorageBufferOffsetAlignment` of the baseline limits. */
export const windowAlignment = 256;

/** Dispatches per submit: large enough that submits cost nothing, small enough to start the GPU early. */
const dispatchesPerSubmit = 64;
const stagingBytes = 2 ** 20;
const uniformsKept = 1024;
const storageUsage = 0x80 | 0x4 | 0x8; // STORAGE | COPY_SRC | COPY_DST

/** The parts of tfjs's backend that it calls private. Version 4.22 is pinned. */
interface TfjsInternals {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  /** Tensors that recorded but unsubmitted commands use. */
  commandQueueOwnedIds: WeakSet<DataId>;
  dispatchCountInPass: number;
  pipelineCache: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>;
  tensorToBinding(tensor: tf.TensorInfo): GPUBindingResource | null;
  releaseResource(dataId: DataId): void;
}

interface ReadBatch {
  staging: GPUBuffer;
  used: number;
  bytes: Promise<ArrayBuffer>;
}

interface TensorWindow {
  owner: DataId;
  offset: number;
  size: number;
}

export class GpuBackend extends WebGPUBackend {
  readonly counters: GpuCounters = { dispatches: 0, submits: 0, readbacks: 0, bytesRead: 0, pipelines: 0 };
  readonly pool: BufferPool;
  readonly info: GPUAdapterInfo;
  /** Set by the start-up probe. */
  variant: KernelVariant = 'direct';
  #failure: DeviceLostError | GpuFaultError | null = null;
  readonly #onFailure: (error: Error) => void;
  #closed = false;
  readonly #programs = new Map<GpuProgram, GPUComputePipeline | Promise<GPUComputePipeline>>();
  readonly #layouts = new Map<string, { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout }>();
  readonly #uniforms = new Map<string, GPUBuffer>();
  readonly #windows = new WeakMap<DataId, TensorWindow>();
  readonly #inFlight: Promise<unknown>[] = [];
  #reading: ReadBatch | null = null;

  /**
   * @param onFailure called once, when the device is lost or rejects a command; also thrown by the next call
   */
  constructor(device: GPUDevice, info: GPUAdapterInfo, onFailure: (error: Error) => void = () => {}) {
    super(device, info);
    this.#onFailure = onFailure;
    this.info = info;
    this.pool = new BufferPool(device);
    this.bufferManager = this.pool as unknown as typeof this.bufferManager;
    this.#inner.tensorToBinding = (tensor: tf.TensorInfo) => tensor && this.#binding(tensor.dataId);
    const release = this.#inner.releaseResource.bind(this);
    this.#inner.releaseResource = (dataId: DataId) => {
      const window = this.#windows.get(dataId);
      release(dataId);
      if (window) this.disposeData(window.owner);
    };
    device.onuncapturederror = (event) => {
      this.#fail(new GpuFaultError(`The GPU reported an error: ${event.error.message}`));
    };
    device.lost.then((lost) => {
      if (!this.#closed) this.#fail(new DeviceLostError(lost));
    });
    this.#openErrorScopes();
  }

  /** Throws what went wrong, if anything did. */
  assertAlive(): void {
    if (this.#failure) throw this.#failure;
  }

  resetCounters(): void {
    this.counters.dispatches = 0;
    this.counters.submits = 0;
    this.counters.readbacks = 0;
    this.counters.bytesRead = 0;
  }

  /** An uninitialised tensor on the GPU: dispatches fill it. */
  output(shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.TensorInfo {
    return this.makeTensorInfo(shape, dtype);
  }

  /**
   * Records one dispatch.
   * @param tensors in the order of the program's bindings; written ones must not appear twice
   * @param params unsigned integers (or `f32Bits`) in the order of the program's params
   * @param groups workgroups in x, y, z; each at most 65,535
   */
  dispatch(
    program: GpuProgram,
    tensors: tf.TensorInfo[],
    params: number[],
    groups: [number, number?, number?],
  ): void {
    this.assertAlive();
    if (tensors.length !== program.bindings.length || params.length !== program.params.length) {
      throw new Error(
        `${program.label} takes ${program.bindings.length} tensors and ${program.params.length} parameters, got ${tensors.length} and ${params.length}.`,
      );
    }
    for (const tensor of tensors) this.uploadToGPU(tensor.dataId);
    const pipeline = this.#pipeline(program);
    if (pipeline instanceof Promise) return;
    const entries = tensors.map((tensor, i) => ({ binding: i, resource: this.#binding(tensor.dataId) }));
    entries.push({ binding: tensors.length, resource: { buffer: this.#uniform(params) } });
    const group = this.device.createBindGroup({ layout: this.#layout(program).group, entries });
    const inner = this.#inner;
    this.ensureCommandEncoderReady();
    inner.computePassEncoder ??= inner.commandEncoder!.beginComputePass();
    const pass = inner.computePassEncoder;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups[0], groups[1] ?? 1, groups[2] ?? 1);
    this.counters.dispatches++;
    for (const tensor of tensors) inner.commandQueueOwnedIds.add(tensor.dataId);
    if (++inner.dispatchCountInPass >= dispatchesPerSubmit) this.flush();
  }

  /** Records a copy between tensors on the GPU, offsets and length in bytes (multiples of 4). No dispatch. */
  copy(from: tf.TensorInfo, fromOffset: number, to: tf.TensorInfo, toOffset: number, bytes: number): void {
    this.assertAlive();
    this.uploadToGPU(from.dataId);
    this.uploadToGPU(to.dataId);
    const source = this.#binding(from.dataId);
    const target = this.#binding(to.dataId);
    this.#copies().copyBufferToBuffer(
      source.buffer,
      (source.offset ?? 0) + fromOffset,
      target.buffer,
      (target.offset ?? 0) + toOffset,
      bytes,
    );
    this.#inner.commandQueueOwnedIds.add(from.dataId);
    this.#inner.commandQueueOwnedIds.add(to.dataId);
  }

  /** Overwrites a tensor's content from JavaScript, after everything recorded so far. */
  overwrite(tensor: tf.TensorInfo, values: Float32Array | Int32Array | Uint32Array): void {
    this.uploadToGPU(tensor.dataId);
    this.flush();
    const { buffer, offset } = this.#binding(tensor.dataId);
    this.queue.writeBuffer(
      buffer,
      offset ?? 0,
      values.buffer as ArrayBuffer,
      values.byteOffset,
      values.byteLength,
    );
  }

  /** Fills a tensor with zero bits. */
  clear(tensor: tf.TensorInfo): void {
    this.uploadToGPU(tensor.dataId);
    const { buffer, offset, size } = this.#binding(tensor.dataId);
    this.#copies().clearBuffer(buffer, offset ?? 0, size);
    this.#inner.commandQueueOwnedIds.add(tensor.dataId);
  }

  /**
   * A tensor that is a window into `owner`, from byte `offset` (a multiple of 256). It keeps the owner's memory
   * alive; the owner may be disposed of first.
   */
  window(owner: tf.TensorInfo, offset: number, shape: number[]): tf.TensorInfo {
    this.uploadToGPU(owner.dataId);
    const info = this.makeTensorInfo(shape, owner.dtype);
    const data = this.tensorMap.get(info.dataId);
    data.resource = this.tensorMap.get(owner.dataId).resource;
    data.external = true;
    const size = Math.max(16, Math.ceil((tf.util.sizeFromShape(shape) * 4) / 16) * 16);
    this.#windows.set(info.dataId, { owner: owner.dataId, offset, size });
    this.incRef(owner.dataId);
    return info;
  }

  /** The window's owner, when the tensor is one. */
  ownerOf(dataId: DataId): DataId | undefined {
    return this.#windows.get(dataId)?.owner;
  }

  /** Submits what is recorded. */
  flush(): void {
    if (!this.#inner.commandEncoder) return;
    this.endComputePassEncoder();
    this.submitQueue();
  }

  /** Waits until at most `steps` earlier calls of this method are unfinished, so that queues stay short. */
  async throttle(steps: number): Promise<void> {
    this.flush();
    // A lost device rejects these, some after nobody waits for them any more; `assertAlive` tells.
    this.#inFlight.push(this.queue.onSubmittedWorkDone().catch(() => {}));
    while (this.#inFlight.length > steps) await this.#inFlight.shift();
    this.assertAlive();
  }

  /**
   * Runs `record` without executing it, compiling every pipeline that it meets in parallel. Tensors it makes
   * are garbage and must be disposed of.
   */
  async compile(
    record: () => void,
    onProgress: (done: number, total: number) => void = () => {},
  ): Promise<void> {
    const flag = 'WEBGPU_ENGINE_COMPILE_ONLY';
    tf.env().set(flag, true);
    try {
      record();
    } finally {
      tf.env().set(flag, false);
    }
    const tfjsPipelines: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>> =
      this.#inner.pipelineCache;
    const pending = [...this.#programs.values(), ...Object.values(tfjsPipelines)].filter(
      (p): p is Promise<GPUComputePipeline> => p instanceof Promise,
    );
    let done = 0;
    onProgress(0, pending.length);
    await Promise.all(pending.map((p) => p.then(() => onProgress(++done, pending.length))));
    await this.checkCompileCompletionAsync();
    for (const [program, pipeline] of this.#programs) this.#programs.set(program, await pipeline);
  }

  override runWebGPUProgram(
    ...args: Parameters<WebGPUBackend['runWebGPUProgram']>
  ): ReturnType<WebGPUBackend['runWebGPUProgram']> {
    this.assertAlive();
    if (!tf.env().getBool('WEBGPU_ENGINE_COMPILE_ONLY')) this.counters.dispatches++;
    return super.runWebGPUProgram(...args);
  }

  override submitQueue(): void {
    this.counters.submits++;
    super.submitQueue();
    this.pool.trim();
    if (this.#uniforms.size > uniformsKept) {
      for (const buffer of this.#uniforms.values()) buffer.destroy();
      this.#uniforms.clear();
    }
  }

  override uploadToGPU(dataId: DataId): void {
    const data = this.tensorMap.get(dataId);
    if (data.resource != null) return;
    const buffer = this.pool.acquireBuffer(tf.util.sizeFromShape(data.shape) * 4, storageUsage);
    if (data.values) {
      const words = data.dtype === 'float32' ? Float32Array : Int32Array;
      const values =
        data.values instanceof words ? data.values : words.from(data.values as ArrayLike<number>);
      this.queue.writeBuffer(buffer, 0, values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
      data.values = null as unknown as typeof data.values;
    }
    data.resource = buffer;
  }

  /** Reads issued before the next microtask share one copy, one submit and one wait. */
  override async read(dataId: DataId): Promise<tf.BackendValues> {
    this.assertAlive();
    const data = this.tensorMap.get(dataId);
    if (data.values) return data.values;
    const bytes = await this.#readBytes({ dataId, shape: data.shape, dtype: data.dtype });
    return tf.util.convertBackendValuesAndArrayBuffer(bytes, data.dtype);
  }

  override readSync(dataId: DataId): tf.BackendValues {
    const { values } = this.tensorMap.get(dataId);
    if (values) return values;
    this.assertAlive();
    throw new Error('A GPU tensor cannot be read synchronously: use data() instead of dataSync().');
  }

  override dispose(): void {
    this.#closed = true;
    this.#failure ??= new DeviceLostError({ reason: 'destroyed', message: '' });
    super.dispose();
    this.device.destroy();
  }

  get #inner(): TfjsInternals {
    return this as unknown as TfjsInternals;
  }

  /** The command encoder, outside any compute pass: where copies go. */
  #copies(): GPUCommandEncoder {
    this.ensureCommandEncoderReady();
    this.endComputePassEncoder();
    return this.#inner.commandEncoder!;
  }

  #readBytes(tensor: tf.TensorInfo): Promise<ArrayBuffer> {
    const bytes = tf.util.sizeFromShape(tensor.shape) * 4;
    this.uploadToGPU(tensor.dataId);
    let batch = this.#reading;
    if (!batch || batch.used + bytes > batch.staging.size) batch = this.#openReadBatch(bytes);
    const { buffer, offset } = this.#binding(tensor.dataId);
    const at = batch.used;
    batch.used += Math.max(4, bytes);
    this.#copies().copyBufferToBuffer(buffer, offset ?? 0, batch.staging, at, Math.max(4, bytes));
    this.counters.bytesRead += bytes;
    return batch.bytes.then((all) => all.slice(at, at + bytes));
  }

  #openReadBatch(bytes: number): ReadBatch {
    const staging = this.pool.acquireBuffer(Math.max(bytes, stagingBytes), 0x1 | 0x8); // MAP_READ | COPY_DST
    const batch: ReadBatch = {
      staging,
      used: 0,
      bytes: Promise.resolve().then(() => this.#finishReading(batch)),
    };
    this.#reading = batch;
    return batch;
  }

  async #finishReading(batch: ReadBatch): Promise<ArrayBuffer> {
    if (this.#reading === batch) this.#reading = null;
    this.flush();
    this.counters.readbacks++;
    const errors = this.#openErrorScopes();
    try {
      await batch.staging.mapAsync(0x1, 0, batch.used);
    } catch (cause) {
      // The mapping can fail a moment before the loss is announced.
      const patience = new Promise<null>((resolve) => setTimeout(resolve, 1000, null));
      const lost = await Promise.race([this.device.lost, patience]);
      throw (
        this.#failure ??
        (lost ? new DeviceLostError(lost) : new GpuFaultError(`Reading from the GPU failed: ${cause}`))
      );
    }
    const copy = batch.staging.getMappedRange(0, batch.used).slice(0);
    batch.staging.unmap();
    this.pool.releaseBuffer(batch.staging);
    const error = (await errors).find((e) => e !== null);
    if (error) this.#fail(new GpuFaultError(`The GPU rejected a command: ${error.message}`));
    this.assertAlive();
    return copy;
  }

  /** Opens error scopes for what comes next and returns what the scopes open until now have caught. */
  #openErrorScopes(): Promise<(GPUError | null)[]> {
    const first = !this.#scopesOpen;
    const caught = first ? [] : [this.device.popErrorScope(), this.device.popErrorScope()];
    this.#scopesOpen = true;
    this.device.pushErrorScope('out-of-memory');
    this.device.pushErrorScope('validation');
    return Promise.all(caught.map((p) => p.catch(() => null)));
  }

  #scopesOpen = false;

  #fail(error: DeviceLostError | GpuFaultError): void {
    if (this.#failure || this.#closed) return;
    this.#failure = error;
    this.#onFailure(error);
  }

  #binding(dataId: DataId): GPUBufferBinding {
    const buffer = this.tensorMap.get(dataId).resource as GPUBuffer;
    const window = this.#windows.get(dataId);
    return window ? { buffer, offset: window.offset, size: window.size } : { buffer };
  }

  #pipeline(program: GpuProgram): GPUComputePipeline | Promise<GPUComputePipeline> {
    const known = this.#programs.get(program);
    const compileOnly = tf.env().getBool('WEBGPU_ENGINE_COMPILE_ONLY');
    if (known) {
      if (compileOnly && !(known instanceof Promise)) return Promise.resolve(known);
      if (!compileOnly && known instanceof Promise)
        throw new Error(`${program.label} is still being compiled.`);
      return known;
    }
    const descriptor: GPUComputePipelineDescriptor = {
      label: program.label,
      layout: this.#layout(program).pipeline,
      compute: { module: this.device.createShaderModule({ label: program.label, code: program.code }) },
    };
    const made = compileOnly
      ? this.device.createComputePipelineAsync(descriptor)
      : this.device.createComputePipeline(descriptor);
    this.#programs.set(program, made);
    this.counters.pipelines++;
    return made;
  }

  #layout(program: GpuProgram): { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout } {
    const signature = program.bindings.map((b) => b.access[0]).join('');
    const known = this.#layouts.get(signature);
    if (known) return known;
    const entries: GPUBindGroupLayoutEntry[] = program.bindings.map((b, i) => ({
      binding: i,
      visibility: 0x4, // COMPUTE
      buffer: { type: b.access === 'read' ? 'read-only-storage' : 'storage' },
    }));
    entries.push({ binding: entries.length, visibility: 0x4, buffer: { type: 'uniform' } });
    const group = this.device.createBindGroupLayout({ entries });
    const layout = { group, pipeline: this.device.createPipelineLayout({ bindGroupLayouts: [group] }) };
    this.#layouts.set(signature, layout);
    return layout;
  }

  /** Uniforms are immutable and shared by content: shapes recur, so in steady state nothing is written. */
  #uniform(params: number[]): GPUBuffer {
    const key = params.join();
    const known = this.#uniforms.get(key);
    if (known) return known;
    const words = new Uint32Array(Math.max(4, Math.ceil(params.length / 4) * 4));
    words.set(params);
    const buffer = this.device.createBuffer({ size: words.byteLength, usage: 0x40 | 0x8 }); // UNIFORM | COPY_DST
    this.queue.writeBuffer(buffer, 0, words);
    this.#uniforms.set(key, buffer);
    return buffer;
  }
}
