/**
 * The sandboxes of one kind, side by side: a second one starts when there is work for two, but not while the first is
 * still starting, which keeps a small machine busy enough. Which of them runs a program makes no difference to its
 * verdict.
 */
import type { Engine } from './engine.ts';
import type { Job } from './job.ts';

/** Programs that the sandboxes may have before another one is started. */
const busy = 32;
/** Programs that go to the same sandbox, one after the other: as many as its first batch takes. */
const block = 16;

export class Pool {
  readonly #make: () => Engine;
  readonly #limit: number;
  readonly #engines: Engine[] = [];
  /** The engine that is being filled, and how much more it is to get. */
  #filling: Engine | null = null;
  #room = 0;

  constructor(make: () => Engine, limit: number) {
    this.#make = make;
    this.#limit = limit;
  }

  run(job: Job): void {
    if (!this.#filling || this.#room === 0) {
      this.#filling = this.#choose();
      this.#room = block;
    }
    this.#room--;
    this.#filling.run(job);
  }

  /** Starts a sandbox before there is work for it. */
  warm(): void {
    this.#choose().warm();
  }

  #choose(): Engine {
    const idlest = this.#engines.toSorted((a, b) => a.load - b.load)[0];
    const isEnough =
      this.#engines.length === this.#limit || this.#engines.some(({ isStarted }) => !isStarted);
    if (idlest && (idlest.load < busy || isEnough)) return idlest;
    const engine = this.#make();
    this.#engines.push(engine);
    return engine;
  }
}
