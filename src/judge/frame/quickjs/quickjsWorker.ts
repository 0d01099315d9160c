/** The careful engine: a worker that holds QuickJS, so that programs run in an engine of their own, inside WebAssembly. */
import { Batches } from '../batches.ts';
import type { CallsText, FromFrame, ToFrame } from '../words.ts';
import { QuickJS } from './quickjsMachine.ts';

self.onmessage = ({ ports }: MessageEvent): void => {
  const port = ports[0];
  const send = (message: FromFrame): void => port.postMessage(message);
  let engine: QuickJS;

  const open = async (bytes: ArrayBuffer): Promise<void> => {
    try {
      engine = await QuickJS.open(new Uint8Array(bytes));
      send({ type: 'ready' });
    } catch (error) {
      send({ type: 'unfit', reason: String(error) });
    }
  };
  const batches = new Batches<{ calls: CallsText; wait: boolean }>(port, {
    learn: ({ calls, wait }) => ({ calls, wait }),
    run: ({ sources, fuel, stateless, limit }, i, { calls, wait }) =>
      engine.run(sources[i], calls, { fuel: fuel[i], stateless: stateless[i], wait }, limit),
  });
  // Nothing but the opening comes before `ready`.
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.type === 'open') void open(data.wasm);
    else batches.hear(data);
  };
};
