/** Adds up the computing time of each station; waiting for a person is not counted, nor is a machine's sleep. */
import { ActiveTime } from '../../core/time/activeTime.ts';
import type { StationTimes } from './metrics.ts';
import { type Station, stations } from './samples.ts';

/** What each station usually takes, over all iterations of this thread. */
const usual = Object.fromEntries(stations.map((station) => [station, new ActiveTime()])) as Record<
  Station,
  ActiveTime
>;

export class Stopwatch {
  readonly #spent: Record<Station, number> = { sample: 0, score: 0, run: 0, filter: 0, update: 0 };

  /** Runs `work` on the account of `station`. */
  async at<T>(station: Station, work: () => T | Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work();
    } finally {
      this.#spent[station] += usual[station].count(performance.now() - from);
    }
  }

  times(): StationTimes {
    const { sample, score, run, filter, update } = this.#spent;
    return { sampleMs: sample, scoreMs: score, runMs: run, filterMs: filter, updateMs: update };
  }

  seconds(): number {
    return Object.values(this.#spent).reduce((sum, ms) => sum + ms, 0) / 1000;
  }
}
