/** The fast engine: a worker whose realm is locked down once and then runs every program of every batch. */
import { lockDown } from './lockDown.ts';
import { type Calls, compileCalls, startRun } from './runner.ts';
import type { BatchMessage, FromFrame, ToFrame } from './words.ts';

const now = performance.now.bind(performance);
const { port1: heard, port2: said } = new MessageChannel();
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    heard.onmessage = () => resolve();
    said.postMessage(null);
  });

self.onmessage = ({ ports }: MessageEvent): void => {
  const port = ports[0];
  const send = (message: FromFrame): void => port.postMessage(message);
  // What a program leaves unhandled is its own affair, not news for the console of the page.
  self.addEventListener('unhandledrejection', (event) => event.preventDefault());
  let reseed: () => void;
  try {
    reseed = lockDown(globalThis);
  } catch (error) {
    send({ type: 'unfit', reason: String(error) });
    return;
  }
  const known = new Map<number, { calls: Calls; wait: boolean }>();
  let turn = Promise.resolve();
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.type === 'ping') send({ type: 'pong', nonce: data.nonce });
    else if (data.type === 'run') turn = turn.then(() => runBatch(data, known, reseed, send));
  };
  send({ type: 'ready' });
};

/** Results leave every few milliseconds, so that one program that never ends hides few others. */
const flushMs = 8;
const flushCount = 64;

async function runBatch(
  { nonce, sources, sets, fuel, stateless, fresh }: BatchMessage,
  known: Map<number, { calls: Calls; wait: boolean }>,
  reseed: () => void,
  send: (message: FromFrame) => void,
): Promise<void> {
  send({ type: 'begun', nonce });
  for (const { id, calls, wait } of fresh) known.set(id, { calls: compileCalls(calls), wait });
  let reports: string[] = [];
  let from = 0;
  let flushed = now();
  for (let i = 0; i < sources.length; i++) {
    const { calls, wait } = known.get(sets[i])!;
    const run = startRun(sources[i], calls, { fuel: fuel[i], stateless: stateless[i], wait }, reseed);
    // By the next message every microtask is done: what is not settled by then never will be.
    if (wait) await nextTask();
    reports[reports.length] = run.report();
    if (reports.length === flushCount || now() - flushed > flushMs) {
      send({ type: 'reports', nonce, from, reports });
      from = i + 1;
      reports = [];
      flushed = now();
    }
  }
  if (reports.length > 0) send({ type: 'reports', nonce, from, reports });
  for (const { id, once } of fresh) if (once) known.delete(id);
}
