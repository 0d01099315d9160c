/**
 * Reads an address parameter by parameter. It moves a value that does not fit to the nearest that does, and notes it.
 */
import type { LinkParam } from './linkParams.ts';

/** Hands out parameters one by one and notes what does not fit. A parameter that nobody takes is unknown. */
export class LinkReader {
  readonly changes: string[];
  #params: URLSearchParams;
  #taken = new Set<string>();

  constructor(params: URLSearchParams, changes: string[]) {
    this.#params = params;
    this.changes = changes;
  }

  has(name: LinkParam): boolean {
    return this.#params.has(name);
  }

  /** Whether the link has a parameter of such a name. */
  says(such: (name: string) => boolean): boolean {
    return [...this.#params.keys()].some(such);
  }

  text(name: LinkParam): string {
    return this.#take(name) ?? '';
  }

  choice<Value extends string>(name: LinkParam, allowed: readonly Value[], fallback: Value): Value {
    const value = this.#take(name);
    if (value === null) return fallback;
    const found = allowed.find((each) => each === value);
    if (found === undefined) {
      this.changes.push(
        `The link's ${name} must be one of ${allowed.join(', ')}, and is "${value}". It is ${fallback} now.`,
      );
    }
    return found ?? fallback;
  }

  flag(name: LinkParam): boolean {
    return this.choice(name, ['0', '1'], '0') === '1';
  }

  integer(name: LinkParam, min: number, max: number, fallback: number): number {
    const text = this.#take(name);
    if (text === null) return fallback;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const used = Number.isNaN(value) ? fallback : Math.min(max, Math.max(min, Math.round(value)));
    if (used !== value) {
      this.changes.push(
        `The link's ${name} must be a whole number from ${min} to ${max}, and is "${text}". It is ${used} now.`,
      );
    }
    return used;
  }

  /** Each value counts once; an empty text is an empty list. */
  list<Value extends string>(
    name: LinkParam,
    allowed: readonly Value[],
    fallback: readonly Value[],
  ): readonly Value[] {
    const text = this.#take(name);
    if (text === null) return fallback;
    const kept: Value[] = [];
    for (const part of text.split(',').filter((each) => each !== '')) {
      const found = allowed.find((each) => each === part);
      if (found === undefined) {
        this.changes.push(`The link's ${name} may hold ${allowed.join(', ')}; "${part}" was ignored.`);
      } else if (!kept.includes(found)) kept.push(found);
    }
    return kept;
  }

  /** Arms by their methods; the same may come twice, and there is at least one. */
  arms(
    isArm: (text: string) => boolean,
    methods: readonly string[],
    fallback: readonly string[],
  ): readonly string[] {
    const text = this.#take('arms');
    if (text === null) return fallback;
    const parts = text.split(',').filter((each) => each !== '');
    for (const part of parts.filter((each) => !isArm(each))) {
      this.changes.push(`The link's arms may hold ${methods.join(', ')}; "${part}" was ignored.`);
    }
    const kept = parts.filter(isArm);
    if (kept.length > 0) return kept;
    this.changes.push("The link's arms names nothing to show; the preset's are shown.");
    return fallback;
  }

  /** Whole numbers from 1 to the given limits, separated by commas; null when the link has none that fit. */
  numbers(name: LinkParam, what: string, limits: readonly number[]): number[] | null {
    const text = this.#take(name);
    if (text === null) return null;
    const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    const fits = (value: number, i: number) => Number.isInteger(value) && value >= 1 && value <= limits[i];
    if (values.length === limits.length && values.every(fits)) return values;
    this.changes.push(
      `The link's ${name} must be ${what}, at most ${limits.join(', ')}, and is "${text}". It was ignored.`,
    );
    return null;
  }

  *prefixed(prefix: string): Generator<[key: string, value: string]> {
    for (const [name, value] of this.#params) {
      if (!name.startsWith(prefix)) continue;
      this.#taken.add(name);
      yield [name.slice(prefix.length), value];
    }
  }

  /** Notes the parameters that nobody took. */
  rest(): void {
    for (const name of new Set(this.#params.keys())) {
      if (!this.#taken.has(name))
        this.changes.push(`The link's "${name}" means nothing here and was ignored.`);
    }
  }

  #take(name: string): string | null {
    this.#taken.add(name);
    return this.#params.get(name);
  }
}
