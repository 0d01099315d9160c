/**
 * The judge: takes programs and tests from its clients, gives verdicts. It filters, remembers, runs what it does not
 * know yet in a sandbox, and compares the outputs here, where the expectations are. One for all arms.
 */
import { BoundedMap } from './boundedMap.ts';
import { comparison, cutOff } from './comparison.ts';
import { Engine, type Job } from './engine.ts';
import {
  type ClientMessage,
  type HostMessage,
  JudgeError,
  type JudgeOptions,
  type JudgeStats,
  type SandboxKind,
} from './protocol.ts';
import type { FrameMaker } from './sandbox.ts';
import { type Prepared, prepare, type Rejected } from './staticFilter.ts';
import { type CompiledSet, compileSet, setIdentity } from './testSet.ts';
import type { Verdict } from './verdict.ts';

export interface HostSurroundings {
  frames(kind: SandboxKind): FrameMaker;
  /** Sends the first message into a new sandbox. */
  open(kind: SandboxKind, port: MessagePort): void;
  alarm(message: string): void;
}

/** Milliseconds for one program, when a client does not say. */
export const defaultTimeoutMs = 250;
/** Steps per millisecond of a client's own limit. Loops are counted so that verdicts do not depend on the machine. */
const stepsPerMs = 4000;
/** Steps when a client sets no limit: many times what a task of the built-in world needs. */
const defaultSteps = 100_000;

const rememberedVerdicts = 100_000;
const rememberedPrograms = 4096;

export class JudgeHost {
  readonly #surroundings: HostSurroundings;
  readonly #engines = new Map<SandboxKind, Engine>();
  readonly #sets = new Map<string, CompiledSet>();
  readonly #verdicts = new BoundedMap<string, Verdict>(rememberedVerdicts);
  readonly #programs = new BoundedMap<string, Prepared | Rejected>(rememberedPrograms);
  /** Programs that stalled a sandbox; they run alone from then on. */
  readonly #culprits = new BoundedMap<string, true>(rememberedPrograms);
  readonly #stats: JudgeStats = {
    programs: 0,
    cacheHits: 0,
    executed: 0,
    guarded: 0,
    stalled: 0,
    respawned: 0,
    attempts: [],
    alarms: [],
  };
  #nextSet = 1;

  constructor(surroundings: HostSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Serves one client until its port closes. */
  connect(port: MessagePort): void {
    const sets = new Map<number, CompiledSet | JudgeError>();
    const send = (message: HostMessage): void => port.postMessage(message);
    port.onmessage = async ({ data }: MessageEvent<ClientMessage>) => {
      switch (data.type) {
        case 'define':
          sets.set(data.set, this.#intern(data.tests));
          break;
        case 'forget':
          for (const set of data.sets) sets.delete(set);
          break;
        case 'stats':
          send({ type: 'stats', request: data.request, stats: this.#stats });
          break;
        case 'judge':
          try {
            const wanted = data.sets.map((set) => {
              const known = sets.get(set) ?? new JudgeError('internal', `unknown test set ${set}`);
              if (known instanceof JudgeError) throw known;
              return known;
            });
            const before = this.#stats.cacheHits;
            const asked = this.judge(data.sources, wanted, data.options);
            const cacheHits = this.#stats.cacheHits - before;
            send({ type: 'verdicts', request: data.request, verdicts: await asked, cacheHits });
          } catch (error) {
            const { code, message } =
              error instanceof JudgeError ? error : new JudgeError('internal', String(error));
            send({ type: 'failed', request: data.request, code, message });
          }
          break;
        default:
          data satisfies never;
      }
    };
  }

  /** Starts the sandboxes of one kind before there is work for them. */
  warm(kind: SandboxKind): void {
    this.#engine(kind).warm();
  }

  judge(sources: string[], sets: CompiledSet[], options: JudgeOptions): Promise<Verdict[]> {
    return Promise.all(sources.map((source, i) => this.#one(source, sets[i], options)));
  }

  #one(source: string, set: CompiledSet, options: JudgeOptions): Promise<Verdict> | Verdict {
    this.#stats.programs++;
    const kind: SandboxKind = options.judge === 'naive' ? 'naive' : (options.engine ?? 'frozen');
    const total = set.expected.length;
    const limit = options.timeoutMs ?? 0;
    const key = `${kind} ${set.id} ${limit} ${options.outputs ?? false}\n${source}`;
    const remembered = this.#verdicts.get(key);
    if (remembered) {
      this.#stats.cacheHits++;
      return remembered;
    }
    const prepared = this.#prepare(source);
    if ('rejected' in prepared) {
      return { status: 'rejected', passed: 0, total, score: 0, detail: prepared.rejected };
    }
    this.#stats.executed++;
    return new Promise((resolve, reject) => {
      const job: Job = {
        code: prepared.code,
        set,
        fuel: limit > 0 ? limit * stepsPerMs : defaultSteps,
        limitMs: limit > 0 ? limit : defaultTimeoutMs,
        alone: this.#culprits.has(source),
        done: (report) => {
          if (report === null) this.#stalled(source);
          const verdict = report === null ? cutOff(total, 'stall') : comparison(report, set, options.outputs);
          this.#verdicts.set(key, verdict);
          resolve(verdict);
        },
        failed: reject,
      };
      this.#engine(kind).run(job);
    });
  }

  #stalled(source: string): void {
    this.#stats.stalled++;
    this.#culprits.set(source, true);
  }

  #prepare(source: string): Prepared | Rejected {
    let prepared = this.#programs.get(source);
    if (!prepared) {
      prepared = prepare(source);
      this.#programs.set(source, prepared);
    }
    return prepared;
  }

  #intern(tests: Parameters<typeof compileSet>[0]): CompiledSet | JudgeError {
    try {
      const compiled = compileSet(tests, this.#nextSet);
      const identity = setIdentity(compiled);
      const known = this.#sets.get(identity);
      if (known) return known;
      this.#nextSet++;
      this.#sets.set(identity, compiled);
      return compiled;
    } catch (error) {
      return error instanceof JudgeError ? error : new JudgeError('bad-tests', String(error));
    }
  }

  #engine(kind: SandboxKind): Engine {
    let engine = this.#engines.get(kind);
    if (!engine) {
      const { frames, open, alarm } = this.#surroundings;
      engine = new Engine(frames(kind), (port) => open(kind, port), {
        respawned: () => {
          this.#stats.respawned++;
        },
        compromised: (reason) => {
          this.#stats.alarms.push(reason);
          alarm(reason);
        },
      });
      this.#engines.set(kind, engine);
    }
    return engine;
  }
}
