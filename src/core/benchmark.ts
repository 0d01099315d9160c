/**
 * What a benchmark module gives: `*.bench.ts` files beside the source export `bench`, which `npm run bench` calls in
 * headless Chromium, or `benchNode`, which it calls in Node, or both. Each returns tables.
 */

export interface BenchOptions {
  /** Fewer repetitions and smaller sizes: does it run at all, and roughly how fast. */
  quick: boolean;
}

export interface BenchTable {
  title: string;
  /** How it was taken, in one line. */
  note?: string;
  /** Rows with the same columns. null: not measured. */
  rows: Record<string, string | number | null>[];
}

export type Bench = (options: BenchOptions) => Promise<BenchTable[]>;

/** Runs `work` until `seconds` have passed and at least `least` times, after one warm-up; gives the median in ms. */
export async function medianMs(
  work: () => Promise<unknown> | unknown,
  { seconds = 1, least = 5 }: { seconds?: number; least?: number } = {},
): Promise<number> {
  await work();
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (times.length < least || performance.now() < end) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const middle = times.length >> 1;
  return times.length % 2 === 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
}
