/** How long an experiment still takes, from the pace so far. Pauses do not count, nor does a machine's sleep. */
import { ActiveTime } from './activeTime.ts';

export class TimeLeft {
  #total: number;
  #already: number;
  #done = 0;
  /** Milliseconds of running, up to the last look at the clock. */
  #elapsed = 0;
  #spans = new ActiveTime();
  /** When that was; null during a pause. */
  #since: number | null = null;

  /**
   * @param total units of work, such as iterations over all runs
   * @param already how many of them were done before: they say nothing about the pace
   */
  constructor(total: number, already = 0) {
    this.#total = total;
    this.#already = already;
  }

  resume(now: number): void {
    this.#since ??= now;
  }

  pause(now: number): void {
    this.elapsed(now);
    this.#since = null;
  }

  advance(units: number): void {
    this.#done += units;
  }

  /** Work that will not be done after all. */
  skip(units: number): void {
    this.#total -= units;
  }

  /** Milliseconds of running so far. */
  elapsed(now: number): number {
    if (this.#since === null) return this.#elapsed;
    this.#elapsed += this.#spans.count(now - this.#since);
    this.#since = now;
    return this.#elapsed;
  }

  /** `secondsLeft` is null until there is a pace to judge by. */
  report(now: number): { done: number; total: number; secondsLeft: number | null } {
    const done = this.#already + this.#done;
    const left = this.#total - done;
    const secondsLeft = this.#done < 2 ? null : ((this.elapsed(now) / this.#done) * left) / 1000;
    return { done, total: this.#total, secondsLeft };
  }
}
