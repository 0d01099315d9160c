/**
 * The judge: takes programs and tests from its clients, gives verdicts. It filters, remembers, runs what it does not
 * know yet in a sandbox, and compares the outputs here, where the expectations are. One for all arms.
 */
import { Attempts, exoticOutput } from './attempts.ts';
import { BoundedMap } from './boundedMap.ts';
import { claimed, comparison, cutOff } from './comparison.ts';
import { Engine } from './engine.ts';
import {
  type ClientMessage,
  type HostMessage,
  JudgeError,
  type JudgeOptions,
  type JudgeStats,
  type SandboxKind,
  type TestSet,
} from './protocol.ts';
import type { FrameMaker } from './sandbox.ts';
import { type Prepared, prepare, type Rejected } from './staticFilter.ts';
import { type CompiledSet, compileSet, setIdentity } from './testSet.ts';
import type { Verdict } from './verdict.ts';

export interface HostSurroundings {
  frames(kind: SandboxKind): FrameMaker;
  /** Sends the first message into a new sandbox. */
  open(kind: SandboxKind, port: MessagePort): Promise<void>;
  alarm(message: string): void;
}

/** Milliseconds for one program, when a client does not say. */
const defaultTimeoutMs = 200;
/** Steps per millisecond of a client's own limit. Loops are counted so that verdicts do not depend on the machine. */
const stepsPerMs = 4000;
/** Steps when a client sets no limit: many times what a task of the built-in world needs. */
const defaultSteps = 100_000;

const rememberedVerdicts = 100_000;
const rememberedPrograms = 4096;
const rememberedSets = 32_768;

type Counters = Omit<JudgeStats, 'attempts' | 'alarms'>;

