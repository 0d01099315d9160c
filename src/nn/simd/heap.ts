/**
 * Memory for tensors inside the WebAssembly memory: blocks in size classes, kept for re-use when freed. Shapes vary
 * from batch to batch, so classes are an eighth of a power of two apart and a request takes a slightly larger free
 * block before new memory; what is held settles at the peak of what was in use at once.
 */

const alignment = 64;
/** Free blocks up to this many classes larger (1.7 times the size) are taken. */
const searchDistance = 6;
const pageBytes = 65536;

/** Class sizes: multiples of 64 up to 512, then eight to a doubling. */
export function sizeClass(bytes: number): { index: number; size: number } {
  const units = Math.max(1, Math.ceil(bytes / alignment));
  if (units <= 8) return { index: units - 1, size: units * alignment };
  const exponent = 31 - Math.clz32(units - 1);
  const step = 2 ** (exponent - 3);
  const eighth = Math.ceil(units / step);
  return { index: (exponent - 2) * 8 + (eighth - 9), size: eighth * step * alignment };
}

export class Heap {
  readonly #memory: WebAssembly.Memory;
  readonly #free: number[][] = [];
  readonly #classOf = new Map<number, number>();
  readonly #sizes: number[] = [];
  #top: number;
  /** Bytes in blocks that are in use. */
  used = 0;

  /** @param base first byte that may be given away */
  constructor(memory: WebAssembly.Memory, base: number) {
    this.#memory = memory;
    this.#top = Math.ceil(base / alignment) * alignment;
  }

  /** Bytes taken from the memory so far, in use or kept for re-use. */
  get held(): number {
    return this.#top;
  }

  /**
   * A block of at least `bytes`, aligned to 64. May grow the memory, which detaches views made before.
   * @throws RangeError when the engine gives no more memory
   */
  allocate(bytes: number): number {
    const { index, size } = sizeClass(bytes);
    for (let i = index; i <= index + searchDistance; i++) {
      const pointer = this.#free[i]?.pop();
      if (pointer !== undefined) {
        this.used += this.#sizes[i];
        return pointer;
      }
    }
    const pointer = this.#top;
    // One vector more than asked for, so that kernels may read (never write) past the end of the last block.
    this.#reserve(pointer + size + alignment);
    this.#top += size;
    this.#classOf.set(pointer, index);
    this.#sizes[index] = size;
    this.used += size;
    return pointer;
  }

  release(pointer: number): void {
    const index = this.#classOf.get(pointer)!;
    (this.#free[index] ??= []).push(pointer);
    this.used -= this.#sizes[index];
  }

  #reserve(end: number): void {
    const missing = end - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    // At least a quarter more, so that growing, which may copy, is rare.
    const generous = Math.max(missing, this.#memory.buffer.byteLength / 4);
    try {
      this.#memory.grow(Math.ceil(generous / pageBytes));
    } catch {
      this.#memory.grow(Math.ceil(missing / pageBytes));
    }
  }
}
