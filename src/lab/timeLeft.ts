/** How long an experiment still takes, from the pace so far. Pauses do not count. */
export class TimeLeft {
  #total: number;
  #done = 0;
  /** Milliseconds of running, up to the last pause. */
  #elapsed = 0;
  #since: number | null = null;

  /** @param total units of work, such as iterations over all runs */
  constructor(total: number) {
    this.#total = total;
  }

  resume(now: number): void {
    this.#since ??= now;
  }

  pause(now: number): void {
    if (this.#since !== null) this.#elapsed += now - this.#since;
    this.#since = null;
  }

  advance(units: number): void {
    this.#done += units;
  }

  /** Work that will not be done after all. */
  skip(units: number): void {
    this.#total -= units;
  }

  /** `secondsLeft` is null until there is a pace to judge by. */
  report(now: number): { done: number; total: number; secondsLeft: number | null } {
    const elapsed = this.#elapsed + (this.#since === null ? 0 : now - this.#since);
    const secondsLeft = this.#done < 2 ? null : ((elapsed / this.#done) * (this.#total - this.#done)) / 1000;
    return { done: this.#done, total: this.#total, secondsLeft };
  }
}
