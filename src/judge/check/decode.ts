/** Canonical text back into JavaScript source, so that one sandbox's output can be another one's input. */

/** @param text as `encode` writes it, not starting with '!' @returns an expression that makes the value anew */
export function sourceOf(text: string): string {
  const reader = new Reader(text);
  return reader.value();
}

/** @param text of an array @returns the canonical text of each item */
export function itemsOf(text: string): string[] {
  return new Reader(text).parts();
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): string {
    const next = this.#text[this.#at];
    if (next === '"') return this.#take(/"(?:[^"\\]|\\.)*"/y);
    if (next === '[') return `[${this.#items('[', ']').join(',')}]`;
    if (next === '{') return `{${this.#items('{', '}').join(',')}}`;
    if (next === 'M') return `new Map([${this.#collection('Map')}])`;
    if (next === 'S') return `new Set([${this.#collection('Set')}])`;
    if (next === 'D') return `new ${this.#take(/Date\([^)]*\)/y)}`;
    // Numbers, bigints, NaN, Infinity, true, false, null, undefined: their own source.
    return this.#take(/[-+.\w]+/y);
  }

  /** The items of an array, as they stand. */
  parts(): string[] {
    const parts: string[] = [];
    this.#at = 1;
    while (this.#text[this.#at] !== ']') {
      if (this.#text[this.#at] === ',') this.#at++;
      const from = this.#at;
      this.value();
      parts.push(this.#text.slice(from, this.#at));
    }
    return parts;
  }

  #collection(name: string): string {
    this.#at += name.length;
    return this.#items('[', ']').join(',');
  }

  #items(open: string, close: string): string[] {
    const items: string[] = [];
    this.#at++;
    while (this.#text[this.#at] !== close) {
      if (this.#text[this.#at] === ',') this.#at++;
      if (open === '{') {
        // A computed key, so that `__proto__` is a key like any other.
        const key = this.#take(/"(?:[^"\\]|\\.)*"/y);
        this.#at++;
        items.push(`[${key}]:${this.value()}`);
      } else items.push(this.value());
    }
    this.#at++;
    return items;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match)
      throw new SyntaxError(`no canonical text at ${this.#at}: ${this.#text.slice(this.#at, this.#at + 40)}`);
    this.#at = pattern.lastIndex;
    return match[0];
  }
}
