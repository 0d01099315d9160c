/**
 * What the page costs the arms that it shows: two live arms at full speed, with the page and without it, and what its
 * threads use meanwhile. Seconds mean something only beside each other; layers, paints and frames per iteration are the
 * same on every machine.
 */
import type { Browser, CDPSession, Page } from 'playwright';
import { openPage } from '../../../scripts/headless/page.ts';
import { threadTimes } from '../../../scripts/headless/threadTimes.ts';
import type { BenchOptions, BenchTable } from '../../core/benchmark.ts';

/** Notes when which trainer told of an iteration. As text: a compiler would have it call helpers that the page lacks. */
const hook = `
  window.iterations = [];
  window.Worker = class extends Worker {
    constructor(address, options) {
      super(address, options);
      this.addEventListener('message', ({ data }) => {
        if (data?.type === 'iteration') window.iterations.push(performance.now());
      });
    }
  };
`;

type Watched = Window & {
  iterations: number[];
  filtrate: { ready(): Promise<unknown>; experiment(spec: object): { start(): void } };
};

/** The first iterations fill caches; what comes after them is the pace. */
const warm = 6;

export async function benchNode({ quick }: BenchOptions): Promise<BenchTable[]> {
  const seconds = quick ? 6 : 20;
  const { page, browser, url, close } = await openPage();
  try {
    await page.addInitScript(hook);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const stage: Stage = { page, browser, session, url };
    const shown: Stretch[] = [];
    const alone: Stretch[] = [];
    const waits: { replayed: number; atOnce: number }[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      const replayed = await play(stage, { afterReplay: true });
      shown.push(await stretch(stage, seconds));
      await experiment(stage);
      alone.push(await stretch(stage, seconds));
      waits.push({ replayed, atOnce: await play(stage, { afterReplay: false }) });
    }
    await play(stage, { afterReplay: true });
    return [
      paceTable(shown, alone),
      workTable(shown),
      await countTable(stage, quick ? 4 : 8),
      {
        title: 'From Play to the first live iteration, ms',
        note: 'Medians. Either when the recording has been replayed, or as soon as the page can be used.',
        rows: [
          {
            'after the recording': middle(waits.map(({ replayed }) => replayed)),
            aim: 2500,
            'at once': middle(waits.map(({ atOnce }) => atOnce)),
          },
        ],
      },
    ];
  } finally {
    await close();
  }
}

interface Stage {
  page: Page;
  browser: Browser;
  session: CDPSession;
  url: string;
}

let visits = 0;

async function open({ page, url }: Stage): Promise<void> {
  // A query of its own makes it a new page instead of a jump within the old one.
  await page.goto(`${url}?${++visits}#preset=healthy`);
  await page.waitForFunction(() => 'filtrate' in window);
  await page.evaluate(() => (window as unknown as Watched).filtrate.ready());
}

const iterationsOf = (page: Page) => page.evaluate(() => (window as unknown as Watched).iterations.length);

async function steady(page: Page): Promise<void> {
  await page.waitForFunction((least) => (window as unknown as Watched).iterations.length >= least, warm, {
    timeout: 120_000,
  });
}

/** Starts the arms on the page. Gives the ms to their first iteration. */
async function play(stage: Stage, { afterReplay }: { afterReplay: boolean }): Promise<number> {
  const { page } = stage;
  await open(stage);
  if (afterReplay) await page.waitForTimeout(5000);
  const from = await page.evaluate(() => performance.now());
  // By key: a pointer would leave something highlighted.
  await page.keyboard.press('Space');
  await steady(page);
  return (await page.evaluate(() => (window as unknown as Watched).iterations[0])) - from;
}

/** The same arms in the same workers, and a page that shows nothing of them. */
async function experiment(stage: Stage): Promise<void> {
  const { page } = stage;
  await open(stage);
  await page.waitForTimeout(5000);
  await page.evaluate(() => {
    const spec = { arms: ['ppo-m', 'bw'], iterations: 1000, settings: { beta: 0.2 }, concurrency: 2 };
    (window as unknown as Watched).filtrate.experiment(spec).start();
  });
  await steady(page);
}

interface Stretch {
  iterations: number;
  seconds: number;
  /** CPU seconds, by who used them; null where nothing tells. */
  page: number;
  compositor: number | null;
  raster: number | null;
  display: number | null;
}

