/**
 * Reading from the GPU. Reads that are issued together share one copy, one submit and one wait, and none is handed over
 * before the error scopes of what was recorded until then have said that no command was rejected.
 */
import type { BufferPool } from './bufferPool.ts';
import { DeviceLostError, GpuFaultError } from './errors.ts';

/** What reading needs of the backend. */
interface Recorder {
  /** The command encoder, outside any compute pass. */
  copies(): GPUCommandEncoder;
  flush(): void;
  /** Notes that a command was rejected. */
  fail(error: GpuFaultError): void;
  /** Throws what went wrong, if anything did. */
  assertAlive(): void;
}

interface ReadBatch {
  staging: GPUBuffer;
  used: number;
  bytes: Promise<ArrayBuffer>;
}

const stagingBytes = 2 ** 20;

export class JoinedReads {
  readonly #device: GPUDevice;
  readonly #pool: BufferPool;
  readonly #recorder: Recorder;
  #batch: ReadBatch | null = null;
  /** Times that JavaScript waited for the GPU to hand over memory. */
  count = 0;

  constructor(device: GPUDevice, pool: BufferPool, recorder: Recorder) {
    this.#device = device;
    this.#pool = pool;
    this.#recorder = recorder;
    this.#pushScopes();
  }

  /** The bytes of a buffer after everything recorded so far. */
  read({ buffer, offset }: GPUBufferBinding, bytes: number): Promise<ArrayBuffer> {
    let batch = this.#batch;
    if (!batch || batch.used + bytes > batch.staging.size) batch = this.#open(bytes);
    const at = batch.used;
    const copied = Math.max(4, bytes);
    batch.used += copied;
    this.#recorder.copies().copyBufferToBuffer(buffer, offset ?? 0, batch.staging, at, copied);
    return batch.bytes.then((all) => all.slice(at, at + bytes));
  }

  #open(bytes: number): ReadBatch {
    const staging = this.#pool.acquireBuffer(Math.max(bytes, stagingBytes), 0x1 | 0x8); // MAP_READ | COPY_DST
    const batch: ReadBatch = {
      staging,
      used: 0,
      bytes: Promise.resolve().then(() => this.#finish(batch)),
    };
    this.#batch = batch;
    return batch;
  }

  async #finish(batch: ReadBatch): Promise<ArrayBuffer> {
    if (this.#batch === batch) this.#batch = null;
    this.#recorder.flush();
    this.count++;
    const errors = this.#renewScopes();
    try {
      await batch.staging.mapAsync(0x1, 0, batch.used);
    } catch (cause) {
      // The mapping can fail a moment before the loss is announced.
      const patience = new Promise<null>((resolve) => setTimeout(resolve, 1000, null));
      const lost = await Promise.race([this.#device.lost, patience]);
      this.#recorder.assertAlive();
      throw lost ? new DeviceLostError(lost) : new GpuFaultError(`Reading from the GPU failed: ${cause}`);
    }
    const copy = batch.staging.getMappedRange(0, batch.used).slice(0);
    batch.staging.unmap();
    this.#pool.releaseBuffer(batch.staging);
    const error = (await errors).find((e) => e !== null);
    if (error) this.#recorder.fail(new GpuFaultError(`The GPU rejected a command: ${error.message}`));
    this.#recorder.assertAlive();
    return copy;
  }

  #pushScopes(): void {
    this.#device.pushErrorScope('out-of-memory');
    this.#device.pushErrorScope('validation');
  }

  /** What the scopes open until now have caught; others are open from here on. */
  #renewScopes(): Promise<(GPUError | null)[]> {
    const caught = [this.#device.popErrorScope(), this.#device.popErrorScope()];
    this.#pushScopes();
    return Promise.all(caught.map((p) => p.catch(() => null)));
  }
}
