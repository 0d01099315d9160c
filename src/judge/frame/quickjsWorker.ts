/** The careful engine: a worker that holds QuickJS, so that programs run in an engine of their own, inside WebAssembly. */
import { QuickJSMachine } from './quickjsMachine.ts';
import type { CallsText } from './runner.ts';
import type { BatchMessage, FromFrame, ToFrame } from './words.ts';

type Known = Map<number, { calls: CallsText; wait: boolean }>;

self.onmessage = ({ ports }: MessageEvent): void => {
  const port = ports[0];
  const send = (message: FromFrame): void => port.postMessage(message);
  const known: Known = new Map();
  let module: WebAssembly.Module;
  let machine: QuickJSMachine;
  let turn = Promise.resolve();

  const open = async (bytes: ArrayBuffer): Promise<void> => {
    try {
      module = await WebAssembly.compile(bytes);
      machine = await QuickJSMachine.create(module);
      send({ type: 'ready' });
    } catch (error) {
      send({ type: 'unfit', reason: String(error) });
    }
  };
  const run = async (batch: BatchMessage): Promise<void> => {
    const { nonce, sources, sets, fuel, stateless, fresh, limit } = batch;
    send({ type: 'begun', nonce });
    for (const { id, calls, wait } of fresh) known.set(id, { calls, wait });
    let from = 0;
    let reports: string[] = [];
    let flushed = performance.now();
    for (let i = 0; i < sources.length; i++) {
      const { calls, wait } = known.get(sets[i])!;
      reports.push(machine.run(sources[i], calls, { fuel: fuel[i], stateless: stateless[i], wait }, limit));
      if (machine.isBroken) machine = await QuickJSMachine.create(module);
      if (reports.length === flushCount || performance.now() - flushed > flushMs) {
        send({ type: 'reports', nonce, from, reports });
        from = i + 1;
        reports = [];
        flushed = performance.now();
      }
    }
    if (reports.length > 0) send({ type: 'reports', nonce, from, reports });
    for (const { id, once } of fresh) if (once) known.delete(id);
  };
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    switch (data.type) {
      case 'ping':
        send({ type: 'pong', nonce: data.nonce });
        break;
      case 'open':
        turn = open(data.wasm);
        break;
      case 'run':
        turn = turn.then(() => run(data));
        break;
      default:
        data satisfies never;
    }
  };
};

/** As in frozenWorker.ts. */
const flushMs = 8;
const flushCount = 64;
