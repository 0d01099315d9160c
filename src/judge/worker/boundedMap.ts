/**
 * A map that forgets what was used longest ago. It keeps two generations: what is set or used goes into the young one,
 * and when that is full it becomes the old one, whose entries are forgotten unless they are used again. So it holds the
 * `limit / 2` entries used last, `limit` at most, and no operation has to look for the oldest entry.
 */
export class BoundedMap<K, V> {
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  readonly #generation: number;

  constructor(limit: number) {
    this.#generation = limit / 2;
  }

  /** Used longest ago first, roughly. */
  *values(): Iterable<V> {
    for (const [key, value] of this.#old) if (!this.#young.has(key)) yield value;
    yield* this.#young.values();
  }

  has(key: K): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  /** Also marks the entry as used. */
  get(key: K): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#generation) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: K): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
