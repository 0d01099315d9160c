import { describe, expect, it } from 'vitest';
import type { TrainerCommand, TrainerEvent } from '../protocol.ts';
import { openTrainer, type TrainerParts } from './openTrainer.ts';
import { PreparedTrainers } from './preparedTrainers.ts';
import { TrainerHandle, type WorkerLike } from './trainerHandle.ts';

/** Opens at once, or never. */
class OpeningWorker extends EventTarget implements WorkerLike {
  sent: TrainerCommand[] = [];
  terminated = false;
  readonly #opens: boolean;
  constructor(opens: boolean) {
    super();
    this.#opens = opens;
  }
  postMessage(message: unknown): void {
    const command = message as TrainerCommand;
    this.sent.push(command);
    if (command.type !== 'open') return;
    queueMicrotask(() =>
      this.say(
        this.#opens
          ? { type: 'opened', backend: { name: 'simd', device: 'test', reason: 'a test' } }
          : { type: 'error', error: { code: 'backend', message: 'No engine could be opened.' } },
      ),
    );
  }
  terminate(): void {
    this.terminated = true;
  }
  say(event: TrainerEvent): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: event }));
  }
}

function room({ opens = true } = {}) {
  const workers: OpeningWorker[] = [];
  const waiting = new PreparedTrainers();
  const parts: TrainerParts = {
    spawn: () =>
      new TrainerHandle(() => {
        const worker = new OpeningWorker(opens);
        workers.push(worker);
        return worker;
      }),
    judgePort: () => new MessageChannel().port1,
    assets: 'http://x/',
    backend: 'auto',
    models: new Map(),
    prepared: (backend) => waiting.take(backend),
  };
  return { workers, waiting, parts };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const models = ['policy', 'strong'] as const;

describe('PreparedTrainers', () => {
  it('gives what was opened before, with its models asked for, and opens another when none is left', async () => {
    const { workers, waiting, parts } = room();
    waiting.prepare(parts, 2, models);
    waiting.prepare(parts, 2, models);
    await settled();
    expect(workers.map(({ sent }) => sent.map(({ type }) => type))).toEqual([
      ['open', 'prepare'],
      ['open', 'prepare'],
    ]);
    const taken = [await openTrainer(parts), await openTrainer(parts)];
    expect(workers).toHaveLength(2);
    expect(taken[0].trainer).not.toBe(taken[1].trainer);
    await openTrainer(parts);
    expect(workers.map(({ sent }) => sent.length)).toEqual([2, 2, 1]);
  });

  it('has at most two wait, however many arms there are', async () => {
    const { workers, waiting, parts } = room();
    waiting.prepare(parts, 8, models);
    await settled();
    expect(workers).toHaveLength(2);
  });

  it('gives what is still being opened', async () => {
    const { workers, waiting, parts } = room();
    waiting.prepare(parts, 1, models);
    await openTrainer(parts);
    expect(workers).toHaveLength(1);
  });

  it('closes what was opened for another engine', async () => {
    const { workers, waiting, parts } = room();
    waiting.prepare(parts, 1, models);
    await openTrainer({ ...parts, backend: 'plain' });
    await settled();
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  });

  it('never gives one that stopped while it waited', async () => {
    const { workers, waiting, parts } = room();
    waiting.prepare(parts, 1, models);
    await settled();
    workers[0].say({ type: 'error', error: { code: 'internal', message: 'The trainer stopped.' } });
    await openTrainer(parts);
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  });

  it('leaves it to the one who needs a trainer to say why none can be opened', async () => {
    const { waiting, parts } = room({ opens: false });
    waiting.prepare(parts, 1, models);
    await settled();
    await expect(openTrainer(parts)).rejects.toMatchObject({ error: { code: 'backend' } });
  });
});
