import { describe, expect, it } from 'vitest';
import { noSamples } from '../../records/record.ts';
import { type ExperimentInput, parseSpec } from '../../settings/experimentSpec.ts';
import type { ExperimentEvent } from '../../state/experimentEvents.ts';
import { TrainerHandle, type WorkerLike } from '../../trainer/pageSide/trainerHandle.ts';
import type { TrainerCommand, TrainerEvent } from '../../trainer/protocol.ts';
import { ExperimentQueue } from './experimentQueue.ts';
import { type QueueOptions, RunLeft } from './queueParts.ts';

/** A trainer that computes nothing: every iteration is one message after the one before. */
class ScriptedTrainer extends EventTarget implements WorkerLike {
  static made: ScriptedTrainer[] = [];
  static limits: unknown[] = [];
  commands: string[] = [];
  terminated = false;
  #left = 0;
  #iteration = 0;
  #turns = 0;
  #seed = 0;

  failing: (seed: number) => boolean;

  constructor(failing: (seed: number) => boolean = () => false) {
    super();
    this.failing = failing;
    ScriptedTrainer.made.push(this);
  }

  postMessage(message: unknown): void {
    const command = message as TrainerCommand;
    this.commands.push(command.type);
    if (command.type === 'open') {
      this.#say({ type: 'opened', backend: { name: 'simd', device: 'none', reason: 'a test' } });
    } else if (command.type === 'arm') {
      ScriptedTrainer.limits.push(command.limits);
      this.#left = command.settings.training.iterations;
      this.#iteration = 0;
      this.#seed = command.seed;
      this.#say({ type: 'evaluation', record: { iteration: 0, metrics: { heldPass: 0.3 } } });
      this.#say({ type: 'state', state: 'ready' });
    } else if (command.type === 'play') this.#go(Number.POSITIVE_INFINITY);
    else if (command.type === 'step') this.#go(1);
    else if (command.type === 'pause') this.#turns = 0;
  }

  terminate(): void {
    this.terminated = true;
  }

  #go(turns: number): void {
    const idle = this.#turns === 0;
    this.#turns = turns;
    if (idle) queueMicrotask(() => this.#turn());
  }

  #turn(): void {
    if (this.#turns === 0 || this.terminated || this.#left === 0) return;
    this.#turns--;
    if (this.failing(this.#seed)) {
      this.#turns = 0;
      this.#say({ type: 'error', error: { code: 'non-finite', message: 'kl is not a number.' } });
      return;
    }
    const iteration = ++this.#iteration;
    this.#say({
      type: 'iteration',
      record: { iteration, metrics: { rewardPi: iteration }, samples: noSamples },
    });
    if (--this.#left > 0) queueMicrotask(() => this.#turn());
    else {
      this.#turns = 0;
      this.#say({ type: 'evaluation', record: { iteration, metrics: { heldPass: 0.4 } } });
      this.#say({ type: 'state', state: 'finished' });
    }
  }

  #say(event: TrainerEvent): void {
    queueMicrotask(() => {
      if (!this.terminated) this.dispatchEvent(Object.assign(new Event('message'), { data: event }));
    });
  }
}

function experiment(
  input: ExperimentInput,
  cores = 2,
  failing?: (seed: number) => boolean,
  options: Partial<QueueOptions> = {},
) {
  ScriptedTrainer.made = [];
  ScriptedTrainer.limits = [];
  const parts = {
    spawn: () => new TrainerHandle(() => new ScriptedTrainer(failing)),
    judgePort: () => ({}) as MessagePort,
    assets: '',
    backend: 'auto' as const,
    models: new Map(),
  };
  const queue = new ExperimentQueue(parseSpec(input), parts, {
    cores,
    keepSamples: 'none',
    policies: false,
    now: () => performance.now(),
    ...options,
  });
  const events: ExperimentEvent[] = [];
  queue.listen((event) => events.push(event));
  return { queue, events };
}

