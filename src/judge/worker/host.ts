/**
 * The judge: takes programs and tests from its clients, gives verdicts. It filters, remembers, runs what it does not
 * know yet in a sandbox, and compares the outputs here, where the expectations are. One for all arms.
 */
import type { Checker } from '../check/checker.ts';
import { completeProgram } from '../check/tests/checkText.ts';
import { type Prepared, prepare, type Rejected } from '../filter/staticFilter.ts';
import { JudgeError } from '../judgeError.ts';
import { Engine } from '../pool/engine.ts';
import { Pool } from '../pool/pool.ts';
import type { FrameMaker } from '../pool/sandbox.ts';
import type { JudgeOptions, JudgeStats, SandboxKind, TestSet } from '../protocol.ts';
import { type CompiledSet, compileSet, setIdentity, talkSet } from '../testSets/testSet.ts';
import type { Verdict } from '../verdict.ts';
import { Attempts, exoticOutput } from './attempts.ts';
import { BoundedMap } from './boundedMap.ts';
import { claimed, comparison, cutOff, programFailure } from './comparison.ts';

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
const rememberedPrograms = 50_000;
const rememberedSets = 32_768;

/** Steps and milliseconds for one run of a pack's tests. */
const testFuel = 20_000_000;
const testLimitMs = 5000;

/** The sandboxes for programs, and the one where only the tests of problem packs run. */
type EngineUse = SandboxKind | 'tests';

/** What the judge knows of one text. */
interface Program {
  /** Names it in the keys of its verdicts, which are shorter so. */
  number: number;
  source: string;
  /** Ready to run, for tests that are data or for those of `checker`, which may complete it first. */
  prepared?: Prepared | Rejected;
  checker?: Checker | undefined;
  /** It stalled a sandbox; it runs alone from then on. */
  isCulprit: boolean;
}

/** One program, ready to run. */
interface Execution {
  kind: SandboxKind;
  program: Program;
  code: string;
  fuel: number;
  limitMs: number;
  stateless: boolean;
}

type Counters = Omit<JudgeStats, 'attempts' | 'alarms'>;

export class JudgeHost {
  readonly #surroundings: HostSurroundings;
  readonly #pools = new Map<EngineUse, Pool>();
  readonly #engines = new Set<Engine>();
  readonly #sets = new BoundedMap<string, CompiledSet>(rememberedSets);
  /** A promise while the program is being judged: who asks for the same waits for the same. */
  readonly #verdicts = new BoundedMap<string, Verdict | Promise<Verdict>>(rememberedVerdicts);
  readonly #programs = new BoundedMap<string, Program>(rememberedPrograms);
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
  #nextProgram = 1;

  constructor(surroundings: HostSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Lets go of every sandbox; what they were doing is never answered. */
  dispose(): void {
    for (const engine of this.#engines) engine.dispose();
  }

  stats(): JudgeStats {
    return { ...this.#counters, attempts: this.#attempts.list(), alarms: this.#alarms };
  }

  /** Starts the sandbox of one kind before there is work for it. */
  warm(kind: SandboxKind): void {
    this.#pool(kind).warm();
  }

  /** Programs that were judged from memory. */
  get cacheHits(): number {
    return this.#counters.cacheHits;
  }

  /** The verdict, or a promise of it. */
  judge(source: string, set: CompiledSet, options: JudgeOptions): Verdict | Promise<Verdict> {
    this.#counters.programs++;
    const kind: SandboxKind = options.judge === 'naive' ? 'naive' : (options.engine ?? 'frozen');
    const limit = options.timeoutMs ?? 0;
    const program = this.#program(source);
    const key = `${program.number} ${set.id} ${kind} ${limit} ${options.outputs ?? false} ${options.passOnly ?? false}`;
    const known = this.#verdicts.get(key);
    if (known) {
      this.#counters.cacheHits++;
      return known;
    }
    const prepared = this.#prepare(program, set.checker);
    if ('rejected' in prepared)
      return {
        status: 'rejected',
        passed: 0,
        total: set.checker?.assertions ?? set.expected.length,
        score: 0,
        detail: prepared.rejected,
      };
    this.#counters.executed++;
    const request: Execution = {
      kind,
      program,
      code: prepared.code,
      stateless: prepared.stateless,
      fuel: limit > 0 ? limit * stepsPerMs : defaultSteps,
      limitMs: limit > 0 ? limit : defaultTimeoutMs,
    };
    const execution = (
      set.checker ? this.#check(request, set.checker, options) : this.#compare(request, set, options.outputs)
    ).then(
      (verdict) => {
        if (set.canary && kind !== 'naive' && verdict.score === 1)
          this.#alarm(`A program passed a task that no program can pass: ${source.slice(0, 200)}`);
        this.#verdicts.set(key, verdict);
        return verdict;
      },
      (error) => {
        this.#verdicts.delete(key);
        throw error;
      },
    );
    this.#verdicts.set(key, execution);
    return execution;
  }

  /** By tests that are data: runs them all and compares. */
  #compare(execution: Execution, set: CompiledSet, outputs?: boolean): Promise<Verdict> {
    const total = set.expected.length;
    return this.#run(execution, set).then((report) => {
      if (report === null) return cutOff(total, 'stall');
      return execution.kind === 'naive' ? claimed(report, total) : comparison(report, set, outputs);
    });
  }

