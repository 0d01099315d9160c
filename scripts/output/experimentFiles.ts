/** The folder that an experiment leaves behind, written as its events arrive. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderFiles } from '../../src/lab/models/modelFolder.ts';
import { metricLines, rolloutRows } from '../../src/lab/records/runLines.ts';
import type { Summary } from '../../src/lab/records/summary.ts';
import type { BackendInfo } from '../../src/lab/settings/engines.ts';
import type { ExperimentSpec } from '../../src/lab/settings/experimentSpec.ts';
import type { ExperimentEvent, ExperimentRun } from '../../src/lab/state/experimentEvents.ts';
import { shippedWorldSeed } from '../../src/lab/trainer/worldTasks.ts';
import { buildWorld } from '../../src/tasks/world.ts';
import { OrderedLog } from './orderedLog.ts';

export interface FileOptions {
  out: string;
  /** One line per response. */
  rollouts: boolean;
  /** Token columns in them. */
  tokens: boolean;
}

const names = ['metrics.jsonl', 'timing.jsonl', 'rollouts.jsonl', 'summary.json', 'checkpoints'];
/** More steps than a run has, twice: runs never interleave in the finished files. */
const perRun = 1_000_000;

export class ExperimentFiles {
  readonly options: FileOptions;
  #metrics: OrderedLog;
  #timing: OrderedLog;
  #rollouts: OrderedLog | null;
  #problems: ReturnType<typeof buildWorld>['train'];

  /** Makes the folder. Results that are already there are moved aside, into `before-1`, `before-2` … */
  constructor(options: FileOptions) {
    this.options = options;
    mkdirSync(options.out, { recursive: true });
    this.#moveAside();
    this.#metrics = new OrderedLog(join(options.out, 'metrics.jsonl'));
    this.#timing = new OrderedLog(join(options.out, 'timing.jsonl'));
    this.#rollouts = options.rollouts ? new OrderedLog(join(options.out, 'rollouts.jsonl')) : null;
    this.#problems = options.rollouts ? buildWorld(shippedWorldSeed).train : [];
  }

  write(event: ExperimentEvent): void {
    switch (event.type) {
      case 'iteration':
      case 'evaluation': {
        const { run, record } = event;
        const order = run.index * perRun + 2 * record.iteration + (event.type === 'evaluation' ? 1 : 0);
        const { metrics, timing } = metricLines(run, event.type, record);
        this.#metrics.append(order, metrics);
        if (timing) this.#timing.append(order, timing);
        if (this.#rollouts && event.type === 'iteration') {
          const rows = rolloutRows(run, event.record, this.#problems, this.options);
          this.#rollouts.append(order, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        }
        break;
      }
      case 'rewound': {
        const from = event.run.index * perRun + 2 * event.iteration + 2;
        const end = (event.run.index + 1) * perRun;
        for (const log of [this.#metrics, this.#timing, this.#rollouts]) log?.forget(from, end);
        break;
      }
      case 'policy': {
        const folder = join(this.options.out, 'checkpoints', fileName(event.run));
        mkdirSync(folder, { recursive: true });
        for (const [name, bytes] of Object.entries(folderFiles(event.checkpoint))) {
          writeFileSync(join(folder, name), bytes);
        }
        break;
      }
      case 'state':
      case 'run':
      case 'backend':
      case 'progress':
        break;
      default:
        event satisfies never;
    }
  }

  finish(result: {
    command: string;
    spec: ExperimentSpec;
    backend: BackendInfo | null;
    runs: readonly ExperimentRun[];
    summary: Summary;
  }): void {
    for (const log of [this.#metrics, this.#timing, this.#rollouts]) log?.finish();
    const text = JSON.stringify({ format: 'filtrate-experiment/1', ...result }, null, 2);
    writeFileSync(join(this.options.out, 'summary.json'), `${text}\n`);
  }

  #moveAside(): void {
    const { out } = this.options;
    const there = names.filter((name) => existsSync(join(out, name)));
    if (there.length === 0) return;
    let n = 1;
    while (existsSync(join(out, `before-${n}`))) n++;
    mkdirSync(join(out, `before-${n}`));
    for (const name of there) renameSync(join(out, name), join(out, `before-${n}`, name));
    console.error(`Earlier results were moved to ${join(out, `before-${n}`)}.`);
  }
}

const fileName = ({ arm, seed }: ExperimentRun): string =>
  `${arm.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-')}-seed${seed}`;
