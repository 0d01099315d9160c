/**
 * `window.filtrate`: what scripts, tests, demos and the headless runner drive. Documented in docs/automation.md;
 * everything here is public and stays as it is.
 */

import type { JudgeClient } from '../../judge/client.ts';
import type { ImportedProblem } from '../../judge/packs.ts';
import type { JudgeOptions } from '../../judge/protocol.ts';
import { testText } from '../../judge/testSets/testText.ts';
import type { Verdict } from '../../judge/verdict.ts';
import { allMethods } from '../../rlhf/catalogue/catalogue.ts';
import type { Problem } from '../../tasks/problem.ts';
import { buildWorld } from '../../tasks/world.ts';
import { ExperimentQueue } from '../experiments/queue/experimentQueue.ts';
import type { RunRecord } from '../records/record.ts';
import { metricLines, rolloutRows } from '../records/runLines.ts';
import { type Summary, summarise } from '../records/summary.ts';
import { unipoRun } from '../records/unipoRun.ts';
import type { Analysis, AnalysisRow, AnalyzeOptions } from '../rollouts/analysis/analyze.ts';
import { analyzeRows } from '../rollouts/analysis/analyzeRows.ts';
import type { BackendInfo } from '../settings/engines.ts';
import { type ExperimentInput, type ExperimentSpec, parseSpec } from '../settings/experimentSpec.ts';
import { presets } from '../settings/presets.ts';
import { limitsOf } from '../settings/stopRules.ts';
import type { ExperimentEvent, ExperimentRun, ExperimentState } from '../state/experimentEvents.ts';
import type { LabStore } from '../state/store.ts';
import { encodeRecording } from '../storage/recordFile.ts';
import type { TrainerParts } from '../trainer/pageSide/openTrainer.ts';
import { shippedWorldSeed } from '../trainer/worldTasks.ts';
import { eventStream } from './eventStream.ts';
import { keepRun, type RunKeeper } from './runKeeper.ts';

export type { ExperimentEvent, ExperimentInput, ExperimentRun, ExperimentSpec, ExperimentState, RunKeeper };

/** What programs are judged against. */
export interface JudgeTask {
  /** Name of the function that a program must define. */
  entry: string;
  /**
   * Hidden: neither arguments' order nor expected values are shown to programs. Values are data and what the language
   * itself makes of data: lists, plain objects, maps, sets, dates, regular expressions, errors, typed arrays.
   */
  tests: { args: unknown[]; expected: unknown }[];
  /** The function may return a promise of its output. Default false. */
  async?: boolean;
  /** Whether a program that changes its arguments fails the test. Default 'fail'. */
  mutation?: 'fail' | 'allow';
}

export interface ExperimentOptions {
  /**
   * Keep every iteration's samples for `records()`, or only those of the first, which the starting policy wrote. Default
   * true; events carry them either way.
   */
  keepSamples?: boolean | 'first';
  /** Send a `policy` event with the trained policy at the end of each run. Default false. */
  policies?: boolean;
  /** Computes these runs alone, by their place in `runs`. Default: all. */
  only?: readonly number[];
  /** Keeps runs where the script says, so that they go on where they were cut off. */
  keeper?: RunKeeper;
}

/** An experiment that is ready and starts when a script says so. */
export interface Experiment {
  readonly spec: ExperimentSpec;
  readonly runs: readonly ExperimentRun[];
  readonly state: ExperimentState;
  /** What computes; null before the first trainer has opened. */
  readonly backend: BackendInfo | null;
  /** Settles when all runs have ended. Never rejects: a run that failed says so in `runs`. */
  readonly done: Promise<void>;
  start(): void;
  pause(): void;
  /** One iteration of every run that is under way. */
  step(): void;
  /** Ends it at once and keeps what was computed. */
  stop(): void;
  /** Calls `listener` with every event until the returned function is called. */
  listen(listener: (event: ExperimentEvent) => void): () => void;
  /** The same events, for `for await`. */
  events(): AsyncIterable<ExperimentEvent>;
  /** Everything computed so far. */
  records(): RunRecord[];
  summary(): Summary;
}

export interface ExportedRun {
  /** What the page can open again: compressed, with every sample. */
  file: Uint8Array;
  /** JSON lines; see docs/automation.md. */
  metrics: string;
  rollouts: string;
  /** Each arm in the schema of UNIPO. */
  unipo: { arm: string; seed: number; text: string }[];
  summary: Summary;
}

export interface Filtrate {
  readonly version: 1;
  /** Resolves when the page shows its arms. */
  ready(): Promise<{ version: 1; presets: string[]; methods: readonly string[] }>;
  /**
   * One verdict per program, in order.
   * @throws TypeError when the task or the programs are malformed
   */
  judge(task: JudgeTask, programs: readonly string[], options?: JudgeOptions): Promise<Verdict[]>;
  /**
   * Reads a problem pack (MultiPL-E, HumanEval-X, MBXP, filtrate-pack/1), runs each problem's own solution and an empty
   * body, and gives the problems with what came out. Afterwards `judgeProblem` knows them by their ids.
   * @throws PackError when the file is no pack
   */
  importPack(text: string, name: string, options?: JudgeOptions): Promise<ImportedProblem[]>;
  /** The same as `judge` for a problem of the page or of an imported pack, by its id. @throws RangeError when there is none */
  judgeProblem(problemId: string, programs: readonly string[], options?: JudgeOptions): Promise<Verdict[]>;
  /** What each filter would keep of these responses, and what the reward says there. Computed in a worker. */
  analyze(rows: readonly AnalysisRow[], options?: AnalyzeOptions): Promise<Analysis>;
  /** @throws SpecError naming every field at fault */
  experiment(spec: ExperimentInput, options?: ExperimentOptions): Experiment;
  /** The arms on the page. */
  exportRun(): Promise<ExportedRun>;
}

