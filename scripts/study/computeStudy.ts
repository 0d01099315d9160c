/**
 * Computes the share of a study that falls to this process: in one page, as many runs at once as there are cores. Each
 * run ends as a file of its own; one that is cut off goes on from its last snapshot the next time.
 */
import type { Experiment, ExperimentEvent, RunKeeper } from '../../src/lab/automation/automation.ts';
import { placesOf } from '../../src/lab/experiments/queue/queueParts.ts';
import { reproducibleKeys } from '../../src/lab/records/metrics.ts';
import type { RunRecord } from '../../src/lab/records/record.ts';
import type { BackendInfo } from '../../src/lab/settings/engines.ts';
import type { ExperimentInput, ExperimentSpec } from '../../src/lab/settings/experimentSpec.ts';
import {
  nameOfRun,
  type StartRows,
  type StudyPlan,
  type StudyRun,
} from '../../src/lab/studies/studyFiles.ts';
import { everySetting } from '../../src/rlhf/catalogue/paths.ts';
import { openPage, type PageOptions } from '../headless/page.ts';
import { ProgressLine } from '../output/progressLine.ts';
import { type Shard, shareOf } from './shard.ts';
import { StudyFolder } from './studyFolder.ts';

export interface StudyOptions {
  input: ExperimentInput;
  spec: ExperimentSpec;
  plan: StudyPlan;
  out: string;
  shard: Shard | null;
  page: Pick<PageOptions, 'webgpu' | 'headed'>;
}

/** What Ctrl-C, a scheduler that wants its machine back, and a time limit end a command with. */
const interruptedStatus = 130;
/** "Try again later": what was cut off is kept, and the same command goes on with it. */
export const cutOffStatus = 75;

/** @returns the exit status */
export async function computeStudy({
  input,
  spec,
  plan,
  out,
  shard,
  page: how,
}: StudyOptions): Promise<number> {
  const folder = new StudyFolder(out, plan);
  const share = shareOf(plan.runs, shard);
  const left = share.filter(({ id }) => !folder.has(id));
  const part = shard ? `part ${shard.index + 1} of ${shard.of} (${shard.from}): ` : '';
  console.error(
    `${part}${share.length} of ${plan.runs.length} runs, ${left.length} of them still to compute.`,
  );
  if (left.length === 0) return 0;
  const places = left.map(({ id }) => plan.runs.findIndex((run) => run.id === id));

  const lab = await openPage({ ...how, keepOnInterrupt: true, keepOnTerm: true });
  const progress = new ProgressLine(spec);
  const settings = placesOf(spec).map(({ arm }) => arm.settings);
  let engine: BackendInfo | null = null;
  let failures = 0;
  let stoppedBy: 'SIGINT' | 'SIGTERM' | null = null;
  let broken: Error | null = null;

  const hear = (event: ExperimentEvent): void => {
    if (event.type === 'backend') engine = event.backend;
    if (event.type === 'run' && event.run.state === 'failed') failures++;
    progress.hear(event);
  };
  const finish = (index: number, record: Finished): void => {
    const { name, device } = engine!;
    folder.finish({
      format: 'filtrate-study-run/1',
      ...plan.runs[index],
      code: plan.code,
      engine: {
        name: record.backend.name,
        device: record.backend.name === name ? device : record.backend.name,
      },
      settings: everySetting(settings[index]),
      evaluations: record.evaluations.map(reproducible),
      iterations: record.iterations.map(reproducible),
      start: record.start,
      clock: { seconds: record.iterations.at(-1)?.metrics.seconds ?? 0 },
    });
  };

  try {
    const { page } = lab;
    const crashed = new Promise<never>((_, reject) => {
      page.on('crash', () => reject(new Error('The page crashed. Run the command again to go on.')));
      page.on('close', () => reject(new Error('The page was closed. Run the command again to go on.')));
    });
    // Reported by the race below, or not needed any more.
    crashed.catch(() => {});
    const isDone = (index: number) => folder.has(plan.runs[index].id);
    await page.exposeFunction('studyHear', hear);
    await page.exposeFunction('studyFinish', finish);
    await page.exposeFunction('studyRead', (index: number) =>
      isDone(index) ? 'done' : (base64(folder.readCutOff(plan.runs[index].id)) ?? null),
    );
    await page.exposeFunction('studySave', (index: number, file: string) =>
      folder.saveCutOff(plan.runs[index].id, Buffer.from(file, 'base64')),
    );
    await page.exposeFunction('studyDamaged', (index: number, message: string) =>
      progress.say(`${nameOfRun(plan.runs[index])} begins anew. ${message}`),
    );
    // tsx wraps functions in a helper of its own, which the page lacks.
    await page.evaluate('globalThis.__name = (made) => made');
    await page.evaluate(begin, [input, places] as const);
    const stop = (signal: 'SIGINT' | 'SIGTERM') => {
      // Pressed again, or sent again: leave at once. One Ctrl-C can arrive twice within a moment.
      if (stoppedBy !== null) return;
      stoppedBy = signal;
      setTimeout(() => process.once(signal, () => process.exit(statusOf(signal))), 1000).unref();
      progress.say('Stopping, once what is under way is kept.');
      page.evaluate(() => (window as unknown as StudyWindow).experiment.stop()).catch(() => {});
    };
    process.on('SIGINT', () => stop('SIGINT'));
    process.on('SIGTERM', () => stop('SIGTERM'));
    await Promise.race([page.evaluate(() => (window as unknown as StudyWindow).settled()), crashed]);
  } catch (error) {
    broken = error as Error;
  }
  progress.end();
  await lab.close().catch(() => {});

  const missing = share.filter(({ id }) => !folder.has(id)).length;
  console.error(
    missing === 0
      ? `All ${share.length} runs are in ${out}/.`
      : `${share.length - missing} of ${share.length} runs are in ${out}/; the same command goes on with the rest.`,
  );
  for (const run of progress.result().runs) {
    if (run.state === 'failed') console.error(`${run.arm}, seed ${run.seed}: ${run.error?.message}`);
  }
  if (stoppedBy) return statusOf(stoppedBy);
  if (broken) console.error(broken.message);
  if (broken || failures > 0) return 1;
  return missing === 0 ? 0 : cutOffStatus;
}

