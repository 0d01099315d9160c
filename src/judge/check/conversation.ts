/**
 * The program's side of a conversation with its tests. What the tests said is a list of messages, and each of them has
 * one answer: a result, or a call of one of the tests' functions, whose result is the next message. The program runs
 * anew from the first message each time, so the list can grow; when it ends, so does the run. Runs in a locked-down realm.
 */
import type { Pace } from './pace.ts';
import { CannotCross } from './wire/contents.ts';
import { perform } from './wire/perform.ts';
import { type Message, Wire } from './wire/wire.ts';
import type { Verb } from './wire/wireText.ts';

const { parse, stringify } = JSON;

/** What is thrown through the program when the tests have said nothing further. */
class Over extends Error {}

export class Conversation {
  readonly #messages: readonly string[];
  readonly #functions: readonly unknown[];
  readonly #pace: Pace;
  readonly #wire: Wire;
  readonly #answers: string[] = [];
  #next = 0;
  /** While it waits: when the tests have something to do themselves. */
  #idleUntil: number | null = null;
  #isOver = false;

  /**
   * @param functions those under test
   * @param messages as JSON of a list of texts
   * @param pace of the program
   * @param evaluate makes a function that depends on nothing around it
   */
  constructor(
    functions: readonly unknown[],
    messages: string,
    pace: Pace,
    evaluate: (source: string) => object,
  ) {
    this.#functions = functions;
    this.#pace = pace;
    this.#messages = parse(messages) as string[];
    this.#wire = new Wire({
      ask: (verb, values) => {
        this.#say(verb, values);
        return this.#listen();
      },
      sourceToShip: () => false,
      evaluate,
    });
  }

  /** Answers until there is nothing to do before all promises had their turn. @returns whether that is so */
  step(): boolean {
    if (this.#idleUntil !== null && this.#isStillIdle(this.#idleUntil)) return true;
    while (!this.#isOver && this.#next < this.#messages.length) {
      this.#wire.beginChain();
      const message = this.#read();
      if (!message) return false;
      const { verb, values } = message;
      if (verb === 'start') this.#say('start', this.#functions);
      else if (verb === 'idle') {
        const [now, until, ...settled] = values as [number, number];
        this.#pace.moveTo(now);
        this.#wire.settle(settled);
        this.#idleUntil = until;
        return true;
      } else this.#serve(verb, values);
    }
    return false;
  }

  /** Lets the program go on, with its timers, until something comes of it or the tests have something to do. */
  #isStillIdle(until: number): boolean {
    if (!this.#wire.hasSettled && this.#pace.due() <= until && this.#runsTimer()) return true;
    if (this.#idleUntil === null) return false;
    this.#idleUntil = null;
    if (!this.#wire.hasSettled && until < Number.POSITIVE_INFINITY) this.#pace.moveTo(until);
    this.#say('idle', [this.#pace.now(), ...this.#wire.takeSettled()]);
    return false;
  }

  /** Runs the next timer; what it throws ends the process, as in Node. */
  #runsTimer(): boolean {
    try {
      return this.#pace.next();
    } catch (error) {
      this.#idleUntil = null;
      this.#say('throw', [error]);
      return false;
    }
  }

  /** The answers, as JSON of a list of texts. */
  report(): string {
    return stringify(this.#answers);
  }

  /** The next message, or null when it makes no sense: the tests guessed, and speak of what there never was. */
  #read(): Message | null {
    try {
      return this.#wire.read(this.#messages[this.#next++]);
    } catch {
      this.#isOver = true;
      return null;
    }
  }

  #serve(verb: Verb, values: unknown[]): void {
    let value: unknown;
    let ending: Verb = 'return';
    try {
      value = perform(verb, values);
    } catch (error) {
      value = error;
      ending = 'throw';
    }
    this.#say(ending, [value], values);
  }

  #say(verb: Verb, values: readonly unknown[], shown: readonly unknown[] = []): void {
    if (this.#isOver) return;
    let text: string;
    try {
      text = this.#wire.write(verb, values, shown);
    } catch (error) {
      if (!(error instanceof CannotCross)) throw error;
      text = stringify(['cannot', [error.message], []]);
      this.#isOver = true;
    }
    this.#answers[this.#answers.length] = text;
  }

  /** The result of a function of the tests; while they find it, they may call the program. */
  #listen(): unknown {
    while (!this.#isOver && this.#next < this.#messages.length) {
      const text = this.#messages[this.#next];
      // Not what the tests said to this: a call that they would make afterwards.
      if (Wire.isOpening(text)) break;
      const message = this.#read();
      if (!message) break;
      const { verb, values } = message;
      if (verb === 'return') return values[0];
      if (verb === 'throw') throw values[0];
      this.#serve(verb, values);
    }
    this.#isOver = true;
    throw new Over('the tests have said no more');
  }
}