/** What the surface needs of the page. */
export interface AutomationHost {
  store: LabStore;
  readonly judge: JudgeClient;
  models: { trainerParts(): TrainerParts };
}

declare global {
  interface Window {
    filtrate: Filtrate;
  }
}

/** Packs bring a parser of JavaScript along, which no first picture needs. */
const packs = () => import('../../judge/packs.ts');

export function createAutomation(host: AutomationHost): Filtrate {
  const world = lazily(() => buildWorld(shippedWorldSeed));
  const problems = lazily(
    () => new Map([...world().train, ...world().held].map((problem) => [problem.id, problem])),
  );
  const imported = new Map<string, ImportedProblem>();
  let asked = 0;

  const judge: Filtrate['judge'] = (task, programs, options = {}) => {
    checkTask(task);
    if (!Array.isArray(programs) || programs.some((program) => typeof program !== 'string')) {
      throw new TypeError('judge(task, programs): programs must be an array of strings.');
    }
    const { entry, tests, async, mutation } = task;
    const key = `automation ${++asked}`;
    return host.judge.judge(
      programs.map((source) => ({ source, key, entry, tests, async, mutation })),
      // Tasks from outside may need longer loops than those of the built-in world.
      { timeoutMs: 250, ...options },
    );
  };

  return {
    version: 1,
    ready: () =>
      new Promise((resolve) => {
        const answer = () =>
          resolve({
            version: 1,
            presets: presets.map((preset) => preset.id),
            methods: allMethods.map(({ method }) => method.id),
          });
        if (host.store.getState().ready) return answer();
        const quiet = host.store.subscribe((state) => {
          if (!state.ready) return;
          quiet();
          answer();
        });
      }),
    judge: async (task, programs, options) => judge(task, programs, options),
    importPack: async (text, name, options) => {
      if (typeof text !== 'string') throw new TypeError('importPack(text, name): text must be a string.');
      const { importPack } = await packs();
      const pack = await importPack(host.judge, text, String(name ?? 'pack'), options);
      for (const problem of pack.problems) imported.set(problem.id, problem);
      return pack.problems;
    },
    judgeProblem: async (problemId, programs, options) => {
      const own = imported.get(problemId);
      if (own) return (await packs()).judgeProblem(host.judge, own, programs, options);
      const problem = problems().get(problemId);
      if (!problem) throw new RangeError(`There is no problem "${problemId}".`);
      return judge(problem, programs, options);
    },
    analyze: (rows, options) => analyzeRows(rows, options),
    experiment: (input, options = {}) => {
      const spec = parseSpec(input);
      const { only, keeper } = options;
      const now = () => performance.now();
      const queue = new ExperimentQueue(spec, host.models.trainerParts(), {
        cores: Math.max(1, Math.min(16, navigator.hardwareConcurrency || 1)),
        keepSamples:
          options.keepSamples === 'first' ? 'first' : options.keepSamples === false ? 'none' : 'all',
        policies: options.policies ?? false,
        now,
        ...(only ? { only: new Set(only) } : {}),
        ...(keeper
          ? {
              keep: (run, backend) => {
                const arm = spec.arms.find(({ name }) => name === run.arm)!;
                return keepRun(keeper, { run, arm, limits: limitsOf(spec.stop), backend }, now);
              },
            }
          : {}),
      });
      return Object.assign(queue, {
        events: () => eventStream<ExperimentEvent>((listener) => queue.listen(listener), queue.done),
      });
    },
    exportRun: async () => {
      const { arms, preset } = host.store.getState();
      return exportRuns(
        arms.map((arm) => ({
          format: 'filtrate-run/1',
          name: arm.name,
          seed: arm.seed,
          settings: arm.settings,
          worldSeed: shippedWorldSeed,
          backend: arm.backend ?? { name: 'none', reason: 'the arm has not started' },
          iterations: [...arm.iterations],
          evaluations: [...arm.evaluations],
        })),
        preset,
        world().train,
      );
    },
  };
}

async function exportRuns(
  runs: RunRecord[],
  preset: string,
  problems: readonly Problem[],
): Promise<ExportedRun> {
  const each = runs.map((run) => ({ ...run, arm: run.name }));
  return {
    file: await encodeRecording({ preset, command: 'window.filtrate.exportRun()', runs }),
    metrics: each
      .flatMap((run) => [
        ...run.evaluations.map((row) => metricLines(run, 'evaluation', row).metrics),
        ...run.iterations.map((row) => metricLines(run, 'iteration', row).metrics),
      ])
      .join(''),
    rollouts: each
      .flatMap((run) => run.iterations.flatMap((row) => rolloutRows(run, row, problems, { tokens: true })))
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
    unipo: each.map((run) => ({ arm: run.arm, seed: run.seed, text: unipoRun(run, problems) })),
    summary: summarise(each),
  };
}

function checkTask(task: JudgeTask): void {
  if (typeof task !== 'object' || task === null) {
    throw new TypeError('judge(task, programs): task must be { entry, tests }.');
  }
  if (typeof task.entry !== 'string')
    throw new TypeError('judge: task.entry must be the name of a function.');
  if (!Array.isArray(task.tests) || task.tests.length === 0) {
    throw new TypeError('judge: task.tests must be a list of { args, expected } with at least one test.');
  }
  task.tests.forEach((test, i) => {
    if (typeof test !== 'object' || test === null || !Array.isArray(test.args) || !('expected' in test)) {
      throw new TypeError(`judge: task.tests[${i}] must be { args: [...], expected }.`);
    }
    // Here, before it is copied to the judge: a copy would drop in silence what it cannot hold.
    testText(test, `judge: task.tests[${i}]`);
  });
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
