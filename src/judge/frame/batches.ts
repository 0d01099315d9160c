/**
 * The sandbox's side of the conversation about batches, the same for both engines: takes them from the port, runs
 * their programs in order, sends the reports.
 */
import type { BatchMessage, FreshSet, FromFrame, ToFrame } from './words.ts';

/** How one engine runs programs. `Known` is what it keeps of a set of calls. */
export interface Programs<Known> {
  learn(set: FreshSet): Known;
  /** The report of program `i` of the batch; see Run.report. */
  run(batch: BatchMessage, i: number, set: Known): string | Promise<string>;
}

/** Reports leave every few milliseconds, so that one program that never ends hides few others. */
const flushMs = 8;
const flushCount = 64;

const now = performance.now.bind(performance);

export class Batches<Known> {
  readonly #send: (message: FromFrame) => void;
  readonly #programs: Programs<Known>;
  readonly #known = new Map<number, Known>();
  #turn = Promise.resolve();

  constructor(port: MessagePort, programs: Programs<Known>) {
    this.#send = (message) => port.postMessage(message);
    this.#programs = programs;
  }

  hear(message: ToFrame): void {
    if (message.type === 'ping') this.#send({ type: 'pong', nonce: message.nonce });
    else if (message.type === 'run') this.#turn = this.#turn.then(() => this.#run(message));
  }

  async #run(batch: BatchMessage): Promise<void> {
    const { nonce, announce, sources, sets, fresh } = batch;
    if (announce) this.#send({ type: 'begun', nonce });
    for (const set of fresh) this.#known.set(set.id, this.#programs.learn(set));
    let reports: string[] = [];
    let from = 0;
    let flushed = now();
    const flush = (): void => {
      this.#send({ type: 'reports', nonce, from, reports });
      from += reports.length;
      reports = [];
      flushed = now();
    };
    for (let i = 0; i < sources.length; i++) {
      const report = this.#programs.run(batch, i, this.#known.get(sets[i])!);
      reports.push(typeof report === 'string' ? report : await report);
      if (reports.length === flushCount || now() - flushed > flushMs) flush();
    }
    if (reports.length > 0) flush();
    for (const { id, once } of fresh) if (once) this.#known.delete(id);
  }
}
