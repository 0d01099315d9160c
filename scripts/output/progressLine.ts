/** Follows an experiment from its events: one line on the terminal that renews itself, and the result at the end. */
import { type Summary, type SummaryRun, summarise } from '../../src/lab/records/summary.ts';
import type { BackendInfo } from '../../src/lab/settings/engines.ts';
import type { ExperimentSpec } from '../../src/lab/settings/experimentSpec.ts';
import type { ExperimentEvent, ExperimentRun } from '../../src/lab/state/experimentEvents.ts';

/** A file or a pipe cannot be rewritten: it gets a line every so many milliseconds. */
const patience = 10_000;

interface Collected extends SummaryRun {
  evaluations: SummaryRun['evaluations'][number][];
  iterations: SummaryRun['iterations'][number][];
}

export class ProgressLine {
  #runs: ExperimentRun[];
  #rows: Collected[];
  #backend: BackendInfo | null = null;
  #shown = 0;

  constructor(spec: ExperimentSpec) {
    this.#runs = spec.seeds.flatMap((seed) =>
      spec.arms.map(({ name }) => ({
        arm: name,
        seed,
        index: 0,
        state: 'waiting',
        iteration: 0,
        endedBy: null,
        error: null,
      })),
    );
    this.#runs.forEach((run, index) => {
      run.index = index;
    });
    this.#rows = this.#runs.map(({ arm, seed }) => ({ arm, seed, evaluations: [], iterations: [] }));
  }

  hear(event: ExperimentEvent): void {
    if ('run' in event) this.#runs[event.run.index] = event.run;
    switch (event.type) {
      case 'backend':
        this.#backend = event.backend;
        this.say(`Computing on ${event.backend.name} (${event.backend.device}): ${event.backend.reason}`);
        break;
      case 'iteration':
      case 'evaluation': {
        const { iteration, metrics } = event.record;
        this.#rows[event.run.index][event.type === 'iteration' ? 'iterations' : 'evaluations'].push({
          iteration,
          metrics,
        });
        break;
      }
      case 'rewound': {
        const rows = this.#rows[event.run.index];
        rows.iterations = rows.iterations.filter((row) => row.iteration <= event.iteration);
        rows.evaluations = rows.evaluations.filter((row) => row.iteration <= event.iteration);
        break;
      }
      case 'progress':
        this.#show(event);
        break;
      case 'run':
        if (event.run.state === 'failed') {
          this.say(`${event.run.arm}, seed ${event.run.seed} failed: ${event.run.error?.message}`);
        }
        break;
      case 'state':
      case 'policy':
        break;
      default:
        event satisfies never;
    }
  }

  /** A line of its own, above the one that renews itself. */
  say(text: string): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    console.error(text);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    for (const run of this.#runs) {
      if (run.state === 'running' || run.state === 'waiting') run.state = 'stopped';
    }
  }

  result(): { backend: BackendInfo | null; runs: readonly ExperimentRun[]; summary: Summary } {
    return { backend: this.#backend, runs: this.#runs, summary: summarise(this.#rows) };
  }

  #show({ done, total, secondsLeft }: Extract<ExperimentEvent, { type: 'progress' }>): void {
    const active = this.#runs
      .filter((run) => run.state === 'running')
      .map((run) => `${run.arm} seed ${run.seed}: ${run.iteration}`)
      .join(', ');
    const left = secondsLeft === null ? '' : `  ${timeText(secondsLeft)} left`;
    const text = `${done}/${total} iterations${left}  ${active}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    } else if (done === total || performance.now() - this.#shown > patience) {
      this.#shown = performance.now();
      console.error(text);
    }
  }
}

/** "3:05", "1:02:09". */
export function timeText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
