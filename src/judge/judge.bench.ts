/** How many programs the judge runs per second, and how long the page stands still meanwhile. Run by `npm run bench`. */
import type { BenchOptions, BenchTable } from '../core/benchmark.ts';
import type { JudgeRequest } from './client.ts';
import type { Engine } from './protocol.ts';
import { startJudge } from './service.ts';
import type { Verdict } from './verdict.ts';

/** Ten lists of none to nine numbers, and what is asked for: two more, the even ones only. */
const tests = Array.from({ length: 10 }, (_, length) => {
  const xs = Array.from({ length }, (_, i) => ((length * 7 + i * 3) % 19) - 5);
  return { args: [xs], expected: xs.map((x) => x + 2).filter((x) => x % 2 === 0) };
});

let made = 0;

/** A right program that no judge has seen before. */
const honest = (): string =>
  `function f(xs) { return xs.map(x => x + 2).filter(x => x % 2 === 0 || x === ${1000 + made++}); }`;
const looping = (): string => `function f(xs) { for (let i = 0; i < 1; i += 0) xs[0]; return ${made++}; }`;

function programs(count: number, loopers: number): JudgeRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    source: i % 100 < loopers * 100 ? looping() : honest(),
    entry: 'f',
    tests,
    key: 'bench',
  }));
}

/**
 * The peer: a grader without any protection. A plain worker makes a function of each text, calls it and compares JSON;
 * whatever the judge does beyond that is the price of its guarantees.
 */
const bareGrader = `onmessage = ({ data: { sources, tests } }) => postMessage(sources.map((source) => {
  const f = new Function(source + ';return f')();
  return tests.filter(({ args, expected }) => JSON.stringify(f(...JSON.parse(args))) === expected).length;
}))`;

async function barePerSecond(size: number, repetitions: number): Promise<number> {
  const worker = new Worker(URL.createObjectURL(new Blob([bareGrader])));
  const texts = tests.map(({ args, expected }) => ({
    args: JSON.stringify(args),
    expected: JSON.stringify(expected),
  }));
  const once = async (): Promise<number> => {
    const sources = programs(size, 0).map(({ source }) => source);
    const from = performance.now();
    await new Promise((done) => {
      worker.onmessage = done;
      worker.postMessage({ sources, tests: texts });
    });
    return performance.now() - from;
  };
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) times.push(await once());
  worker.terminate();
  return perSecond(size, laterMedian(times));
}

/** Of the second half: compilers warm up too. */
function laterMedian(times: readonly number[]): number {
  const later = times.slice(times.length >> 1).sort((a, b) => a - b);
  return later[later.length >> 1];
}

const perSecond = (programs: number, ms: number): number => Math.round((programs / ms) * 1000);

/**
 * The longest time that this thread did not answer while `work` was under way, in ms, by a timer of `paceMs`. A meter
 * without pauses would keep one of the machine's cores to itself.
 */
async function longestStall<T>(work: () => Promise<T>): Promise<{ result: T; stall: number }> {
  let last = performance.now();
  let stall = 0;
  const look = (): void => {
    const now = performance.now();
    stall = Math.max(stall, now - last - paceMs);
    last = now;
  };
  const timer = setInterval(look, paceMs);
  const result = await work();
  look();
  clearInterval(timer);
  return { result, stall };
}

/** The shortest that browsers allow a timer that repeats. */
const paceMs = 4;

export async function bench({ quick }: BenchOptions): Promise<BenchTable[]> {
  const rows: BenchTable['rows'] = [];
  // Thrown away: a browser that has just started is busy with itself for some seconds.
  await measure('frozen', 64, 0, quick);
  // What this machine does to any page: no stall below this is the judge's.
  const { stall: idle } = await longestStall(() => new Promise((done) => setTimeout(done, 3000)));
  for (const engine of ['frozen', 'quickjs'] satisfies Engine[]) {
    for (const loopers of [0, 0.05]) {
      for (const size of quick ? [64, 512] : [64, 512, 2048])
        rows.push(await measure(engine, size, loopers, quick));
    }
  }
  return [
    {
      title: 'The judge: programs per second',
      note: `Ten tests each; every program is new. Cold includes starting the sandbox; warm is the median of later batches, one at a time, and two at once what two arms get together; bare is a grader without any protection. Before it, an idle page stood still for up to ${idle.toFixed(1)} ms.`,
      rows,
    },
  ];
}

/** Programs of the warm batches, by how fast they are run. */
const warmPrograms: Record<Engine, number> = { frozen: 32_000, quickjs: 8000 };

async function measure(
  engine: Engine,
  size: number,
  loopers: number,
  quick: boolean,
): Promise<BenchTable['rows'][0]> {
  const judge = startJudge();
  let lost = 0;
  const batch = async (): Promise<number> => {
    const requests = programs(size, loopers);
    const from = performance.now();
    const verdicts = await judge.client.judge(requests, { engine });
    const ms = performance.now() - from;
    lost += verdicts.filter((verdict: Verdict, i) => i % 100 >= loopers * 100 && verdict.score !== 1).length;
    return ms;
  };
  const cold = await longestStall(batch);
  const repetitions = Math.max(4, Math.ceil((quick ? 1000 : warmPrograms[engine]) / size));
  const warm = await longestStall(async () => {
    const times: number[] = [];
    for (let i = 0; i < repetitions; i++) times.push(await batch());
    return perSecond(size, laterMedian(times));
  });
  const two = await twoAtOnce(batch, size, repetitions);
  judge.dispose();
  // A loop would be the end of a grader without protection.
  const bare = loopers === 0 ? await barePerSecond(size, repetitions) : null;
  return {
    engine,
    loopers: `${loopers * 100} %`,
    batch: size,
    'cold per s': perSecond(size, cold.result),
    'warm per s': warm.result,
    'two at once per s': two,
    'bare per s': bare ?? '–',
    'of bare': bare ? `${Math.round((warm.result / bare) * 100)} %` : '–',
    'stall cold ms': Math.round(cold.stall * 10) / 10,
    'stall warm ms': Math.round(warm.stall * 10) / 10,
    'honest lost': lost,
  };
}

/** As two arms ask: each for its next batch as soon as it has the verdicts on the last. Over the second half, in all. */
async function twoAtOnce(batch: () => Promise<number>, size: number, repetitions: number): Promise<number> {
  const half = repetitions >> 1;
  let begun = 0;
  let done = 0;
  let from = 0;
  const arm = async (): Promise<void> => {
    while (begun++ < repetitions) {
      await batch();
      if (++done === half) from = performance.now();
    }
  };
  await Promise.all([arm(), arm()]);
  return perSecond((repetitions - half) * size, performance.now() - from);
}
