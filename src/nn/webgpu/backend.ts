/**
 * tfjs's WebGPU backend, made fit for long training runs. tfjs's own lets failed dispatches return stale
 * memory, does not notice a lost device, and keeps every buffer for ever. This one
 *  - checks error scopes before any result reaches JavaScript, so a rejected command is an error, not a number;
 *  - turns device loss into a typed error at the next call;
 *  - pools buffers by size class (bufferPool.ts);
 *  - joins reads that are issued together into one readback (joinedReads.ts), and counts dispatches and readbacks;
 *  - runs our own programs (program.ts): several outputs, explicit layouts, cached uniforms (programCache.ts);
 *  - lets tensors be windows into one buffer, so that an optimiser can update all parameters in one dispatch.
 */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { tf } from '../tensors/tf.ts';
import { BufferPool } from './bufferPool.ts';
import { DeviceLostError, GpuFaultError } from './errors.ts';
import { JoinedReads } from './joinedReads.ts';
import type { GpuProgram } from './program.ts';
import { ProgramCache } from './programCache.ts';

type DataId = tf.TensorInfo['dataId'];

/** Work done since the counters were last reset. */
export interface GpuCounters {
  dispatches: number;
  /** Times that JavaScript waited for the GPU to hand over memory. */
  readbacks: number;
  /** Pipelines that were made, from the beginning on. */
  pipelines: number;
}

/** Which kernels to use where there are two: see probe.ts. */
export type KernelVariant = 'direct' | 'shared';

/** Bytes per window alignment: `minStorageBufferOffsetAlignment` of the baseline limits. */
export const windowAlignment = 256;

/** Dispatches per submit: large enough that submits cost nothing, small enough to start the GPU early. */
const dispatchesPerSubmit = 64;
/** The flag by which tfjs compiles pipelines without running them. */
const compileOnly = 'WEBGPU_ENGINE_COMPILE_ONLY';
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

interface TensorWindow {
  owner: DataId;
  offset: number;
  size: number;
}

export class GpuBackend extends WebGPUBackend {
  readonly pool: BufferPool;
  readonly info: GPUAdapterInfo;
  /** Set by the start-up probe. */
  variant: KernelVariant = 'direct';
  #failure: DeviceLostError | GpuFaultError | null = null;
  readonly #onFailure: (error: Error) => void;
  #closed = false;
  readonly #programs: ProgramCache;
  readonly #reads: JoinedReads;
  #dispatches = 0;
  readonly #windows = new WeakMap<DataId, TensorWindow>();
  readonly #inFlight: Promise<unknown>[] = [];

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
    this.#programs = new ProgramCache(device);
    this.#reads = new JoinedReads(device, this.pool, {
      copies: () => this.#copies(),
      flush: () => this.flush(),
      fail: (error) => this.#fail(error),
      assertAlive: () => this.assertAlive(),
    });
  }

  /** Throws what went wrong, if anything did. */
  assertAlive(): void {
    if (this.#failure) throw this.#failure;
  }

  get counters(): GpuCounters {
    return { dispatches: this.#dispatches, readbacks: this.#reads.count, pipelines: this.#programs.made };
  }

  /** From here on dispatches and readbacks are counted anew. */
  resetCounters(): void {
    this.#dispatches = 0;
    this.#reads.count = 0;
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
    const pipeline = this.#programs.pipeline(program, tf.env().getBool(compileOnly));
    if (pipeline instanceof Promise) return;
    const group = this.#programs.bind(
      program,
      tensors.map((tensor) => this.#binding(tensor.dataId)),
      params,
    );
    const inner = this.#inner;
    this.ensureCommandEncoderReady();
    inner.computePassEncoder ??= inner.commandEncoder!.beginComputePass();
    const pass = inner.computePassEncoder;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups[0], groups[1] ?? 1, groups[2] ?? 1);
    this.#dispatches++;
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
    tf.env().set(compileOnly, true);
    try {
      record();
    } finally {
      tf.env().set(compileOnly, false);
    }
    const tfjsPipelines: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>> =
      this.#inner.pipelineCache;
    const pending = [
      ...this.#programs.compiling(),
      ...Object.values(tfjsPipelines).filter((p): p is Promise<GPUComputePipeline> => p instanceof Promise),
    ];
    let done = 0;
    onProgress(0, pending.length);
    await Promise.all(pending.map((p) => p.then(() => onProgress(++done, pending.length))));
    await this.checkCompileCompletionAsync();
    await this.#programs.settle();
  }

  override runWebGPUProgram(
    ...args: Parameters<WebGPUBackend['runWebGPUProgram']>
  ): ReturnType<WebGPUBackend['runWebGPUProgram']> {
    this.assertAlive();
    if (!tf.env().getBool(compileOnly)) this.#dispatches++;
    return super.runWebGPUProgram(...args);
  }

  override submitQueue(): void {
    super.submitQueue();
    this.pool.trim();
    this.#programs.trim();
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
    this.uploadToGPU(dataId);
    const bytes = await this.#reads.read(this.#binding(dataId), tf.util.sizeFromShape(data.shape) * 4);
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
}
