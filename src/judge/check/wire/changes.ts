/**
 * Notices what changed of the objects that both sides know, though no message led to them: a list that a program keeps
 * and adds to after it gave it away, an object of the program's that a test writes to. The latest small ones are watched.
 */

/** Objects that are watched, and the longest that one may be in text. */
const mostWatched = 48;
const longest = 4000;

type Sketch = (thing: object) => string;

export class Changes {
  readonly #known = new Map<object, string>();

  /** Notes how things are now. */
  remember(things: readonly unknown[], sketch: Sketch): void {
    for (let i = things.length > mostWatched ? things.length - mostWatched : 0; i < things.length; i++) {
      const thing = things[i];
      if (typeof thing !== 'object' || thing === null || isLarge(thing)) continue;
      const text = sketch(thing);
      this.#known.delete(thing);
      if (text.length <= longest) this.#known.set(thing, text);
    }
    for (const thing of this.#known.keys()) {
      if (this.#known.size <= mostWatched) break;
      this.#known.delete(thing);
    }
  }

  /** @param tell is told of what is not as it was */
  changed(sketch: Sketch, tell: (thing: object) => void): void {
    for (const [thing, text] of this.#known) if (isLarge(thing) || sketch(thing) !== text) tell(thing);
  }
}

function isLarge(thing: object): boolean {
  return Array.isArray(thing) && thing.length > longest / 2;
}
