/**
 * Judges a program against tests that are code, without the two ever meeting. The tests run in a sandbox of their own,
 * with stand-ins for the functions under test; whatever they say to the program, it is told in its own sandbox; what it
 * answers, as data, is what the stand-ins say when the tests run again. See remote.ts and conversation.ts.
 */

import { prepare } from '../filter/staticFilter.ts';
import type { JudgeOptions } from '../protocol.ts';
import type { CallOutcome, Verdict } from '../verdict.ts';
import { Dialogue, type DialogueSandboxes } from './dialogue.ts';
import type { Mark, TestReport } from './harness.ts';
import type { CompiledCheck } from './tests/checkText.ts';
import { harnessName } from './tests/instrument.ts';
import { loneFunctions } from './tests/loneFunctions.ts';
import { testNames } from './tests/testNames.ts';
import { thrownIn } from './wire/answers.ts';

/** Characters of a test program. */
const longestTests = 1_000_000;

/** Messages that show most programs to fail, where nothing else is asked. */
const firstFew = 8;

/** Whether tests may go on after their last line. */
const asyncWords =
  /\b(?:async|await|Promise|then|setTimeout|setInterval|setImmediate|queueMicrotask|nextTick)\b/;

export class Checker {
  readonly check: CompiledCheck;
  /** The test program, ready for a sandbox: a function of what is known. */
  readonly #code: string;
  readonly #lone: readonly string[];
  readonly #isAsync: boolean;
  /** What the tests said to a program that passed: most likely what they say to the next, too. */
  #usual: readonly string[] | null = null;

  /** @throws Error when the test program cannot be guarded */
  constructor(check: CompiledCheck) {
    this.check = check;
    const { faithful, graded } = check.tests;
    const body = (text: string): string =>
      check.isModule ? `${harnessName}.floating((async()=>{${text}\n})())` : `(()=>{${text}\n})()`;
    const prepared = prepare(
      `function check(text,pace,Harness){
const run=JSON.parse(text);
const ${harnessName}=new Harness(run,pace);
return ${harnessName}.start((functions)=>{
const {${testNames.join()}}=${harnessName}.surroundings;
{const [${check.names.join()}]=functions;
return run.isGraded?${body(graded)}:${body(faithful)}}})}`,
      { longest: longestTests, undeclared: true },
    );
    if ('rejected' in prepared) throw new Error(prepared.rejected);
    this.#code = prepared.code;
    this.#lone = loneFunctions(prepared.code);
    this.#isAsync = check.isModule || asyncWords.test(faithful);
  }

  /** Statements that assert. */
  get assertions(): number {
    return this.check.tests.sites.length;
  }

  /** @returns a verdict, or the report of a program that failed as a whole */
  async judge(
    sandboxes: CheckSandboxes,
    { outputs: withOutputs = false, passOnly = false }: Pick<JudgeOptions, 'outputs' | 'passOnly'>,
  ): Promise<Verdict | string> {
    const dialogue = new Dialogue(
      {
        program: (messages) => sandboxes.program(messages),
        tests: (run) =>
          sandboxes.tests(this.#code, JSON.stringify({ ...run, lone: this.#lone, isAsync: this.#isAsync })),
      },
      passOnly ? (this.#usual?.slice(0, firstFew) ?? null) : this.#usual,
      passOnly,
    );
    const faithful = await dialogue.untilFailure();
    if (typeof faithful === 'string') return faithful;
    if (faithful.unsupported !== null) return this.#unsupported(faithful);
    if (isPassed(faithful)) {
      this.#usual ??= faithful.said;
      const total = faithful.marks.length;
      const verdict: Verdict = { status: 'ok', passed: total, total, score: 1 };
      if (withOutputs) verdict.tests = this.#outcomes(faithful.marks);
      return verdict;
    }
    if (passOnly) return { status: 'ok', passed: 0, total: this.assertions, score: 0 };
    const graded = await dialogue.toTheEnd();
    if (typeof graded === 'string') return graded;
    return this.#failed(
      faithful,
      graded,
      withOutputs ? this.#outcomes(graded.marks) : undefined,
      dialogue.answers,
    );
  }

  #failed(
    faithful: TestReport,
    graded: TestReport,
    tests: CallOutcome[] | undefined,
    answers: readonly string[],
  ): Verdict {
    const { sites } = this.check.tests;
    const { marks } = graded;
    const total = Math.max(sites.length, marks.length);
    // Node says that it fails, so it does, even if all that was reached would hold.
    const passed = Math.min(marks.filter(([, held]) => held).length, total - 1);
    const verdict: Verdict = { status: 'ok', passed, total, score: passed / total };
    if (tests) verdict.tests = tests;
    const wrong = [...faithful.marks, ...marks].find(([site, held]) => !held && site >= 0);
    const said = wrong
      ? `This does not hold: ${sites[wrong[0]].text}`
      : faithful.ended === null
        ? 'No assertion was reached.'
        : `The tests ended early: ${faithful.ended}.`;
    if (faithful.marks.length === 0 && faithful.ended === null) verdict.isVacuous = true;
    const threw = thrownIn(answers);
    verdict.detail = threw ? `A call threw ${threw}. ${said}` : said;
    return verdict;
  }

  #unsupported({ unsupported, unsupportedSite: site }: TestReport): Verdict {
    const { sites } = this.check.tests;
    const where = site >= 0 ? ` (line ${sites[site].line})` : '';
    const reason = `${unsupported}${where}`;
    const detail = `The tests use what is not available here: ${reason}.`;
    return { status: 'ok', passed: 0, total: sites.length, score: 0, detail, unsupported: reason };
  }

  #outcomes(marks: readonly Mark[]): CallOutcome[] {
    return this.check.tests.sites.map(({ text }, i) => {
      const own = marks.filter(([at]) => at === i);
      const held = own.length > 0 && own.every(([, held]) => held);
      return { args: text, expected: 'holds', output: held ? 'holds' : 'does not hold', passed: held };
    });
  }
}

/** Runs a program on what the tests said, and tests on what is known. Each gives a report; see frame/runner.ts. */
export interface CheckSandboxes {
  program: DialogueSandboxes['program'];
  tests(code: string, run: string): Promise<string>;
}

function isPassed({ marks, ended }: TestReport): boolean {
  return ended === null && marks.length > 0 && marks.every(([, held]) => held);
}
