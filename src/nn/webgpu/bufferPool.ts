/**
 * GPU buffers by size class. tfjs keeps one free list per exact size and never gives anything back, so ragged
 * batches (a new length each step) make it grow without bound. Here sizes are rounded up to a few classes per
 * octave, which lets nearly every step reuse the buffers of the step before, and idle buffers beyond a budget
 * are destroyed, least recently used first.
 */

/** Classes per octave: 4 wastes at most 25 % of a buffer and 10 % on average. */
const classesPerOctave = 4;
const smallestBuffer = 256;

/** The size in bytes that a request for `bytes` really gets: a multiple of 256, hence of a vec4. */
export function sizeClass(bytes: number): number {
  if (bytes <= smallestBuffer) return smallestBuffer;
  const octave = 2 ** Math.floor(Math.log2(bytes));
  const step = Math.max(smallestBuffer, octave / classesPerOctave);
  return Math.ceil(bytes / step) * step;
}

interface Idle {
  buffer: GPUBuffer;
  /** Value of the pool's clock when it was given back. */
  since: number;
}

/** Stands in for tfjs's BufferManager: same methods and counters, bounded memory. */
export class BufferPool {
  numBytesUsed = 0;
  numBytesAllocated = 0;
  readonly #device: GPUDevice;
  readonly #idleBudget: number;
  readonly #idle = new Map<string, Idle[]>();
  readonly #used = new Set<GPUBuffer>();
  #idleBytes = 0;
  #clock = 0;

  /** @param idleBudget bytes of unused buffers to keep for reuse */
  constructor(device: GPUDevice, idleBudget = 256 * 2 ** 20) {
    this.#device = device;
    this.#idleBudget = idleBudget;
  }

  /** A buffer of at least `bytes`. Its content is whatever was in it, unless it is mapped at creation. */
  acquireBuffer(
    bytes: number,
    usage: GPUBufferUsageFlags,
    mappedAtCreation = false,
    reuse = true,
  ): GPUBuffer {
    const size = sizeClass(bytes);
    const held = reuse ? this.#idle.get(key(size, usage))?.pop() : undefined;
    let buffer = held?.buffer;
    if (buffer) this.#idleBytes -= size;
    else {
      buffer = this.#device.createBuffer({ size, usage, mappedAtCreation });
      this.numBytesAllocated += size;
    }
    this.#used.add(buffer);
    this.numBytesUsed += size;
    return buffer;
  }

  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    if (!this.#used.delete(buffer)) return;
    this.numBytesUsed -= buffer.size;
    if (!reuse) {
      this.#destroy(buffer);
      return;
    }
    const list = this.#idle.get(key(buffer.size, buffer.usage));
    const entry = { buffer, since: ++this.#clock };
    if (list) list.push(entry);
    else this.#idle.set(key(buffer.size, buffer.usage), [entry]);
    this.#idleBytes += buffer.size;
  }

  /** Destroys idle buffers until the budget holds. Call when nothing recorded is still unsubmitted. */
  trim(budget = this.#idleBudget): void {
    while (this.#idleBytes > budget) {
      let oldest: Idle[] | undefined;
      for (const list of this.#idle.values()) {
        if (list.length > 0 && (!oldest || list[0].since < oldest[0].since)) oldest = list;
      }
      const entry = oldest?.shift();
      if (!entry) return;
      this.#idleBytes -= entry.buffer.size;
      this.#destroy(entry.buffer);
    }
  }

  getNumUsedBuffers(): number {
    return this.#used.size;
  }

  getNumFreeBuffers(): number {
    let count = 0;
    for (const list of this.#idle.values()) count += list.length;
    return count;
  }

  dispose(): void {
    this.trim(0);
    for (const buffer of this.#used) this.#destroy(buffer);
    this.#used.clear();
    this.numBytesUsed = 0;
  }

  #destroy(buffer: GPUBuffer): void {
    this.numBytesAllocated -= buffer.size;
    buffer.destroy();
  }
}

function key(size: number, usage: number): string {
  return `${size}_${usage}`;
}