const states = (queue: ExperimentQueue) => queue.runs.map((run) => run.state);
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('ExperimentQueue', () => {
  it('runs every arm with every seed, seed by seed, on as many trainers as there are cores', async () => {
    const { queue, events } = experiment({ arms: ['ppo-m', 'bw', 'br'], seeds: 2, iterations: 3 });
    queue.start();
    await queue.done;
    expect(queue.runs.map((run) => `${run.arm} ${run.seed}`)).toEqual([
      'PPO-M 1',
      'BW 1',
      'BR 1',
      'PPO-M 2',
      'BW 2',
      'BR 2',
    ]);
    expect(states(queue)).toEqual(Array(6).fill('finished'));
    expect(ScriptedTrainer.made).toHaveLength(2);
    expect(ScriptedTrainer.made.every((trainer) => trainer.terminated)).toBe(true);
    expect(queue.records().map((run) => run.iterations.length)).toEqual(Array(6).fill(3));
    expect(events.filter((event) => event.type === 'backend')).toHaveLength(1);
    const last = events.findLast((event) => event.type === 'progress');
    expect(last).toMatchObject({ done: 18, total: 18, secondsLeft: 0 });
    expect(queue.summary().arms[1].heldEnd!.mean).toBeCloseTo(0.4);
    expect(events.at(-1)).toEqual({ type: 'state', state: 'finished' });
  });

  it('never opens more trainers than runs, or than the spec allows', async () => {
    const few = experiment({ arms: ['bw'], iterations: 1 }, 16);
    few.queue.start();
    await few.queue.done;
    expect(ScriptedTrainer.made).toHaveLength(1);
    const one = experiment({ arms: ['bw', 'br'], iterations: 1, concurrency: 1 }, 16);
    one.queue.start();
    await one.queue.done;
    expect(ScriptedTrainer.made).toHaveLength(1);
  });

  it('goes on after a run that failed, with a fresh trainer', async () => {
    const { queue } = experiment({ arms: ['bw'], seeds: [1, 2, 3], iterations: 2 }, 1, (seed) => seed === 2);
    queue.start();
    await queue.done;
    expect(states(queue)).toEqual(['finished', 'failed', 'finished']);
    expect(queue.runs[1].error).toEqual({ code: 'non-finite', message: 'kl is not a number.' });
    expect(ScriptedTrainer.made).toHaveLength(2);
  });

  it('keeps what was computed when it is stopped', async () => {
    const { queue, events } = experiment({ arms: ['bw'], seeds: 3, iterations: 4 }, 1);
    queue.listen((event) => {
      if (event.type === 'iteration' && event.run.seed === 2 && event.record.iteration === 2) queue.stop();
    });
    queue.start();
    await queue.done;
    await settle();
    expect(states(queue)).toEqual(['finished', 'stopped', 'stopped']);
    expect(queue.records().map((run) => run.iterations.length)).toEqual([4, 2]);
    expect(events.at(-1)!.type).toBe('run');
    expect(queue.state).toBe('stopped');
    queue.start();
    expect(queue.state).toBe('stopped');
  });

  it('can be stopped before it starts', async () => {
    const { queue } = experiment({ arms: ['bw'] });
    queue.stop();
    await queue.done;
    expect(states(queue)).toEqual(['stopped']);
    expect(ScriptedTrainer.made).toHaveLength(0);
  });

  it('steps, pauses and goes on', async () => {
    const { queue } = experiment({ arms: ['bw', 'br'], iterations: 5 });
    queue.step();
    await settle();
    expect(queue.runs.map((run) => run.iteration)).toEqual([1, 1]);
    queue.step();
    await settle();
    expect(queue.runs.map((run) => run.iteration)).toEqual([2, 2]);
    expect(queue.state).toBe('paused');
    queue.start();
    await queue.done;
    expect(states(queue)).toEqual(['finished', 'finished']);
  });

  it('fails all runs with the one message when no trainer can be opened', async () => {
    const { queue } = experiment({ arms: ['bw', 'br'] });
    const broken = new ExperimentQueue(
      queue.spec,
      {
        spawn: () => {
          throw new Error('Workers are switched off.');
        },
        judgePort: () => ({}) as MessagePort,
        assets: '',
        backend: 'auto',
        models: new Map(),
      },
      { cores: 2, keepSamples: 'none', policies: false, now: () => 0 },
    );
    broken.start();
    await broken.done;
    expect(broken.runs.map((run) => run.error?.message)).toEqual(Array(2).fill('Workers are switched off.'));
  });

  it('tells trainers what ends their runs, and says what ended them', async () => {
    const stop = { updateTokens: 100, plateau: { evaluations: 1, gain: 0 } };
    const { queue } = experiment({ arms: ['bw'], iterations: 3, stop });
    queue.start();
    await queue.done;
    expect(ScriptedTrainer.limits).toEqual([stop]);
    expect(queue.runs.map((run) => run.endedBy)).toEqual(['iterations']);
    const none = experiment({ arms: ['bw'], iterations: 3, stop: { seconds: 100 } });
    none.queue.start();
    await none.queue.done;
    expect(ScriptedTrainer.limits).toEqual([undefined]);
  });

  it('ends when its time is up, counts pauses as nothing, and keeps what was computed', async () => {
    let now = 0;
    const { queue } = experiment(
      { arms: ['bw', 'br'], iterations: 50, stop: { seconds: 10 } },
      1,
      undefined,
      {
        now: () => now,
      },
    );
    queue.listen((event) => {
      if (event.type !== 'iteration') return;
      now += 3000;
      if (event.record.iteration === 2) {
        queue.pause();
        now += 60_000;
        queue.start();
      }
    });
    queue.start();
    await queue.done;
    await settle();
    expect(queue.runs.map(({ state, endedBy, iteration }) => [state, endedBy, iteration])).toEqual([
      ['stopped', 'seconds', 4],
      ['stopped', 'seconds', 0],
    ]);
    expect(queue.seconds).toBe(12);
    expect(queue.records().map((record) => record.iterations.length)).toEqual([4]);
  });

  it('goes on with what is there, without computing it again', async () => {
    const row = (iteration: number) => ({ iteration, metrics: { rewardPi: iteration } });
    const look = { iteration: 0, metrics: { heldPass: 0.3 } };
    const { queue, events } = experiment({ arms: ['bw'], seeds: 4, iterations: 3 }, 1, undefined, {
      before: {
        seconds: 5,
        engine: 'auto',
        runs: [
          { state: 'finished', iterations: [1, 2, 3].map(row), evaluations: [look] },
          { state: 'deleted', iterations: [], evaluations: [] },
          { state: 'stopped', iterations: [row(1)], evaluations: [look] },
          null,
        ],
      },
    });
    expect(queue.progress).toEqual({ done: 4, total: 9, secondsLeft: null });
    queue.start();
    await queue.done;
    expect(states(queue)).toEqual(['finished', 'deleted', 'finished', 'finished']);
    expect(events.filter((event) => event.type === 'iteration').map((event) => event.run.index)).toEqual([
      2, 2, 2, 3, 3, 3,
    ]);
    expect(queue.seconds).toBeGreaterThanOrEqual(5);
  });

  it('lets a run go that is no longer its own, and takes the next', async () => {
    const released: number[] = [];
    const { queue } = experiment({ arms: ['bw'], seeds: 3, iterations: 3 }, 1, undefined, {
      keep: async (run, _, leave) => {
        if (run.index === 0) throw new RunLeft('deleted');
        return {
          past: null,
          line: {
            id: `run-${run.index}`,
            hear: (event) => {
              if (run.index === 1 && event.type === 'iteration') leave(new RunLeft('stopped'));
            },
            release: () => {
              released.push(run.index);
            },
          },
        };
      },
    });
    queue.start();
    await queue.done;
    expect(states(queue)).toEqual(['deleted', 'stopped', 'finished']);
    expect(released).toEqual([1, 2]);
  });
});
