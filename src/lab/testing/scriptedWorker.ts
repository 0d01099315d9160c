/** A trainer worker for tests of the laboratory: it answers as a trainer does, and iterates when the test says so. */
import { type IterationRecord, noSamples } from '../records/record.ts';
import type { WorkerLike } from '../trainer/pageSide/trainerHandle.ts';
import type { TrainerCommand, TrainerEvent } from '../trainer/protocol.ts';

export const row = (iteration: number): IterationRecord => ({
  iteration,
  metrics: { rewardPi: iteration, seconds: 2 * iteration },
  samples: noSamples,
});

export class ScriptedWorker implements WorkerLike {
  readonly commands: TrainerCommand[] = [];
  terminated = false;
  #listeners: ((event: MessageEvent) => void)[] = [];
  #failOpening: boolean;

  constructor(failOpening: boolean) {
    this.#failOpening = failOpening;
  }

  postMessage(message: unknown): void {
    const command = message as TrainerCommand;
    this.commands.push(command);
    queueMicrotask(() => this.#answer(command));
  }

  addEventListener(type: string, listener: (event: Event) => void): void {
    if (type === 'message') this.#listeners.push(listener as (event: MessageEvent) => void);
  }

  terminate(): void {
    this.terminated = true;
  }

  emit(event: TrainerEvent): void {
    for (const listener of this.#listeners) listener({ data: event } as MessageEvent);
  }

  iterate(iteration: number): void {
    this.emit({ type: 'iteration', record: row(iteration) });
  }

  #answer(command: TrainerCommand): void {
    if (command.type === 'open' && this.#failOpening) {
      this.emit({ type: 'error', error: { code: 'backend', message: 'No engine could be opened.' } });
    } else if (command.type === 'open') {
      this.emit({ type: 'opened', backend: { name: 'simd', device: 'test', reason: 'a test' } });
    } else if (command.type === 'arm') {
      this.emit({ type: 'state', state: 'loading' });
      this.emit({ type: 'state', state: 'ready' });
    } else if (command.type === 'play') this.emit({ type: 'state', state: 'running' });
    else if (command.type === 'pause') this.emit({ type: 'state', state: 'paused' });
  }
}