export class JudgeHost {
  readonly #surroundings: HostSurroundings;
  readonly #engines = new Map<SandboxKind, Engine>();
  readonly #sets = new BoundedMap<string, CompiledSet>(rememberedSets);
  readonly #verdicts = new BoundedMap<string, Verdict>(rememberedVerdicts);
  /** Being judged at this moment: who asks for the same waits for the same. */
  readonly #underWay = new Map<string, Promise<Verdict>>();
  readonly #programs = new BoundedMap<string, Prepared | Rejected>(rememberedPrograms);
  /** Programs that stalled a sandbox; they run alone from then on. */
  readonly #culprits = new BoundedMap<string, true>(rememberedPrograms);
  readonly #attempts = new Attempts();
  readonly #alarms: string[] = [];
  readonly #counters: Counters = {
    programs: 0,
    cacheHits: 0,
    executed: 0,
    guarded: 0,
    stalled: 0,
    respawned: 0,
  };
  #nextSet = 1;

  constructor(surroundings: HostSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Serves one client until its port closes. */
  connect(port: MessagePort): void {
    const sets = new Map<number, CompiledSet | JudgeError>();
    const send = (message: HostMessage): void => port.postMessage(message);
    const judge = async ({
      request,
      sources,
      sets: wanted,
      options,
    }: Extract<ClientMessage, { type: 'judge' }>) => {
      try {
        const before = this.#counters.cacheHits;
        const asked = sources.map((source, i) => this.#judge(source, setOf(sets, wanted[i]), options));
        const cacheHits = this.#counters.cacheHits - before;
        send({ type: 'verdicts', request, verdicts: await Promise.all(asked), cacheHits });
      } catch (error) {
        const { code, message } =
          error instanceof JudgeError ? error : new JudgeError('internal', String(error));
        send({ type: 'failed', request, code, message });
      }
    };
    port.onmessage = ({ data }: MessageEvent<ClientMessage>) => {
      switch (data.type) {
        case 'define':
          sets.set(data.set, this.#intern(data.tests));
          break;
        case 'forget':
          for (const set of data.sets) sets.delete(set);
          break;
        case 'stats':
          send({ type: 'stats', request: data.request, stats: this.stats() });
          break;
        case 'judge':
          void judge(data);
          break;
        default:
          data satisfies never;
      }
    };
  }

  stats(): JudgeStats {
    return { ...this.#counters, attempts: this.#attempts.list(), alarms: this.#alarms };
  }

  /** Starts the sandbox of one kind before there is work for it. */
  warm(kind: SandboxKind): void {
    this.#engine(kind).warm();
  }

  /** The verdict, or a promise of it. */
  #judge(source: string, set: CompiledSet, options: JudgeOptions): Verdict | Promise<Verdict> {
    this.#counters.programs++;
    const kind: SandboxKind = options.judge === 'naive' ? 'naive' : (options.engine ?? 'frozen');
    const limit = options.timeoutMs ?? 0;
    const key = `${kind} ${set.id} ${limit} ${options.outputs ?? false}\n${source}`;
    const known = this.#verdicts.get(key) ?? this.#underWay.get(key);
    if (known) {
      this.#counters.cacheHits++;
      return known;
    }
    const prepared = this.#prepare(source);
    if ('rejected' in prepared)
      return {
        status: 'rejected',
        passed: 0,
        total: set.expected.length,
        score: 0,
        detail: prepared.rejected,
      };
    const execution = this.#execute(kind, source, prepared.code, set, limit, options.outputs).then(
      (verdict) => {
        this.#verdicts.set(key, verdict);
        return verdict;
      },
    );
    this.#underWay.set(key, execution);
    const over = (): boolean => this.#underWay.delete(key);
    execution.then(over, over);
    return execution;
  }

  #execute(
    kind: SandboxKind,
    source: string,
    code: string,
    set: CompiledSet,
    limit: number,
    outputs?: boolean,
  ): Promise<Verdict> {
    this.#counters.executed++;
    const total = set.expected.length;
    return new Promise((resolve, reject) => {
      this.#engine(kind).run({
        code,
        set,
        fuel: limit > 0 ? limit * stepsPerMs : defaultSteps,
        limitMs: limit > 0 ? limit : defaultTimeoutMs,
        alone: this.#culprits.has(source),
        done: (report) => {
          if (report === null) {
            resolve(cutOff(total, 'stall'));
            this.#culprits.set(source, true);
          } else resolve(kind === 'naive' ? claimed(report, total) : comparison(report, set, outputs));
          this.#notice(report, source, set, kind);
        },
        failed: reject,
      });
    });
  }

  /** Keeps the count of what went wrong on purpose, and looks at what can only go right by foul means. */
  #notice(report: string | null, source: string, set: CompiledSet, kind: SandboxKind): void {
    if (report === null || report === '#time') {
      this.#counters.stalled++;
      this.#attempts.note('stall', 'ran on in the engine itself', source);
    } else if (report === '#fuel') {
      this.#counters.guarded++;
      this.#attempts.note('guard', 'loop guard', source);
    } else if (set.canary && kind !== 'naive' && report === set.expectedText) {
      this.#alarm(`A program passed a task that no program can pass: ${source.slice(0, 200)}`);
    } else {
      const exotic = report.includes('!returned') ? exoticOutput(report) : null;
      if (exotic) this.#attempts.note('exotic', exotic, source);
    }
  }

  #alarm(message: string): void {
    this.#alarms.push(message);
    this.#surroundings.alarm(message);
  }

  #prepare(source: string): Prepared | Rejected {
    let prepared = this.#programs.get(source);
    if (!prepared) {
      prepared = prepare(source);
      this.#programs.set(source, prepared);
      if ('reaches' in prepared)
        for (const { kind, what } of prepared.reaches) this.#attempts.note(kind, what, source);
    }
    return prepared;
  }

  /** The same tests are the same set, whichever client sends them. */
  #intern(tests: TestSet): CompiledSet | JudgeError {
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
      const { frames, open } = this.#surroundings;
      engine = new Engine({
        kind,
        frames: frames(kind),
        open: (port) => open(kind, port),
        purged: () => {
          this.#counters.respawned++;
          for (const [other, each] of this.#engines) if (other !== kind) each.evict();
        },
        compromised: (reason) => this.#alarm(`The judge's sandbox was replaced: ${reason}.`),
      });
      this.#engines.set(kind, engine);
    }
    return engine;
  }
}

function setOf(sets: ReadonlyMap<number, CompiledSet | JudgeError>, wanted: number): CompiledSet {
  const set = sets.get(wanted) ?? new JudgeError('internal', `There is no test set ${wanted}.`);
  if (set instanceof JudgeError) throw set;
  return set;
}
