/**
 * Runs programs in batches in a sandbox of one kind and survives whatever they do to it. A sandbox that falls silent
 * is removed with its frame, another takes its place, and the programs that it left unanswered run again: those that
 * may have been the cause one by one, so that only the guilty one pays.
 *
 * There is no spare sandbox on purpose. All sandboxed frames of a page share a process, and only when the last of them
 * is gone does Chromium end that process at once; beside a spare, a removed worker would burn a core for two more
 * seconds. A new frame takes 50 to 100 ms.
 */
import type { BatchMessage, FreshSet, FromFrame } from '../frame/words.ts';
import { JudgeError } from '../judgeError.ts';
import type { SandboxKind } from '../protocol.ts';
import type { CompiledSet } from '../testSets/testSet.ts';
import type { Job } from './job.ts';
import { type FrameMaker, Sandbox } from './sandbox.ts';
import { Sentinels } from './sentinels.ts';

interface Batch {
  nonce: number;
  jobs: Job[];
  /** Of the first jobs; held back until the sentinels, which come last, have spoken for the sandbox. */
  reports: string[];
  begun: boolean;
}

export interface EngineSurroundings {
  kind: SandboxKind;
  frames: FrameMaker;
  /** Sends the first message into a new sandbox. */
  open(port: MessagePort): Promise<void>;
  /** A sandbox was removed by force: the frames of the other engines must go too, or its process lives on. */
  purged(): void;
  /** A sandbox said what cannot be true; it is replaced and the batch runs again. */
  compromised(reason: string): void;
}

/**
 * Programs per batch. The first batch is small and leaves while the next programs are still being parsed. A sandbox
 * takes half as long again for a program as its parsing took, so each batch may be that much larger than the one
 * before: the sandbox is never without work, and there are few batches.
 */
const smallestBatch = 16;
const batchGrowth = 1.5;
const largestBatch = 128;
/** Programs that may wait in the sandbox. */
const programsInFlight = 4096;
const beatMs = 25;
/** A batch may be silent for this long; it reports every few milliseconds. */
const silentBeats = 5;
/** The naive judge starts a worker for each batch, and reports when all of it is done. */
const naiveSilentBeats = 40;
/** A frame may take this long to accept a batch. */
const deadBeats = 80;
/** An idle sandbox is asked this often whether it is alive. */
const pingBeats = 80;
/** A sandbox is replaced after this many programs, so that nothing can build up. */
const programsPerSandbox = 50_000;
const startLimitMs = 15_000;
/** Sandboxes that may fail one after the other, at the start or in their word, before the judge gives up. */
const failuresAllowed = 3;
/** As many as a sandbox puts into one group of reports; see frame/batches.ts. */
const reportGroup = 64;

export class Engine {
  readonly #around: EngineSurroundings;
  readonly #queue: Job[] = [];
  readonly #sentinels: Sentinels | null;
  readonly #smallest: number;
  readonly #silentBeats: number;
  #sandbox: Sandbox | null = null;
  #isReady = false;
  #flights: Batch[] = [];
  /** Programs of the next batch. */
  #batchSize: number;
  #inFlight = 0;
  #isPumpDue = false;
  #silence = 0;
  #isPinged = false;
  #watch: ReturnType<typeof setInterval> | null = null;
  #failures = 0;

  constructor(around: EngineSurroundings) {
    this.#around = around;
    // The naive judge is meant to be fooled.
    const isNaive = around.kind === 'naive';
    this.#sentinels = isNaive ? null : new Sentinels();
    this.#smallest = isNaive ? largestBatch : smallestBatch;
    this.#silentBeats = isNaive ? naiveSilentBeats : silentBeats;
    this.#batchSize = this.#smallest;
  }

  /** Programs that wait and programs that run. */
  get load(): number {
    return this.#queue.length + this.#inFlight;
  }

  /** Whether its sandbox has started: before, it is busy with that. */
  get isStarted(): boolean {
    return this.#isReady;
  }

