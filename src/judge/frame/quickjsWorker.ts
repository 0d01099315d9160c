/** The careful engine: a worker that holds QuickJS, so that programs run in an engine of their own, inside WebAssembly. */
import { Batches } from './batches.ts';
import { QuickJSMachine } from './quickjsMachine.ts';
import type { CallsText, FromFrame, ToFrame } from './words.ts';

self.onmessage = ({ ports }: MessageEvent): void => {
  const port = ports[0];
  const send = (message: FromFrame): void => port.postMessage(message);
  let module: WebAssembly.Module;
  let machine: QuickJSMachine;

  const open = async (bytes: ArrayBuffer): Promise<void> => {
    try {
      module = await WebAssembly.compile(bytes);
      machine = await QuickJSMachine.create(module);
      send({ type: 'ready' });
    } catch (error) {
      send({ type: 'unfit', reason: String(error) });
    }
  };
  const batches = new Batches<{ calls: CallsText; wait: boolean }>(port, {
    learn: ({ calls, wait }) => ({ calls, wait }),
    run: ({ sources, fuel, stateless, limit }, i, { calls, wait }) => {
      const options = { fuel: fuel[i], stateless: stateless[i], wait };
      const report = machine.run(sources[i], calls, options, limit);
      return machine.isBroken ? replaceMachine(report) : report;
    },
  });
  const replaceMachine = async (report: string): Promise<string> => {
    machine = await QuickJSMachine.create(module);
    return report;
  };
  // Nothing but the opening comes before `ready`.
  port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.type === 'open') void open(data.wasm);
    else batches.hear(data);
  };
};
