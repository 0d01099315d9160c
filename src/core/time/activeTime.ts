/**
 * Time that work really took. A laptop that was closed, a tab that was frozen: clocks go on, and an hour of sleep
 * would pass for an hour of training. No clock of the browser says so, but such a span is far longer than any before.
 */

/** Spans up to here are believed without a precedent. */
const unsuspicious = 60_000;
/** A span is also believed when it is at most this many times longer than the longest so far. */
const atMost = 10;

export class ActiveTime {
  #longest = 0;

  /** Milliseconds that count of a span of so many; a span in which the machine slept counts as the longest so far. */
  count(ms: number): number {
    if (ms <= Math.max(unsuspicious, atMost * this.#longest)) {
      this.#longest = Math.max(this.#longest, ms);
      return ms;
    }
    return this.#longest > 0 ? this.#longest : unsuspicious;
  }
}
