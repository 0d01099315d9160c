/** The address of the page, which this page writes and others change: a person, a link, the browser's way back. */

/** What holds the address: in the product, `location` and `history`. */
export interface Place {
  /** The text behind "#". */
  fragment(): string;
  replace(fragment: string): void;
}

export class Address {
  readonly #place: Place;
  /** The fragment that was last read or written here. */
  #known = '';

  constructor(place: Place) {
    this.#place = place;
  }

  /** Somebody else changed it, and it was not read since. */
  get isChanged(): boolean {
    return this.#place.fragment() !== this.#known;
  }

  /** Takes note of what it says now. */
  read(): void {
    this.#known = this.#place.fragment();
  }

  /** Says `fragment`, unless somebody has just asked for something else: that must be read first. */
  write(fragment: string): void {
    if (this.isChanged || fragment === this.#known) return;
    this.#place.replace(fragment);
    this.read();
  }
}
