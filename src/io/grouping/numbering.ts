/** Small consecutive numbers for large keys, in order of appearance. */
export class Numbering {
  readonly #known = new Map<number, number>();

  get size(): number {
    return this.#known.size;
  }

  of(key: number): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.#known.size);
    return this.#known.size - 1;
  }
}
