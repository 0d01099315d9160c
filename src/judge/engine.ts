/**
 * Runs programs in batches in a sandbox of one kind and survives whatever they do to it. A sandbox that falls silent
 * is removed with its frame, another takes its place, and the programs that it left unanswered run again: those that
 * may have been the cause one by one, so that only the guilty one pays.
 */
import type { BatchMessage, FromFrame } from './frame/words.ts';
import { JudgeError } from './protocol.ts';
import { type FrameMaker, Sandbox } from './sandbox.ts';
import { Sentinels } from './sentinels.ts';
import type { CompiledSet } from './testSet.ts';

/** A program on its way through a sandbox. */
export interface Job {
  code: string;
  set: CompiledSet;
  /** Steps and milliseconds that it may take. */
  fuel: number;
  limitMs: number;
  /** Run alone: it is new here but was in bad company, or stalled a sandbox before. */
  alone: boolean;
  /** The sandbox's report, or null when the program had to be cut off. */
  done(report: string | null): void;
  failed(error: Error): void;
}

interface Batch {
  nonce: number;
  jobs: Job[];
  answered: number;
  begun: boolean;
}

export interface EngineEvents {
  respawned(): void;
  /** The sandbox gave a verdict that cannot be: it was replaced and the batch runs again. */
  compromised(reason: string): void;
}

const batchSize = 128;
/** The second batch waits in the sandbox while the first one runs. */
const batchesInFlight = 2;
const beatMs = 25;
/** A batch may be silent for this long; it reports every few milliseconds. */
const silentBeats = 6;
/** A frame may take this long to accept a batch, or to answer a ping. */
const deadBeats = 60;
const pingMs = 2000;
/** A sandbox is replaced after this many programs, so that nothing can build up. */
const programsPerSandbox = 50_000;
const startLimitMs = 15_000;

export class Engine {
  readonly #frames: FrameMaker;
  readonly #open: (port: MessagePort) => void;
  readonly #events: EngineEvents;
  readonly #queue: Job[] = [];
  readonly #sentinels = new Sentinels();
  #active: Sandbox | null = null;
  #spare: Sandbox | null = null;
  #isReady = false;
  #flights: Batch[] = [];
  #beats = 0;
  #pinged = 0;
  #beat: ReturnType<typeof setInterval> | null = null;
  #failures = 0;

  constructor(frames: FrameMaker, open: (port: MessagePort) => void, events: EngineEvents) {
    this.#frames = frames;
    this.#open = open;
    this.#events = events;
  }

  run(job: Job): void {
    this.#queue.push(job);
    this.#pump();
  }

