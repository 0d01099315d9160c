/** The fast engine: a worker whose realm is locked down once and then runs every program of every batch. */
import { Harness, harnessParts } from '../check/harness.ts';
import { Batches } from './batches.ts';
import { lockDown } from './lockDown.ts';
import { type Calls, compileCalls, giveCounter, type Run, settle, startRun } from './runner.ts';
import type { FromFrame, ToFrame } from './words.ts';

const { port1: heard, port2: said } = new MessageChannel();
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    heard.onmessage = () => resolve();
    said.postMessage(null);
  });

/** A conversation may have to wait for its promises, too. */
function finished(run: Run): string | Promise<string> {
  return run.isWaiting ? settle(run, nextTask) : run.report();
}

self.onmessage = ({ ports }: MessageEvent): void => {
  const port = ports[0];
  const send = (message: FromFrame): void => port.postMessage(message);
  // What a program leaves unhandled is its own affair, not news for the console of the page.
  self.addEventListener('unhandledrejection', (event) => event.preventDefault());
  let reseed: () => void;
  try {
    giveCounter(globalThis);
    reseed = lockDown(globalThis, harnessParts);
  } catch (error) {
    send({ type: 'unfit', reason: String(error) });
    return;
  }
  const batches = new Batches<{ calls: Calls; wait: boolean }>(port, {
    learn: ({ calls, wait }) => ({ calls: compileCalls(calls), wait }),
    run: ({ sources, fuel, stateless }, i, { calls, wait }) => {
      const start = (): Run =>
        startRun(sources[i], calls, { fuel: fuel[i], stateless: stateless[i], wait }, reseed, Harness);
      // A program that is waited for shares its time with nothing that an earlier one left to be done.
      return wait ? nextTask().then(() => settle(start(), nextTask)) : finished(start());
    },
  });
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => batches.hear(data);
  send({ type: 'ready' });
};
