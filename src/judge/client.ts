/** Asks the judge, from a trainer worker or from the page, over a port of its own. */
import { JudgeError } from './judgeError.ts';
import type { ClientMessage, HostMessage, JudgeOptions, JudgeStats, TestSet } from './protocol.ts';
import type { Verdict } from './verdict.ts';

/** One program to be judged. `key` names the tests: they cross to the judge once per key. */
export interface JudgeRequest extends TestSet {
  source: string;
  key: string;
}

interface Pending {
  resolve(message: HostMessage): void;
  reject(error: Error): void;
}

/** Test sets kept by name; the oldest are forgotten on both sides beyond this. */
const setLimit = 16_384;

export class JudgeClient {
  readonly #port: MessagePort;
  readonly #pending = new Map<number, Pending>();
  /** Test sets by key: what they held when they were sent, and their number on the wire. */
  readonly #sets = new Map<string, { tests: TestSet['tests']; set: number }>();
  /** Numbers of replaced sets, forgotten once the requests that may still name them are sent. */
  #stale: number[] = [];
  #next = 1;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<HostMessage>) => {
      const pending = this.#pending.get(data.request);
      this.#pending.delete(data.request);
      if (data.type === 'failed') pending?.reject(new JudgeError(data.code, data.message));
      else pending?.resolve(data);
    };
    // A port is closed with the judge at its other end, where the browser says so.
    port.addEventListener('close', () => this.close());
  }

  /**
   * One verdict per request, in order. Equal verdicts may be the same object.
   * @throws JudgeError when the tests cannot be used or the judge cannot run at all.
   */
  async judge(requests: readonly JudgeRequest[], options: JudgeOptions = {}): Promise<Verdict[]> {
    return (await this.judgeCounted(requests, options)).verdicts;
  }

  /** `judge`, and how many of the verdicts came from memory. */
  async judgeCounted(
    requests: readonly JudgeRequest[],
    options: JudgeOptions = {},
  ): Promise<{ verdicts: Verdict[]; cacheHits: number }> {
    if (requests.length === 0) return { verdicts: [], cacheHits: 0 };
    const sources = requests.map(({ source }) => source);
    const sets = requests.map((request) => this.#define(request));
    const asked = this.#ask((request) => ({ type: 'judge', request, sources, sets, options }));
    this.#forgetOldest();
    const reply = await asked;
    if (reply.type !== 'verdicts') throw new JudgeError('internal', `unexpected reply ${reply.type}`);
    return { verdicts: reply.verdicts, cacheHits: reply.cacheHits };
  }

  /** Counters over all clients of the judge. */
  async stats(): Promise<JudgeStats> {
    const reply = await this.#ask((request) => ({ type: 'stats', request }));
    if (reply.type !== 'stats') throw new JudgeError('internal', `unexpected reply ${reply.type}`);
    return reply.stats;
  }

  /** Lets go of the port. What is still being asked fails with the code 'closed'. */
  close(): void {
    this.#port.close();
    for (const { reject } of this.#pending.values())
      reject(new JudgeError('closed', 'The judge was closed.'));
    this.#pending.clear();
  }

  #define({ key, entry, tests, async, mutation, check, canary }: JudgeRequest): number {
    const known = this.#sets.get(key);
    // The same array means the same tests; another one under an old name replaces them.
    if (known?.tests === tests) return known.set;
    const set = this.#next++;
    this.#sets.delete(key);
    this.#sets.set(key, { tests, set });
    this.#send({ type: 'define', set, tests: { entry, tests, async, mutation, check, canary } });
    if (known) this.#stale.push(known.set);
    return set;
  }

  #forgetOldest(): void {
    const sets = this.#stale;
    this.#stale = [];
    for (const [key, { set }] of this.#sets) {
      if (this.#sets.size <= setLimit) break;
      this.#sets.delete(key);
      sets.push(set);
    }
    if (sets.length > 0) this.#send({ type: 'forget', sets });
  }

  #ask(message: (request: number) => ClientMessage): Promise<HostMessage> {
    const request = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(request, { resolve, reject });
      this.#send(message(request));
    });
  }

  #send(message: ClientMessage): void {
    this.#port.postMessage(message);
  }
}