const statusOf = (signal: 'SIGINT' | 'SIGTERM'): number =>
  signal === 'SIGINT' ? interruptedStatus : cutOffStatus;

const base64 = (file: Uint8Array | null): string | null => file && Buffer.from(file).toString('base64');

const reproducible = ({
  iteration,
  metrics,
}: Finished['evaluations'][number]): StudyRun['evaluations'][number] => ({
  iteration,
  metrics: Object.fromEntries(
    reproducibleKeys.flatMap((key) => (metrics[key] === undefined ? [] : [[key, metrics[key]]])),
  ),
});

/** What the page hands over of a finished run. */
type Finished = Pick<RunRecord, 'backend' | 'evaluations'> & {
  iterations: Pick<RunRecord['iterations'][number], 'iteration' | 'metrics'>[];
  start: StartRows;
};

interface StudyWindow {
  experiment: Experiment;
  settled(): Promise<void>;
  studyHear(event: ExperimentEvent): Promise<void>;
  studyFinish(index: number, record: Finished): Promise<void>;
  studyRead(index: number): Promise<string | null>;
  studySave(index: number, file: string): Promise<void>;
  studyDamaged(index: number, message: string): Promise<void>;
}

/** Runs in the page, which has nothing of this file but this function. */
function begin([input, only]: readonly [ExperimentInput, number[]]): void {
  const shared = window as unknown as StudyWindow;
  const keeper: RunKeeper = {
    async read({ index }) {
      const text = await shared.studyRead(index);
      if (text === null || text === 'done') return text;
      return new Uint8Array(
        await (await fetch(`data:application/octet-stream;base64,${text}`)).arrayBuffer(),
      );
    },
    async save({ index }, file) {
      const address = await new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result as string);
        reader.readAsDataURL(new Blob([file]));
      });
      await shared.studySave(index, address.slice(address.indexOf(',') + 1));
    },
    damaged: ({ index }, message) => void shared.studyDamaged(index, message),
  };
  const { experiment } = {
    experiment: window.filtrate.experiment(input, { keepSamples: 'first', only, keeper }),
  };
  const told: Promise<void>[] = [];
  experiment.listen((event) => {
    // Rows stay in the page until their run is whole: samples that nobody reads would cost more than they say.
    if (event.type === 'run' || event.type === 'progress' || event.type === 'backend')
      told.push(shared.studyHear(event));
    if (event.type !== 'run' || event.run.state !== 'finished') return;
    const { arm, seed, index } = event.run;
    const record = experiment.records().find((each) => each.name === arm && each.seed === seed)!;
    const { reward, score, group, problem, uses } = record.iterations[0].samples;
    told.push(
      shared.studyFinish(index, {
        backend: record.backend,
        evaluations: record.evaluations,
        iterations: record.iterations.map(({ iteration, metrics }) => ({ iteration, metrics })),
        start: {
          reward: [...reward],
          score: [...score],
          group: [...group],
          problem: [...problem],
          uses: [...uses],
        },
      }),
    );
  });
  shared.experiment = experiment;
  shared.settled = async () => {
    await experiment.done;
    await Promise.all(told);
  };
  experiment.start();
}
