/** What the two sides of the sandbox's border say to each other. Only text and numbers cross it. */

/** The name by which guarded programs count their steps. The static filter refuses programs that use it. */
export const tickName = '$tick';

/** The name by which programs ask for what Node would give them; see node/given.ts. Refused likewise. */
export const givenName = '$filtrate';

/** The first message, for the engine that needs something to start from. */
export interface Opening {
  type: 'open';
  /** The bytes of the QuickJS module: a compiled one may not cross to another origin. */
  wasm: ArrayBuffer;
}

export interface BatchMessage {
  type: 'run';
  nonce: number;
  /** Say when it begins: asked of a sandbox that was idle. */
  announce: boolean;
  sources: string[];
  /** One per source: the id of its set of calls. */
  sets: number[];
  /** One per source: steps that it may take over all its calls together. */
  fuel: number[];
  /** One per source: whether one instance of it serves all its calls. */
  stateless: boolean[];
  /** Sets that this sandbox has not seen yet. */
  fresh: FreshSet[];
  /** Milliseconds that one program may take, where the engine can stop it by itself. */
  limit: number;
}

/**
 * How a program is run that is judged by tests that are code. `program`: it answers what its tests said. `tests`: it is
 * such tests. Empty: neither; it is called once per test.
 */
export type Talk = '' | 'program' | 'tests';

/** How a set of calls travels into the sandbox. `make` is the source of an array of functions. */
export interface CallsText {
  names: string[];
  make: string;
  guardArguments: boolean;
  talk: Talk;
  /** What the tests said to the program, as JSON of a list of messages. */
  messages: string;
}

export interface FreshSet {
  id: number;
  calls: CallsText;
  /** The outputs are promises. */
  wait: boolean;
  /** For this batch alone; it need not be remembered. */
  once: boolean;
  /** For the naive judge alone: source of an array of [arguments, expected] pairs. */
  answers?: string;
}

/** What the naive judge makes of a program: the score that somebody claimed for it. */
export type NaiveReport = `claim ${number}`;

/** To the sandbox. */
export type ToFrame = Opening | BatchMessage | { type: 'ping'; nonce: number };

/** From the sandbox. */
export type FromFrame =
  | { type: 'ready' }
  | { type: 'unfit'; reason: string }
  | { type: 'pong'; nonce: number }
  | { type: 'begun'; nonce: number }
  /** Reports of the programs from `from` on, in order. See `Run.report`. */
  | { type: 'reports'; nonce: number; from: number; reports: string[] };
