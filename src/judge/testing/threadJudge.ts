/**
 * A judge whose sandboxes are this very thread: for tests of what surrounds them, in Node. It isolates nothing and
 * stops nothing but what the loop guards stop.
 */
import { Harness } from '../check/harness.ts';
import { JudgeClient } from '../client.ts';
import { Batches } from '../frame/batches.ts';
import { naiveGrade } from '../frame/naive/naiveGrade.ts';
import { type Calls, compileCalls, giveCounter, settle, startRun } from '../frame/runner.ts';
import type { FromFrame, NaiveReport, ToFrame } from '../frame/words.ts';
import type { FrameMaker } from '../pool/sandbox.ts';
import type { SandboxKind } from '../protocol.ts';
import { JudgeHost } from '../worker/host.ts';
import { serveClient } from '../worker/serveClient.ts';

export interface ThreadJudge {
  client: JudgeClient;
  /** Another client of the same judge. */
  connect(): JudgeClient;
  alarms: string[];
  dispose(): void;
}

export function startThreadJudge(): ThreadJudge {
  giveCounter(globalThis);
  return startJudgeOn((kind) => (kind === 'naive' ? serveNaively : serve));
}

/** @param serveKind serves the sandboxes of one kind, each over a port */
export function startJudgeOn(serveKind: (kind: SandboxKind) => (port: MessagePort) => void): ThreadJudge {
  const ports: MessagePort[] = [];
  const channel = (): MessageChannel => {
    const made = new MessageChannel();
    ports.push(made.port1, made.port2);
    return made;
  };
  const frames = (kind: SandboxKind): FrameMaker => ({
    spawn() {
      const { port1, port2 } = channel();
      serveKind(kind)(port2);
      return { port: Promise.resolve(port1), remove: () => {} };
    },
  });
  const alarms: string[] = [];
  const host = new JudgeHost({
    frames,
    open: async () => {},
    alarm: (message) => alarms.push(message),
  });
  const connect = (): JudgeClient => {
    const { port1, port2 } = channel();
    serveClient(host, port1);
    return new JudgeClient(port2);
  };
  return {
    client: connect(),
    connect,
    alarms,
    dispose() {
      host.dispose();
      for (const port of ports) port.close();
    },
  };
}

/** The same random numbers for each run, as in a sandbox: tests that draw some draw the same when they run again. */
function reseed(): void {
  let state = 1;
  Math.random = () => {
    state = Math.imul(state, 48_271) >>> 0;
    return state / 2 ** 32;
  };
}

/** The naive judge, without a realm of its own: programs that meddle with it meddle with this thread. */
function serveNaively(port: MessagePort): void {
  const known = new Map<number, { entry: string; tests: string }>();
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.type === 'ping') port.postMessage({ type: 'pong', nonce: data.nonce } satisfies FromFrame);
    if (data.type !== 'run') return;
    const { nonce, announce, fresh, sources, sets, fuel } = data;
    for (const { id, calls, answers } of fresh)
      known.set(id, { entry: calls.names[0], tests: answers ?? '[]' });
    if (announce) port.postMessage({ type: 'begun', nonce } satisfies FromFrame);
    const reports = sources.map(
      (source, i): NaiveReport => `claim ${naiveGrade({ source, ...known.get(sets[i])!, fuel: fuel[i] })}`,
    );
    port.postMessage({ type: 'reports', nonce, from: 0, reports } satisfies FromFrame);
  };
  port.postMessage({ type: 'ready' } satisfies FromFrame);
}

function serve(port: MessagePort): void {
  const batches = new Batches<{ calls: Calls; wait: boolean }>(port, {
    learn: ({ calls, wait }) => ({ calls: compileCalls(calls), wait }),
    run: ({ sources, fuel, stateless }, i, { calls, wait }) => {
      const options = { fuel: fuel[i], stateless: stateless[i], wait };
      const run = startRun(sources[i], calls, options, reseed, Harness);
      return run.isWaiting ? settle(run, () => new Promise((resolve) => setTimeout(resolve))) : run.report();
    },
  });
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => batches.hear(data);
  port.postMessage({ type: 'ready' } satisfies FromFrame);
}