  /** By tests that are code: those run in a sandbox where no program ever was. */
  async #check(execution: Execution, checker: Checker, options: JudgeOptions): Promise<Verdict> {
    if (execution.kind === 'naive')
      throw new JudgeError('bad-tests', 'The naive judge needs tests that are data; these are code.');
    const { names } = checker.check;
    const verdict = await checker.judge(
      {
        program: async (messages) => {
          const set = talkSet(names, this.#nextSet++, 'program', messages);
          return (await this.#run(execution, set)) ?? '#time';
        },
        tests: async (code, run) => {
          const set = talkSet(['check'], this.#nextSet++, 'tests', run);
          const tests: Execution = {
            kind: 'frozen',
            program: execution.program,
            code,
            fuel: testFuel,
            limitMs: testLimitMs,
            stateless: false,
          };
          return (await this.#run(tests, set, 'tests')) ?? '#time';
        },
      },
      options,
    );
    return typeof verdict === 'string' ? programFailure(verdict, checker.assertions) : verdict;
  }

  /** The sandbox's report on one program, or null when it had to be cut off. */
  #run(execution: Execution, set: CompiledSet, use: EngineUse = execution.kind): Promise<string | null> {
    const { program, code, fuel, limitMs, stateless } = execution;
    return new Promise((resolve, reject) => {
      this.#pool(use).run({
        code,
        set,
        fuel,
        limitMs,
        stateless,
        alone: use !== 'tests' && program.isCulprit,
        done: (report) => {
          if (use !== 'tests') this.#notice(report, program);
          resolve(report);
        },
        failed: reject,
      });
    });
  }

  /** Keeps the count of what went wrong on purpose, and of whom to run alone from now on. */
  #notice(report: string | null, program: Program): void {
    const { source } = program;
    if (report === null || report === '#time') {
      program.isCulprit = true;
      this.#counters.stalled++;
      this.#attempts.note('stall', 'ran on in the engine itself', source);
    } else if (report === '#fuel') {
      this.#counters.guarded++;
      this.#attempts.note('guard', 'loop guard', source);
    } else {
      const exotic = report.includes('!returned') ? exoticOutput(report) : null;
      if (exotic) this.#attempts.note('exotic', exotic, source);
    }
  }

  #alarm(message: string): void {
    this.#alarms.push(message);
    this.#surroundings.alarm(message);
  }

  #program(source: string): Program {
    let program = this.#programs.get(source);
    if (!program) {
      program = { number: this.#nextProgram++, source, isCulprit: false };
      this.#programs.set(source, program);
    }
    return program;
  }

  #prepare(program: Program, checker?: Checker): Prepared | Rejected {
    if (program.prepared && program.checker === checker) return program.prepared;
    const { source } = program;
    const prepared = checker
      ? prepare(completeProgram(source, checker.check), { undeclared: true })
      : prepare(source);
    if ('reaches' in prepared)
      for (const { kind, what } of prepared.reaches) this.#attempts.note(kind, what, source);
    program.prepared = prepared;
    program.checker = checker;
    return prepared;
  }

  /** The same tests are the same set, whichever client sends them. */
  intern(tests: TestSet): CompiledSet | JudgeError {
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

  #pool(use: EngineUse): Pool {
    let pool = this.#pools.get(use);
    if (!pool) {
      // Two sandboxes of QuickJS run nearly twice as much as one. The fast engine is hardly faster than the judge
      // reads programs: a second one would only keep the same cores busy.
      pool = new Pool(() => this.#engine(use === 'tests' ? 'frozen' : use), use === 'quickjs' ? 2 : 1);
      this.#pools.set(use, pool);
    }
    return pool;
  }

  #engine(kind: SandboxKind): Engine {
    const { frames, open } = this.#surroundings;
    const engine: Engine = new Engine({
      kind,
      frames: frames(kind),
      open: (port) => open(kind, port),
      purged: () => {
        this.#counters.respawned++;
        for (const other of this.#engines) if (other !== engine) other.evict();
      },
      compromised: (reason) => this.#alarm(`The judge's sandbox was replaced: ${reason}.`),
    });
    this.#engines.add(engine);
    return engine;
  }
}
