/** What programs tried that no honest program does, counted and kept with the program that did it. */
import type { Attempt } from '../protocol.ts';
import { BoundedMap } from './boundedMap.ts';

const kept = 500;

export class Attempts {
  readonly #found = new BoundedMap<string, Attempt>(kept);

  note(kind: Attempt['kind'], what: string, source: string): void {
    const key = `${kind} ${what}\n${source}`;
    const known = this.#found.get(key);
    if (known) known.count++;
    else this.#found.set(key, { kind, what, source, count: 1 });
  }

  /** Most recent last. */
  list(): Attempt[] {
    return [...this.#found.values()];
  }
}

/** Outputs that only an odd program returns: `!returned a function`, not `!threw …`. */
export function exoticOutput(report: string): string | null {
  const match = /^!(returned an? (?:function|symbol|exotic|object).*)$/m.exec(report);
  return match?.[1] ?? null;
}
