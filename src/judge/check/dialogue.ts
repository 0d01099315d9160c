/**
 * Brings tests and a program together by running them in turn: the program on all that the tests have said so far, the
 * tests on all that the program has answered. Each turn knows more than the last, until the tests reach their end on
 * answers that were given to just what they say.
 */
import type { TestReport, TestRun } from './harness.ts';
import type { Exchange } from './remote.ts';
import { isPlainExchange } from './wire/answers.ts';

export interface DialogueSandboxes {
  /** @param messages JSON of a list @returns JSON of the list of answers, or a report that begins with '#' */
  program(messages: string): Promise<string>;
  /** @returns JSON of a TestReport, or a report that begins with '#' */
  tests(run: Pick<TestRun, 'exchanges' | 'guesses' | 'isGraded' | 'isSpeculative'>): Promise<string>;
}

/** Turns that one program may take. A test that needs more is one that asks item by item. */
const mostTurns = 600;
/** Turns without speculation: most tests need no more, and it asks the program what the tests never would. */
const soberTurns = 2;
/** Turns for what is only graded. */
const mostGradedTurns = 12;

/** The first message of any tests. */
const opening = '["start",[],[],1]';

export class Dialogue {
  readonly #sandboxes: DialogueSandboxes;
  readonly #isBrief: boolean;
  readonly #guesses = new Map<string, string>();
  #said: readonly string[];
  #exchanges: Exchange[] = [];

  /**
   * @param usual what the tests are likely to say
   * @param isBrief the program most likely fails soon, so it is asked one thing at a time at first
   */
  constructor(sandboxes: DialogueSandboxes, usual: readonly string[] | null, isBrief: boolean) {
    this.#sandboxes = sandboxes;
    this.#isBrief = isBrief;
    this.#said = usual ?? [opening];
  }

  /** The program's answers, in order. */
  get answers(): readonly string[] {
    return this.#exchanges.flatMap(([, answer]) => (answer === null ? [] : [answer]));
  }

  /** As Node runs tests: until something fails. @returns what came of it, or the failure of the program as a whole */
  async untilFailure(): Promise<TestReport | string> {
    // Asking for all at once takes few turns, but may ask what the tests never would, and what the program never ends.
    const quick = await this.#turns(true);
    if (typeof quick !== 'string') return quick;
    if (quick.startsWith('#error it ') || quick.startsWith('#syntax')) return quick;
    this.#said = [opening];
    const slow = await this.#turns(false);
    return typeof slow === 'string' || slow.ended === null ? slow : quick.startsWith('#tests') ? slow : quick;
  }

  /** The same tests, whatever fails: for the share of those that hold. */
  async toTheEnd(): Promise<TestReport | string> {
    let report: TestReport | null = null;
    for (let turn = 0; turn < mostGradedTurns; turn++) {
      const told = await this.#tests(true, true);
      if (typeof told === 'string') break;
      report = told;
      if (report.isInStep || isSame(report.said, this.#said)) break;
      this.#said = report.said;
      const failure = await this.#ask();
      if (failure) return failure;
    }
    return report ?? '#error the tests do not end';
  }

  async #turns(isEager: boolean): Promise<TestReport | string> {
    for (let turn = 0; turn < mostTurns; turn++) {
      const failure = await this.#ask();
      if (failure) return failure;
      const report = await this.#tests(false, isEager);
      if (typeof report === 'string') return report;
      if (report.isInStep || report.hasFailed || report.unsupported !== null) return report;
      let said = report.said;
      if (isEager && !(this.#isBrief && turn < soberTurns)) {
        const wider = await this.#tests(true, true, turn >= soberTurns);
        if (typeof wider !== 'string') said = wider.said;
        if (isSame(said, this.#said)) said = report.said;
        if (isSame(said, this.#said)) return '#tests they go in circles';
      }
      this.#said = said;
    }
    return isEager ? '#tests they take too many turns' : `#error its tests need more than ${mostTurns} turns`;
  }

  /** Runs the program. @returns its failure as a whole, if it failed */
  async #ask(): Promise<string | null> {
    const report = await this.#sandboxes.program(JSON.stringify(this.#said));
    if (report.startsWith('#')) return report;
    const answers = JSON.parse(report) as string[];
    this.#exchanges = this.#said.map((said, i): Exchange => [said, answers[i] ?? null]);
    for (const [said, answer] of this.#exchanges)
      if (answer !== null && isPlainExchange(said, answer)) this.#guesses.set(said, answer);
    return null;
  }

  async #tests(isGraded: boolean, guesses: boolean, isSpeculative = false): Promise<TestReport | string> {
    const report = await this.#sandboxes.tests({
      exchanges: this.#exchanges,
      guesses: guesses ? [...this.#guesses] : [],
      isGraded,
      isSpeculative,
    });
    return report.startsWith('#') ? `#tests ${report.slice(1)}` : (JSON.parse(report) as TestReport);
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}
