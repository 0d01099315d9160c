/**
 * Judges a program against tests that are code, without the two ever meeting. The tests run in a sandbox of their own
 * with stand-ins for the functions under test; whatever calls they make are run on the program in its sandbox; the
 * outputs, as data, are what the stand-ins return when the tests run again.
 */
import { prepare } from '../staticFilter.ts';
import type { CallOutcome, Verdict } from '../verdict.ts';
import type { CompiledCheck } from './checkText.ts';
import { itemsOf, sourceOf } from './decode.ts';
import type { Mark } from './harness.ts';
import harnessText from './harness.ts?script';

/** One call that the tests make: the function's place in `names`, and the source of its arguments. */
export interface CheckCall {
  function: number;
  args: string;
}

/** Runs calls in the sandbox for programs, and the test program in the one for tests. Each gives a report. */
export interface CheckSandboxes {
  calls(calls: readonly CheckCall[]): Promise<string>;
  tests(code: string, rows: string): Promise<string>;
}

/** A test may call with the result of another call; no known one goes deeper than 3. */
const mostRounds = 8;
/** Characters of a test program. */
const longestTests = 1_000_000;

export class Checker {
  readonly check: CompiledCheck;
  /** The calls that the tests make whatever the program does, known after the first program. */
  #calls: readonly CheckCall[] | null = null;
  /** The test program with loop guards. */
  readonly #code: string;
  /** The most assertions that any program reached: loops assert more often than there are statements. */
  #assertions: number;

  /** @throws Error when the test program cannot be guarded */
  constructor(check: CompiledCheck) {
    this.check = check;
    this.#assertions = check.sites.length;
    const stubs = check.names.map((name) => `const ${name}=harness.remote(${JSON.stringify(name)});`);
    const prepared = prepare(
      `${harnessText}
function check(rows){
const harness=new exported.Harness(rows);
return harness.run(()=>{const {console,assert,require}=harness;${stubs.join('')}{(()=>{${check.body}
})()}})}`,
      { longest: longestTests, undeclared: true },
    );
    if ('rejected' in prepared) throw new Error(prepared.rejected);
    this.#code = prepared.code;
  }

  get assertions(): number {
    return this.#assertions;
  }

  /** @returns a verdict, or the report of a program that failed as a whole */
  async judge(sandboxes: CheckSandboxes, withOutputs: boolean): Promise<Verdict | string> {
    const rows: string[] = [];
    let threw: string | undefined;
    let calls = this.#calls ?? [];
    let marks: Mark[] = [];
    let ended: string | null = null;
    for (let round = 0; round < mostRounds; round++) {
      if (calls.length > 0) {
        const report = await sandboxes.calls(calls);
        if (report.startsWith('#')) return report;
        const outputs = report.split('\n');
        threw ??= outputs.find((output) => output.startsWith('!'))?.slice(1);
        rows.push(...outputs.map((output, i) => this.#row(calls[i], output)));
      }
      const report = await sandboxes.tests(this.#code, `[${rows.join(',')}]`);
      if (report.startsWith('#') || report.startsWith('!'))
        return `#error the tests fail: ${report.slice(1)}`;
      // A CheckResult, in canonical text.
      const [marksText, needsText, endedText] = itemsOf(report);
      marks = JSON.parse(marksText);
      ended = JSON.parse(endedText);
      calls = itemsOf(needsText).map((need) => {
        const [name, args] = itemsOf(need);
        return { function: this.check.names.indexOf(JSON.parse(name)), args: sourceOf(args).slice(1, -1) };
      });
      if (round === 0) this.#calls ??= calls;
      if (calls.length === 0) break;
    }
    const verdict = this.#verdict(marks, ended, withOutputs);
    if (verdict.score < 1 && threw) verdict.detail = `A call ${threw}. ${verdict.detail ?? ''}`.trim();
    return verdict;
  }

  #row({ function: index, args }: CheckCall, output: string): string {
    const outcome = output.startsWith('!')
      ? `["threw",${JSON.stringify(output.slice(1))}]`
      : `["returned",${sourceOf(output)}]`;
    return `[${JSON.stringify(this.check.names[index])},[${args}],${outcome}]`;
  }

  #verdict(marks: readonly Mark[], ended: string | null, withOutputs: boolean): Verdict {
    const { sites } = this.check;
    this.#assertions = Math.max(this.#assertions, marks.length);
    const total = this.#assertions;
    const passed = marks.filter(([, held]) => held).length;
    const verdict: Verdict = { status: 'ok', passed, total, score: passed / total };
    const wrong = marks.find(([, held]) => !held);
    if (wrong) verdict.detail = `This does not hold: ${sites[wrong[0]]}`;
    else if (ended) verdict.detail = `The tests ended early: ${ended}.`;
    else if (passed < total) verdict.detail = 'Some assertions were not reached.';
    if (withOutputs)
      verdict.tests = sites.map((site, i): CallOutcome => {
        const own = marks.filter(([at]) => at === i);
        const held = own.length > 0 && own.every(([, held]) => held);
        return { args: site, expected: 'holds', output: held ? 'holds' : 'does not hold', passed: held };
      });
    return verdict;
  }
}
