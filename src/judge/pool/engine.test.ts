import { afterEach, describe, expect, test } from 'vitest';
import { compileCalls, startRun } from '../frame/runner.ts';
import type { BatchMessage, FromFrame, ToFrame } from '../frame/words.ts';
import type { SandboxKind } from '../protocol.ts';
import { compileSet } from '../testSets/testSet.ts';
import { Engine } from './engine.ts';
import type { Job } from './job.ts';

/** A sandbox in this very thread, which answers as it is told to. */
type Behaviour = (batch: BatchMessage, send: (message: FromFrame) => void, life: number) => void;

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function reportsOf(
  { sources, sets, fuel, stateless, fresh }: BatchMessage,
  known: Map<number, BatchMessage['fresh'][0]>,
) {
  for (const set of fresh) known.set(set.id, set);
  return sources.map((source, i) =>
    startRun(
      source,
      compileCalls(known.get(sets[i])!.calls),
      { fuel: fuel[i], stateless: stateless[i], wait: false },
      () => {},
    ).report(),
  );
}

const honest =
  (known = new Map()): Behaviour =>
  (batch, send) => {
    send({ type: 'begun', nonce: batch.nonce });
    send({ type: 'reports', nonce: batch.nonce, from: 0, reports: reportsOf(batch, known) });
  };

function engineOf(behave: (life: number) => Behaviour, kind: SandboxKind = 'frozen') {
  const seen = { messages: [] as ToFrame[], removed: 0, purged: 0, compromised: [] as string[], lives: 0 };
  const engine = new Engine({
    kind,
    frames: {
      spawn() {
        const life = seen.lives++;
        const { port1, port2 } = new MessageChannel();
        open.push(port1, port2);
        const behaviour = behave(life);
        const send = (message: FromFrame): void => port2.postMessage(message);
        port2.onmessage = ({ data }: MessageEvent<ToFrame>) => {
          seen.messages.push(data);
          if (data.type === 'ping') send({ type: 'pong', nonce: data.nonce });
          if (data.type === 'run') behaviour(data, send, life);
        };
        send({ type: 'ready' });
        return { port: Promise.resolve(port1), remove: () => seen.removed++ };
      },
    },
    open: async () => {},
    purged: () => seen.purged++,
    compromised: (reason) => seen.compromised.push(reason),
  });
  return { engine, seen };
}

const set = compileSet({ entry: 'f', tests: [{ args: [7], expected: 'a secret expectation' }] }, 1);

function ask(engine: Engine, codes: string[]): Promise<(string | null)[]> {
  return Promise.all(
    codes.map(
      (code) =>
        new Promise<string | null>((done, failed) => {
          const job: Job = {
            code,
            set,
            fuel: 1000,
            stateless: false,
            limitMs: 100,
            alone: false,
            done,
            failed,
          };
          engine.run(job);
        }),
    ),
  );
}

describe('the engine', () => {
  test('gives each program its own report, whatever the number', async () => {
    const { engine } = engineOf(() => honest());
    const codes = Array.from({ length: 700 }, (_, i) => `function f(x){return x+${i}}`);
    expect(await ask(engine, codes)).toEqual(codes.map((_, i) => `${i + 7}`));
    engine.evict();
  });

  test('sends no expectation into the sandbox, except to the naive judge', async () => {
    const { engine, seen } = engineOf(() => honest());
    await ask(engine, ['function f(){}', 'function f(){return 1}']);
    expect(JSON.stringify(seen.messages)).not.toContain('expectation');
    engine.evict();
    const naive = engineOf(() => honest(), 'naive');
    await ask(naive.engine, ['function f(){}', 'function f(){return 1}']);
    expect(JSON.stringify(naive.seen.messages)).toContain('a secret expectation');
    naive.engine.evict();
  });

  test('cuts off the program that hangs, and only that one', async () => {
    const known = new Map();
    const { engine, seen } = engineOf(() => (batch, send) => {
      send({ type: 'begun', nonce: batch.nonce });
      // Silent from the program that hangs on, as a thread that never comes back.
      const until = batch.sources.findIndex((source) => source.includes('hang'));
      const reports = reportsOf(batch, known);
      const told = until < 0 ? reports : reports.slice(0, until);
      if (told.length > 0) send({ type: 'reports', nonce: batch.nonce, from: 0, reports: told });
    });
    const codes = [1, 2, 3, 4, 5].map((i) => `function f(){return ${i}}${i === 3 ? '/*hang*/' : ''}`);
    expect(await ask(engine, codes)).toEqual(['1', '2', null, '4', '5']);
    expect(seen.purged).toBe(2);
    expect(seen.removed).toBeGreaterThanOrEqual(2);
    expect(seen.compromised).toEqual([]);
    engine.evict();
  });

  test('a frame that dies with the work in it is replaced, and nobody is to blame', async () => {
    const { engine, seen } = engineOf((life) => (life === 0 ? () => {} : honest()));
    expect(await ask(engine, ['function f(){return 1}'])).toEqual(['1']);
    expect(seen.lives).toBe(2);
    engine.evict();
  });

  test('eviction loses nothing', async () => {
    const { engine, seen } = engineOf((life) => (life === 0 ? () => {} : honest()));
    const asked = ask(engine, ['function f(){return 1}', 'function f(){return 2}']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    engine.evict();
    expect(await asked).toEqual(['1', '2']);
    expect(seen.lives).toBe(2);
    engine.evict();
  });

  const lies: Record<string, (batch: BatchMessage, send: (message: FromFrame) => void) => void> = {
    'another nonce': ({ nonce, sources }, send) =>
      send({
        type: 'reports',
        nonce: nonce + 1,
        from: 0,
        reports: sources.map(() => '"a secret expectation"'),
      }),
    'another place': ({ nonce }, send) => send({ type: 'reports', nonce, from: 1, reports: ['1'] }),
    'too many reports': ({ nonce, sources }, send) =>
      send({ type: 'reports', nonce, from: 0, reports: [...sources, '', ''].map(() => '1') }),
    'no texts': ({ nonce, sources }, send) =>
      send({ type: 'reports', nonce, from: 0, reports: sources.map(() => ({}) as string) }),
    'the right answer to everything': ({ nonce, sources }, send) =>
      send({ type: 'reports', nonce, from: 0, reports: sources.map(() => '"a secret expectation"') }),
    'failure of everything': ({ nonce, sources }, send) =>
      send({ type: 'reports', nonce, from: 0, reports: sources.map(() => '!threw') }),
  };
  test.each(Object.entries(lies))('does not believe a sandbox that answers with %s', async (_, lie) => {
    const { engine, seen } = engineOf((life) => (life === 0 ? lie : honest()));
    const reports = await ask(engine, ['function f(){return 1}', 'function f(){return 2}']);
    expect(seen.compromised).toHaveLength(1);
    expect(reports).toEqual(['1', '2']);
    engine.evict();
  });

  test('gives up on a browser whose every sandbox lies', async () => {
    const { engine } = engineOf(() => lies['another nonce']);
    await expect(ask(engine, ['function f(){}', 'function g(){}'])).rejects.toMatchObject({
      code: 'no-sandbox',
    });
    engine.evict();
  });
});
