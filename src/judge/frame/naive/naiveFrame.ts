/**
 * Runs in the frame of the naive judge: starts a worker for each batch and believes what it is told. (The frames of
 * the true judge hand their port to the worker and have no further part.)
 */
import type { BatchMessage, FromFrame, NaiveReport, ToFrame } from '../words.ts';
import type { NaiveTask } from './naiveGrade.ts';
import type { NaiveClaim } from './naiveWorker.ts';
import naiveScript from './naiveWorker.ts?script';

const scriptUrl = URL.createObjectURL(new Blob([naiveScript], { type: 'text/javascript' }));

self.onmessage = ({ ports }: MessageEvent): void => {
  self.onmessage = null;
  const port = ports[0];
  const send = (message: FromFrame): void => port.postMessage(message);
  const known = new Map<number, { entry: string; tests: string }>();

  let turn = Promise.resolve();
  const run = ({ nonce, announce, sources, sets, fuel, fresh }: BatchMessage, over: () => void): void => {
    for (const { id, calls, answers } of fresh)
      known.set(id, { entry: calls.names[0], tests: answers ?? '[]' });
    const worker = new Worker(scriptUrl);
    const tasks: NaiveTask[] = sources.map((source, id) => ({
      id,
      source,
      ...known.get(sets[id])!,
      fuel: fuel[id],
    }));
    const claims = new Map<number, number>();
    worker.onmessage = ({ data }: MessageEvent<NaiveClaim>) => {
      // The first claim counts, whoever made it.
      if (typeof data?.score === 'number' && !claims.has(data.id)) claims.set(data.id, data.score);
      if (claims.size < tasks.length) return;
      worker.terminate();
      const reports = tasks.map(({ id }): NaiveReport => `claim ${claims.get(id) ?? 0}`);
      send({ type: 'reports', nonce, from: 0, reports });
      over();
    };
    if (announce) send({ type: 'begun', nonce });
    worker.postMessage(tasks);
  };
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.type === 'ping') send({ type: 'pong', nonce: data.nonce });
    else if (data.type === 'run') turn = turn.then(() => new Promise((over) => run(data, over)));
  };
  send({ type: 'ready' });
};
