/** Adds up the computing time of each station; waiting for a person is not counted. */
import type { StationTimes } from './metrics.ts';
import type { Station } from './samples.ts';

export class Stopwatch {
  private readonly spent: Record<Station, number> = { sample: 0, score: 0, run: 0, filter: 0, update: 0 };

  /** Runs `work` on the account of `station`. */
  async at<T>(station: Station, work: () => T | Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work();
    } finally {
      this.spent[station] += performance.now() - from;
    }
  }

  times(): StationTimes {
    const { sample, score, run, filter, update } = this.spent;
    return { sampleMs: sample, scoreMs: score, runMs: run, filterMs: filter, updateMs: update };
  }

  seconds(): number {
    return Object.values(this.spent).reduce((sum, ms) => sum + ms, 0) / 1000;
  }
}