  /** Jobs asked for in one turn run in batches: full batches start now, the rest at the end of the turn. */
  run(job: Job): void {
    this.#queue.push(job);
    if (this.#queue.length >= this.#batchSize) this.#pump();
    else if (!this.#isPumpDue) {
      this.#isPumpDue = true;
      queueMicrotask(() => {
        this.#isPumpDue = false;
        this.#pump();
      });
    }
  }

  /** Starts a sandbox before there is work for it. */
  warm(): void {
    if (!this.#sandbox) void this.#start();
  }

  /** Gives up the sandbox although it did nothing wrong; what it was doing runs again. */
  evict(): void {
    if (!this.#sandbox) return;
    this.#takeBack();
    this.#drop();
    if (this.#queue.length > 0) void this.#start();
  }

  dispose(): void {
    this.#queue.length = 0;
    this.#clearFlights();
    this.#drop();
  }

  async #start(): Promise<void> {
    const sandbox = new Sandbox(this.#around.frames, this.#around.open);
    this.#sandbox = sandbox;
    sandbox.onMessage = (message) => this.#hear(message);
    try {
      await Promise.race([sandbox.ready, timeLimit(startLimitMs)]);
    } catch (error) {
      if (this.#sandbox === sandbox) this.#unusable((error as Error).message);
      return;
    }
    if (this.#sandbox !== sandbox) return;
    this.#isReady = true;
    this.#silence = 0;
    this.#watch ??= setInterval(() => this.#beat(), beatMs);
    this.#pump();
  }

  #unusable(reason: string): void {
    this.#takeBack();
    this.#drop();
    if (++this.#failures < failuresAllowed) {
      void this.#start();
      return;
    }
    const error = new JudgeError('no-sandbox', `No sandbox can be used in this browser: ${reason}.`);
    for (const job of this.#queue.splice(0)) job.failed(error);
    this.#failures = 0;
  }

  #drop(): void {
    this.#sandbox?.remove();
    this.#sandbox = null;
    this.#isReady = false;
    this.#isPinged = false;
    if (this.#watch) clearInterval(this.#watch);
    this.#watch = null;
  }

  #pump(): void {
    if (this.#queue.length === 0) return;
    if (!this.#sandbox) void this.#start();
    if (!this.#isReady) return;
    while (this.#queue.length > 0 && this.#inFlight < programsInFlight) {
      // It finishes what it has, and is replaced.
      if (this.#sandbox!.sent >= programsPerSandbox) return;
      const { alone } = this.#queue[0];
      // A program that runs alone has nothing before it and nothing behind it.
      if (this.#flights.length > 0 && (alone || this.#flights[0].jobs[0].alone)) return;
      let count = 1;
      while (!alone && count < this.#batchSize && this.#queue[count] && !this.#queue[count].alone) count++;
      this.#launch(this.#queue.splice(0, count));
    }
  }

  #launch(jobs: Job[]): void {
    const sandbox = this.#sandbox!;
    // Alone, a program gets all of its time at once: there is nobody else whom it could keep waiting.
    if (jobs.length === 1 && this.#flights.length === 0) jobs[0].alone = true;
    if (this.#sentinels) jobs = [...jobs, ...this.#sentinels.jobs];
    const fresh: FreshSet[] = [];
    for (const { set } of jobs) {
      if (sandbox.known.has(set.id)) continue;
      if (!set.once) sandbox.known.add(set.id);
      fresh.push(this.#freshSet(set));
    }
    // Ask for a sign of life only from a sandbox that has been idle.
    const isFirst = this.#flights.length === 0;
    const announce = isFirst && (this.#silence > 0 || jobs[0].alone);
    const message: BatchMessage = {
      type: 'run',
      announce,
      nonce: crypto.getRandomValues(new Uint32Array(1))[0],
      sources: jobs.map(({ code }) => code),
      sets: jobs.map(({ set }) => set.id),
      fuel: jobs.map(({ fuel }) => fuel),
      stateless: jobs.map(({ stateless }) => stateless),
      limit: Math.max(...jobs.map(({ limitMs }) => limitMs)),
      fresh,
    };
    if (isFirst) this.#silence = 0;
    this.#flights.push({ nonce: message.nonce, jobs, reports: [], begun: !announce });
    this.#inFlight += jobs.length;
    this.#batchSize = Math.min(Math.ceil(batchGrowth * this.#batchSize), largestBatch);
    sandbox.sent += jobs.length;
    sandbox.send(message);
  }

  #freshSet(compiled: CompiledSet): FreshSet {
    const { id, names, make, guardArguments, talk, messages, wait, once, answers } = compiled;
    const calls = { names: [...names], make, guardArguments, talk, messages };
    const set: FreshSet = { id, calls, wait, once };
    if (this.#around.kind === 'naive') set.answers = answers;
    return set;
  }

  #hear(message: FromFrame): void {
    this.#silence = 0;
    this.#isPinged = false;
    const batch = this.#flights[0];
    if (message.type === 'begun' && batch?.nonce === message.nonce) batch.begun = true;
    if (message.type !== 'reports') return;
    const { nonce, from, reports } = message;
    const fits =
      batch?.nonce === nonce &&
      from === batch.reports.length &&
      Array.isArray(reports) &&
      from + reports.length <= batch.jobs.length &&
      reports.every((report) => typeof report === 'string');
    if (!fits) {
      this.#distrust('a sandbox said what it was not asked');
      return;
    }
    batch.reports.push(...reports);
    if (batch.reports.length === batch.jobs.length) this.#finish(batch);
  }

  #finish({ jobs, reports }: Batch): void {
    const sandbox = this.#sandbox!;
    const wrong = this.#sentinels?.wrong(jobs, reports);
    if (wrong) {
      this.#distrust(wrong);
      return;
    }
    this.#failures = 0;
    this.#flights.shift();
    this.#inFlight -= jobs.length;
    if (this.#flights.length === 0) this.#batchSize = this.#smallest;
    jobs.forEach((job, i) => {
      job.done(reports[i]);
    });
    if (sandbox.sent >= programsPerSandbox && this.#flights.length === 0) this.#drop();
    this.#pump();
  }

  /**
   * Counts the beats without a word from the sandbox. Beats, not milliseconds: on a machine so busy that this thread
   * is late, the sandbox's thread is late too, and an honest program must not pay for it.
   */
  #beat(): void {
    this.#silence++;
    const batch = this.#flights[0];
    if (!batch) {
      if (this.#silence < pingBeats) return;
      this.#silence = 0;
      if (this.#isPinged) this.#drop();
      else this.#sandbox?.send({ type: 'ping', nonce: 0 });
      this.#isPinged = true;
      return;
    }
    const job = batch.jobs[batch.reports.length];
    const allowed = !batch.begun
      ? deadBeats
      : job.alone
        ? Math.ceil(job.limitMs / beatMs)
        : this.#silentBeats;
    if (this.#silence > allowed) this.#cutOff(batch, job);
  }

  /** Removes the frame and everything in it. */
  #cutOff(batch: Batch, job: Job): void {
    const isGuilty = batch.begun && job.alone;
    if (isGuilty) batch.jobs = batch.jobs.filter((other) => other !== job);
    else if (batch.begun) {
      // Reports leave in groups, so the one that hangs is among the first of the unanswered.
      const { length } = batch.reports;
      for (const suspect of batch.jobs.slice(length, length + reportGroup)) suspect.alone = true;
    }
    this.#takeBack();
    this.#drop();
    this.#around.purged();
    if (isGuilty) job.done(null);
    if (this.#queue.length > 0 || isGuilty) this.warm();
  }

  #distrust(reason: string): void {
    this.#around.compromised(reason);
    this.#unusable(reason);
  }

  #clearFlights(): void {
    this.#flights = [];
    this.#inFlight = 0;
    this.#batchSize = this.#smallest;
  }

  /** Puts what the sandbox was doing back to the front of the queue. */
  #takeBack(): void {
    const owed = this.#flights.flatMap(({ jobs }) => jobs);
    this.#clearFlights();
    this.#queue.unshift(...owed.filter((job) => !this.#sentinels?.jobs.includes(job)));
  }
}

function timeLimit(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('it did not start in time')), ms);
  });
}