async function stretch({ page, browser, session }: Stage, seconds: number): Promise<Stretch> {
  const look = async () => ({
    at: performance.now(),
    iterations: await iterationsOf(page),
    page: await busySeconds(session),
    threads: await threadTimes(browser),
  });
  const before = await look();
  await page.waitForTimeout(1000 * seconds);
  const after = await look();
  const used = (accept: RegExp) => {
    if (!before.threads || !after.threads) return null;
    let sum = 0;
    for (const [name, value] of after.threads)
      if (accept.test(name)) sum += value - (before.threads.get(name) ?? 0);
    return sum;
  };
  return {
    iterations: after.iterations - before.iterations,
    seconds: (after.at - before.at) / 1000,
    page: after.page - before.page,
    compositor: used(/^renderer\/Compositor$/),
    raster: used(/^renderer\/CompositorTile/),
    display: used(/^GPU\//),
  };
}

async function busySeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

const middle = (values: number[]) => Math.round(values.toSorted((a, b) => a - b)[values.length >> 1]);
const round = (value: number, digits: number) => Number(value.toFixed(digits));

function paceTable(shown: readonly Stretch[], alone: readonly Stretch[]): BenchTable {
  const perMinute = (each: Stretch) => (60 * each.iterations) / each.seconds;
  return {
    title: 'Two live arms at full speed (PPO-M and BW), iterations a minute',
    note: 'Taking turns. Without the page: an experiment of the same arms in the same workers, which nothing shows.',
    rows: shown.map((each, i) => ({
      'with the page': round(perMinute(each), 1),
      'without it': round(perMinute(alone[i]), 1),
      'with ÷ without': `${Math.round((100 * perMinute(each)) / perMinute(alone[i]))} %`,
      aim: '90 %',
    })),
  };
}

function workTable(shown: readonly Stretch[]): BenchTable {
  return {
    title: 'What the page uses meanwhile, in shares of a core',
    note: 'CPU time: the thread of the page, its compositor, the threads that paint tiles, the process that puts them on the screen.',
    rows: shown.map((each) => {
      const share = (seconds: number | null) => (seconds === null ? null : round(seconds / each.seconds, 3));
      const { page, compositor, raster, display } = each;
      const known = compositor !== null && raster !== null && display !== null;
      const sum = known ? page + compositor + raster + display : null;
      return {
        page: share(page),
        compositor: share(compositor),
        raster: share(raster),
        display: share(display),
        together: share(sum),
        aim: 0.2,
        'CPU ms per iteration': sum === null ? null : Math.round((1000 * sum) / each.iterations),
      };
    }),
  };
}

/** Kinds of trace events, by what they count. */
const counted = {
  'frames shown': 'DrawFrame',
  'frames of the page': 'BeginMainThreadFrame',
  styles: 'UpdateLayoutTree',
  layouts: 'Layout',
  paints: 'Paint',
  'layers updated': 'UpdateLayer',
  'tiles painted': 'RasterTask',
} as const;

async function countTable({ page, browser }: Stage, seconds: number): Promise<BenchTable> {
  const session = await browser.newBrowserCDPSession();
  const counts = new Map<string, number>();
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as { name?: string }[])
      if (event.name) counts.set(event.name, (counts.get(event.name) ?? 0) + 1);
  });
  const before = await iterationsOf(page);
  await session.send('Tracing.start', {
    categories: 'devtools.timeline,disabled-by-default-devtools.timeline,cc',
    transferMode: 'ReportEvents',
  });
  let animations = 0;
  for (let i = 0; i < 10 * seconds; i++) {
    await page.waitForTimeout(100);
    animations = Math.max(animations, await page.evaluate(() => document.getAnimations().length));
  }
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  const iterations = (await iterationsOf(page)) - before;
  return {
    title: 'What an iteration moves on the page',
    note: 'Counts per iteration of one arm, from a trace; animations: most at once.',
    rows: [
      {
        iterations,
        animations,
        ...Object.fromEntries(
          Object.entries(counted).map(([what, name]) => [
            what,
            round((counts.get(name) ?? 0) / Math.max(1, iterations), 1),
          ]),
        ),
      },
    ],
  };
}
