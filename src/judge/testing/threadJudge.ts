/**
 * A judge whose sandboxes are this very thread: for tests of what surrounds them, in Node. It isolates nothing and
 * stops nothing but what the loop guards stop.
 */
import { JudgeClient } from '../client.ts';
import { type Calls, compileCalls, giveCounter, startRun } from '../frame/runner.ts';
import type { BatchMessage, FromFrame, ToFrame } from '../frame/words.ts';
import { JudgeHost } from '../host.ts';
import type { FrameMaker } from '../sandbox.ts';
import { serveClient } from '../serveClient.ts';

export interface ThreadJudge {
  client: JudgeClient;
  /** Another client of the same judge. */
  connect(): JudgeClient;
  alarms: string[];
  dispose(): void;
}

export function startThreadJudge(): ThreadJudge {
  giveCounter(globalThis);
  const ports: MessagePort[] = [];
  const channel = (): MessageChannel => {
    const made = new MessageChannel();
    ports.push(made.port1, made.port2);
    return made;
  };
  const frames: FrameMaker = {
    spawn() {
      const { port1, port2 } = channel();
      serve(port2);
      return { port: Promise.resolve(port1), remove: () => {} };
    },
  };
  const alarms: string[] = [];
  const host = new JudgeHost({
    frames: () => frames,
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

function serve(port: MessagePort): void {
  const known = new Map<number, { calls: Calls; wait: boolean }>();
  const send = (message: FromFrame): void => port.postMessage(message);
  const run = async ({ nonce, sources, sets, fuel, stateless, fresh }: BatchMessage): Promise<void> => {
    for (const { id, calls, wait } of fresh) known.set(id, { calls: compileCalls(calls), wait });
    send({ type: 'begun', nonce });
    const reports: string[] = [];
    for (const [i, source] of sources.entries()) {
      const { calls, wait } = known.get(sets[i])!;
      const run = startRun(source, calls, { fuel: fuel[i], stateless: stateless[i], wait }, () => {});
      if (wait) await new Promise((resolve) => setTimeout(resolve));
      reports.push(run.report());
    }
    send({ type: 'reports', nonce, from: 0, reports });
  };
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.type === 'ping') send({ type: 'pong', nonce: data.nonce });
    if (data.type === 'run') void run(data);
  };
  send({ type: 'ready' });
}
