/**
 * The tfjs backend 'simd': tfjs's CPU backend with all its kernels, plus our fused kernels, whose tensors live in
 * WebAssembly memory. A tensor made by a JavaScript kernel is copied there when a fused kernel first reads it, and
 * stays. JavaScript kernels see either kind through `values`.
 */
import { MathBackendCPU, tf } from '../tensors/tf.ts';
import { Heap } from './heap.ts';
import type { SimdExports, SimdVariant } from './module.ts';

type DataId = tf.TensorInfo['dataId'];

/** A tensor's data in WebAssembly memory. The view is made anew after the memory has grown. */
class WasmData {
  readonly dtype: 'float32' | 'int32';
  readonly pointer: number;
  refCount: number;
  readonly #length: number;
  readonly #memory: WebAssembly.Memory;
  #view: Float32Array | Int32Array | undefined;

  constructor(
    memory: WebAssembly.Memory,
    pointer: number,
    length: number,
    dtype: 'float32' | 'int32',
    refCount: number,
  ) {
    this.#memory = memory;
    this.pointer = pointer;
    this.#length = length;
    this.dtype = dtype;
    this.refCount = refCount;
  }

  get values(): Float32Array | Int32Array {
    if (this.#view?.buffer !== this.#memory.buffer) {
      const View = this.dtype === 'float32' ? Float32Array : Int32Array;
      this.#view = new View(this.#memory.buffer, this.pointer, this.#length);
    }
    return this.#view;
  }
}

export class SimdBackend extends MathBackendCPU {
  readonly kernels: SimdExports;
  readonly variant: SimdVariant;
  readonly heap: Heap;
  #scratch = { pointer: 0, bytes: 0 };

  constructor(kernels: SimdExports, variant: SimdVariant) {
    super();
    this.kernels = kernels;
    this.variant = variant;
    this.heap = new Heap(kernels.memory, kernels.heapBase());
  }

  /** Address of a tensor's data, which is brought into WebAssembly memory first if need be. */
  pointer({ dataId }: tf.TensorInfo): number {
    const data = this.data.get(dataId);
    if (data instanceof WasmData) return data.pointer;
    const values = data.values as Float32Array | Int32Array;
    const dtype = data.dtype === 'float32' ? 'float32' : 'int32';
    const pointer = this.heap.allocate(4 * values.length);
    const resident = new WasmData(this.kernels.memory, pointer, values.length, dtype, data.refCount);
    resident.values.set(values);
    this.data.delete(dataId);
    this.data.set(dataId, resident);
    return pointer;
  }

  /** A new float32 tensor in WebAssembly memory, not initialised. */
  output(shape: number[]): { info: tf.TensorInfo; pointer: number } {
    const length = tf.util.sizeFromShape(shape);
    const pointer = this.heap.allocate(4 * length);
    const info = this.makeTensorInfo(shape, 'float32', new Float32Array(0));
    this.data.delete(info.dataId);
    this.data.set(info.dataId, new WasmData(this.kernels.memory, pointer, length, 'float32', 1));
    return { info, pointer };
  }

  /** Scratch memory for the duration of one kernel call. */
  workspace(bytes: number): number {
    if (bytes > this.#scratch.bytes) {
      if (this.#scratch.bytes > 0) this.heap.release(this.#scratch.pointer);
      this.#scratch = { pointer: this.heap.allocate(bytes), bytes };
    }
    return this.#scratch.pointer;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const data = this.data.has(dataId) ? this.data.get(dataId) : undefined;
    const gone = super.disposeData(dataId, force);
    if (gone && data instanceof WasmData) this.heap.release(data.pointer);
    return gone;
  }

  /**
   * A JavaScript kernel may give a view of its input, as `slice` does. The memory of that is used again when it is disposed,
   * so the result gets memory of its own.
   */
  override write(
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
  ): ReturnType<MathBackendCPU['write']> {
    const view = ArrayBuffer.isView(values) && values.buffer === this.kernels.memory.buffer;
    return super.write(view ? values.slice() : values, shape, dtype);
  }

  /** What leaves the backend is a copy: the memory of a tensor is used again when it is disposed. */
  override readSync(dataId: DataId): tf.backend_util.BackendValues {
    const data = this.data.get(dataId);
    return data instanceof WasmData ? data.values.slice() : super.readSync(dataId);
  }
}
