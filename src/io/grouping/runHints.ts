/**
 * Which column could tell runs apart, when rows come with the step, group and sample of an earlier row: one that is
 * the same in all the first rows and another in every row that meets one of them again.
 */
import { type Fields, textOf } from '../values.ts';

const remembered = 64;
const named = 3;

export class RunHints {
  readonly #first = new Map<number, Fields>();
  /** The value that all the first rows have, for columns where they do. */
  readonly #common = new Map<string, string>();
  #candidates: string[] | null = null;

  /** Takes note of one of the first rows. */
  remember(key: number, fields: Fields): void {
    if (this.#first.size >= remembered) return;
    const texts = scalars(fields);
    if (this.#first.size === 0) for (const [name, text] of texts) this.#common.set(name, text);
    else for (const [name, text] of this.#common) if (texts.get(name) !== text) this.#common.delete(name);
    this.#first.set(key, fields);
  }

  /** Compares a row with the first row of the same id. */
  compare(key: number, fields: Fields): void {
    const first = this.#first.get(key);
    if (!first || this.#candidates?.length === 0) return;
    const texts = scalars(fields);
    const candidates = this.#candidates ?? [...this.#common.keys()];
    this.#candidates = candidates.filter((name) => {
      const text = texts.get(name);
      return text !== undefined && text !== this.#common.get(name);
    });
  }

  /** Names of the columns that fit. */
  get columns(): string[] {
    return (this.#candidates ?? []).slice(0, named);
  }
}

function scalars(fields: Fields): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(fields))
    if (['string', 'number', 'boolean', 'bigint'].includes(typeof value)) found.set(name, textOf(value));
  return found;
}
