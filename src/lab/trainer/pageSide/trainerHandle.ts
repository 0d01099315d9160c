/**
 * The page's handle on one trainer worker, which holds one arm: typed commands in, typed events out. It knows the
 * protocol and nothing else; what an event means is up to whoever listens.
 */
import type { BackendChoice, BackendInfo } from '../../settings/engines.ts';
import { LabFailure } from '../errors.ts';
import type { CheckpointBytes, TrainerCommand, TrainerEvent } from '../protocol.ts';

export type EventType = TrainerEvent['type'];
export type EventOf<Type extends EventType> = Extract<TrainerEvent, { type: Type }>;
/** Every command but the first, which `open` sends. */
export type ArmCommand = Exclude<TrainerCommand, { type: 'open' } | { type: 'export' }>;

/** The part of a worker that the handle needs. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'error' | 'messageerror', listener: (event: Event) => void): void;
  terminate(): void;
}

export interface OpenOptions {
  backend: BackendChoice;
  /** The trainer's own port to the judge. */
  judge: MessagePort;
  /** Absolute address of the folder that holds checkpoints/. */
  assets: string;
}

/** Where the shipped checkpoints are, whatever path the page is served from. */
export const assetFolder = (): string => new URL('./', document.baseURI).href;

function spawnTrainer(): WorkerLike {
  return new Worker(new URL('../../../../workers/trainer.ts', import.meta.url), {
    type: 'module',
    name: 'trainer',
  });
}

const closed = () => new LabFailure({ code: 'internal', message: 'The trainer was closed.' });

export class TrainerHandle {
  #worker: WorkerLike;
  #listeners = new Set<(event: TrainerEvent) => void>();
  #waiting = new Set<(failure: LabFailure) => void>();
  #requests = 0;
  #disposed = false;

  constructor(spawn: () => WorkerLike = spawnTrainer) {
    this.#worker = spawn();
    this.#worker.addEventListener('message', (event) =>
      this.#emit((event as MessageEvent<TrainerEvent>).data),
    );
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      const { message } = event as ErrorEvent;
      this.#fail(
        message ? `The trainer stopped: ${message}` : 'The trainer could not be loaded. Reload the page.',
      );
    });
    this.#worker.addEventListener('messageerror', () => {
      this.#fail('A message between the page and the trainer could not be read.');
    });
  }

  /** Opens the trainer. @throws LabFailure when no backend can be opened */
  async open(options: OpenOptions): Promise<BackendInfo> {
    const opened = this.next('opened');
    this.#post({ type: 'open', ...options }, [options.judge]);
    return (await opened).backend;
  }

  send(command: ArmCommand): void {
    this.#post(command, []);
  }

  /** The present model of the arm. @throws LabFailure */
  async exportModel(slot: 'policy' | 'critic' | 'reward'): Promise<CheckpointBytes> {
    const request = ++this.#requests;
    const exported = this.next('exported', (event) => event.request === request);
    this.#post({ type: 'export', slot, request }, []);
    return (await exported).checkpoint;
  }

  /** Calls `listener` with every event until the returned function is called. */
  listen(listener: (event: TrainerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` with the events of one type until the returned function is called. */
  on<Type extends EventType>(type: Type, listener: (event: EventOf<Type>) => void): () => void {
    return this.listen((event) => {
      if (event.type === type) listener(event as EventOf<Type>);
    });
  }

  /**
   * The next event of a type (that `accept` accepts).
   * @throws LabFailure when an error event comes first, or the handle is disposed of
   */
  next<Type extends EventType>(
    type: Type,
    accept: (event: EventOf<Type>) => boolean = () => true,
  ): Promise<EventOf<Type>> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        stop();
        this.#waiting.delete(fail);
      };
      const fail = (failure: LabFailure) => {
        settle();
        reject(failure);
      };
      const stop = this.listen((event) => {
        if (event.type === type && accept(event as EventOf<Type>)) {
          settle();
          resolve(event as EventOf<Type>);
        } else if (event.type === 'error') {
          fail(new LabFailure(event.error));
        }
      });
      this.#waiting.add(fail);
    });
  }

  /** Ends the worker at once. Listeners hear nothing more; whatever awaits an event fails. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#listeners.clear();
    for (const fail of [...this.#waiting]) fail(closed());
    this.#worker.terminate();
  }

  #post(command: TrainerCommand, transfer: Transferable[]): void {
    if (this.#disposed) throw closed();
    this.#worker.postMessage(command, transfer);
  }

  #fail(message: string): void {
    this.#emit({ type: 'error', error: { code: 'internal', message } });
    this.#emit({ type: 'state', state: 'failed' });
  }

  #emit(event: TrainerEvent): void {
    if (this.#disposed) return;
    for (const listener of [...this.#listeners]) listener(event);
  }
}
