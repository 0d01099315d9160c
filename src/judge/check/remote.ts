/**
 * The tests' side of a conversation with the program under test. What the program answered is known from an earlier run
 * of it; the tests run anew each time. While what they say is word for word what they said when the program answered,
 * they are in step, and what they see is what happened. From where they say something else, answers are only guessed,
 * or missing; then this run shows no more than what has to be asked next.
 */
import { CannotCross } from './wire/contents.ts';
import { perform } from './wire/perform.ts';
import { Wire } from './wire/wire.ts';
import type { Verb } from './wire/wireText.ts';

/** An answer is not known yet. No test may see this as an error of the program. */
export class Needed extends Error {}

/** Something that the tests do cannot be done here. */
export class Unsupported extends Error {}

/** What the tests said, and what the program answered to it. */
export type Exchange = readonly [said: string, answer: string | null];

export interface RemoteOptions {
  exchanges: readonly Exchange[];
  /** Answers to calls that depend on nothing but their arguments, as far as is known. */
  guesses: readonly Exchange[];
  /** Source of functions that depend on nothing around them. */
  lone: readonly string[];
  /** Keeps on asking after an answer was missing, to learn of several at once. */
  isEager: boolean;
  /** Takes missing answers for `undefined`, too. */
  isSpeculative: boolean;
}

/** Missing answers that may be made up in one run: a loop may be waiting for another one. */
const mostMadeUp = 1000;

export class Remote {
  readonly #exchanges: readonly Exchange[];
  readonly #guesses: ReadonlyMap<string, string | null>;
  readonly #isEager: boolean;
  #madeUp: number;
  readonly #wire: Wire;
  readonly #said: string[] = [];
  #depth = 0;
  #isInStep = true;
  #isBlocked = false;

  constructor({ exchanges, guesses, lone, isEager, isSpeculative }: RemoteOptions) {
    this.#exchanges = exchanges;
    this.#guesses = new Map(guesses);
    this.#isEager = isEager;
    this.#madeUp = isSpeculative ? 0 : mostMadeUp;
    const known = new Set(lone);
    this.#wire = new Wire({
      ask: (verb, values) => this.#ask(verb, values),
      sourceToShip: (text) => known.has(text),
      evaluate: () => {
        throw new Unsupported('a program does not send source');
      },
    });
  }

  /** What was said, in order, as far as the answers may matter. */
  get said(): readonly string[] {
    return this.#said;
  }

  /** Whether everything that happened is what would happen. */
  get isInStep(): boolean {
    return this.#isInStep;
  }

  /** Whether the program has shown promises that are not settled. */
  get isWaiting(): boolean {
    return this.#wire.isWaiting;
  }

  /** Whether the program holds something of the tests that it may call or wait for later. */
  get hasLent(): boolean {
    return this.#wire.hasLent;
  }

  /** The functions under test. */
  functions(): unknown[] {
    this.#wire.beginChain();
    return this.#exchange('start', [], true).values;
  }

  /**
   * Lets the program go on.
   * @param now on the clock of the tests @param until the time at which they have something to do themselves
   * @returns the program's time, and whether something came of it
   */
  idle(now: number, until: number): [now: number, isNews: boolean] {
    const settled = this.#wire.takeSettled();
    const said = this.#said.length;
    const [time, ...values] = this.#chain('idle', [now, until, ...settled]) as [number];
    this.#wire.settle(values);
    return [time, settled.length + values.length > 0 || this.#said.length > said + 1];
  }

  #ask(verb: Verb, values: readonly unknown[]): unknown {
    try {
      return this.#chain(verb, values);
    } catch (error) {
      if (!(error instanceof Needed) || this.#isBlocked || this.#madeUp >= mostMadeUp) throw error;
      this.#madeUp++;
      return undefined;
    }
  }

  #chain(verb: Verb, values: readonly unknown[]): unknown {
    if (this.#isBlocked) throw new Needed('the answer is not known yet');
    const opens = this.#depth === 0;
    if (opens) this.#wire.beginChain();
    this.#depth++;
    try {
      let answer = this.#exchange(verb, values, opens);
      for (;;) {
        switch (answer.verb) {
          case 'return':
            return answer.values[0];
          case 'idle':
            return answer.values;
          case 'throw':
            throw new Thrown(answer.values[0]);
          default:
            answer = this.#serve(answer.verb, answer.values);
        }
      }
    } catch (error) {
      if (error instanceof Thrown) throw error.value;
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /** Does what the program asks, and hears what it says to that. */
  #serve(verb: Verb, values: readonly unknown[]) {
    let ending: Verb = 'return';
    let value: unknown;
    try {
      value = perform(verb, values);
    } catch (error) {
      if (error instanceof Needed || error instanceof Unsupported) throw error;
      ending = 'throw';
      value = error;
    }
    return this.#exchange(ending, [value], false, values);
  }

  #exchange(verb: Verb, values: readonly unknown[], opens: boolean, shown: readonly unknown[] = []) {
    let text: string;
    try {
      text = this.#wire.write(verb, values, shown, opens);
    } catch (error) {
      if (error instanceof CannotCross) throw new Unsupported(error.message);
      throw error;
    }
    const known = this.#exchanges[this.#said.length];
    this.#said.push(text);
    let answer: string | null | undefined = null;
    if (this.#isInStep && known?.[0] === text) answer = known[1];
    else {
      this.#isInStep = false;
      answer = this.#guesses.get(text);
    }
    if (!answer) {
      this.#isInStep = false;
      this.#isBlocked = !opens || !this.#isEager;
      throw new Needed('the answer is not known yet');
    }
    const message = this.#wire.read(answer);
    if (message.verb === 'cannot') throw new Unsupported(String(message.values[0]));
    return message;
  }
}

/** Something that the program threw, on its way out of here. */
class Thrown {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}