  /** Starts a sandbox before there is work for it. */
  warm(): void {
    if (!this.#active) void this.#start();
  }

  async #start(): Promise<void> {
    this.#isReady = false;
    const sandbox = this.#spare ?? new Sandbox(this.#frames, this.#open);
    this.#spare = null;
    this.#active = sandbox;
    sandbox.onMessage = (message) => this.#hear(message);
    this.#beat ??= setInterval(() => this.#watch(), beatMs);
    try {
      await Promise.race([sandbox.ready, timeLimit(startLimitMs)]);
    } catch (error) {
      if (this.#active === sandbox) this.#unusable(error as Error);
      return;
    }
    if (this.#active !== sandbox) return;
    this.#failures = 0;
    this.#isReady = true;
    this.#beats = 0;
    this.#spare ??= new Sandbox(this.#frames, this.#open);
    this.#pump();
  }

  /** A sandbox did not start. Twice in a row is a browser that cannot do it. */
  #unusable(error: Error): void {
    this.#drop();
    if (++this.#failures < 2) {
      void this.#start();
      return;
    }
    const message = `No sandbox can be started in this browser: ${error.message}`;
    for (const job of this.#queue.splice(0)) job.failed(new JudgeError('no-sandbox', message));
  }

  #drop(): void {
    this.#active?.remove();
    this.#active = null;
    this.#isReady = false;
  }

  #pump(): void {
    if (this.#queue.length === 0) return;
    if (!this.#active) void this.#start();
    if (!this.#isReady) return;
    while (this.#flights.length < batchesInFlight && this.#queue.length > 0) {
      const alone = this.#queue[0].alone;
      // A program that runs alone has nothing before it and nothing behind it.
      if (this.#flights.length > 0 && (alone || this.#flights[0].jobs[0].alone)) return;
      let count = 1;
      while (!alone && count < batchSize && this.#queue[count] && !this.#queue[count].alone) count++;
      this.#launch(this.#queue.splice(0, count));
    }
  }

  #launch(work: Job[]): void {
    const sandbox = this.#active!;
    // A program on its own has no company that a sentinel could speak for.
    const jobs = work[0].alone ? work : [...work, ...this.#sentinels.jobs((why) => this.#compromised(why))];
    const message: BatchMessage = {
      type: 'run',
      nonce: crypto.getRandomValues(new Uint32Array(1))[0],
      sources: jobs.map(({ code }) => code),
      sets: jobs.map(({ set }) => set.id),
      fuel: jobs.map(({ fuel }) => fuel),
      fresh: [],
      limit: Math.max(...jobs.map(({ limitMs }) => limitMs)),
    };
    for (const { set } of jobs) {
      if (sandbox.known.has(set.id)) continue;
      sandbox.known.add(set.id);
      const { id, entry, make, guardArguments, wait } = set;
      message.fresh.push({ id, calls: { names: [entry], make, guardArguments }, wait });
    }
    if (this.#flights.length === 0) this.#beats = 0;
    this.#flights.push({ nonce: message.nonce, jobs, answered: 0, begun: false });
    sandbox.send(message);
  }

  #hear(message: FromFrame): void {
    this.#beats = 0;
    this.#pinged = 0;
    const batch = this.#flights[0];
    if (message.type === 'begun' && batch?.nonce === message.nonce) batch.begun = true;
    if (message.type !== 'reports') return;
    const { nonce, from, reports } = message;
    const fits =
      batch?.nonce === nonce &&
      from === batch.answered &&
      Array.isArray(reports) &&
      from + reports.length <= batch.jobs.length &&
      reports.every((report) => typeof report === 'string');
    if (!fits) {
      this.#compromised('a sandbox sent what it was not asked for');
      return;
    }
    for (const report of reports) {
      batch.jobs[batch.answered++].done(report);
      if (this.#flights[0] !== batch) return;
    }
    this.#active!.ran += reports.length;
    if (batch.answered < batch.jobs.length) return;
    this.#flights.shift();
    if (this.#active!.ran >= programsPerSandbox && this.#flights.length === 0) this.#drop();
    this.#pump();
  }

  /**
   * Counts the beats without a word from the sandbox. Beats, not milliseconds: on a machine so busy that this thread
   * is late, the sandbox's thread is late too, and an honest program must not pay for it.
   */
  #watch(): void {
    if (!this.#isReady) return;
    this.#beats++;
    const batch = this.#flights[0];
    if (!batch) {
      if (this.#beats * beatMs < pingMs) return;
      this.#beats = 0;
      if (this.#pinged++ > 0) this.#drop();
      else this.#active!.send({ type: 'ping', nonce: 0 });
      return;
    }
    const job = batch.jobs[batch.answered];
    const allowed = !batch.begun ? deadBeats : job.alone ? Math.ceil(job.limitMs / beatMs) + 1 : silentBeats;
    if (this.#beats > allowed) this.#cutOff(batch, job);
  }

  #cutOff(batch: Batch, job: Job): void {
    const suspects = batch.jobs.slice(batch.answered);
    const guilty = batch.begun && job.alone ? suspects.shift() : undefined;
    // Reports leave in groups, so the one that hangs is among the first of the unanswered.
    if (batch.begun) for (const suspect of suspects.slice(0, reportGroup)) suspect.alone = true;
    this.#replace(suspects);
    guilty?.done(null);
  }

  #compromised(reason: string): void {
    this.#events.compromised(reason);
    const [batch] = this.#flights;
    this.#replace(batch ? batch.jobs.slice(batch.answered) : []);
  }

  /** Removes the frame and everything in it, and runs again what it owed. */
  #replace(first: Job[]): void {
    const waiting = this.#flights.slice(1).flatMap(({ jobs }) => jobs);
    this.#flights = [];
    this.#drop();
    this.#events.respawned();
    this.#queue.unshift(...[...first, ...waiting].filter((job) => !this.#sentinels.owns(job)));
    void this.#start();
  }
}

/** As many as a sandbox puts into one group of reports; see frame/frozenWorker.ts. */
const reportGroup = 64;

function timeLimit(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('it did not start in time')), ms);
  });
}
