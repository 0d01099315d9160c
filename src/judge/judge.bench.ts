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
      note: `Ten tests each; every program is new. Cold includes starting the sandbox; warm is the median of later batches. Before it, an idle page stood still for up to ${idle.toFixed(1)} ms.`,
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
  let worst = 0;
  const once = async (): Promise<number> => {
    const requests = programs(size, loopers);
    const from = performance.now();
    const { result, stall } = await longestStall(() => judge.client.judge(requests, { engine }));
    const ms = performance.now() - from;
    worst = Math.max(worst, stall);
    lost += result.filter((verdict: Verdict, i) => i % 100 >= loopers * 100 && verdict.score !== 1).length;
    return ms;
  };
  const cold = await once();
  const coldStall = worst;
  worst = 0;
  // Compilers warm up too: the first half of the batches does not count.
  const repetitions = Math.max(4, Math.ceil((quick ? 1000 : warmPrograms[engine]) / size));
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) times.push(await once());
  judge.dispose();
  const later = times.slice(repetitions >> 1).sort((a, b) => a - b);
  const perSecond = (ms: number): number => Math.round((size / ms) * 1000);
  return {
    engine,
    loopers: `${loopers * 100} %`,
    batch: size,
    'cold per s': perSecond(cold),
    'warm per s': perSecond(later[later.length >> 1]),
    'stall cold ms': Math.round(coldStall * 10) / 10,
    'stall warm ms': Math.round(worst * 10) / 10,
    'honest lost': lost,
  };
}
