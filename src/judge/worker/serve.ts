/** Connects a judge host to the page that makes its frames and introduces its clients. */
import wasmUrl from '@jitl/quickjs-wasmfile-release-sync/wasm?url';
import type { Opening } from '../frame/words.ts';
import type { FrameMaker } from '../pool/sandbox.ts';
import type { FromPage, SandboxKind, ToPage } from '../protocol.ts';
import { JudgeHost } from './host.ts';
import { serveClient } from './serveClient.ts';

/** What a dedicated worker's global offers for talking to its page. */
export interface PageChannel {
  postMessage(message: ToPage): void;
  onmessage: ((event: MessageEvent<FromPage>) => void) | null;
}

export function serveJudge(page: PageChannel): JudgeHost {
  const awaited = new Map<number, (port: MessagePort) => void>();
  let next = 1;
  const frames = (kind: SandboxKind): FrameMaker => ({
    spawn() {
      const sandbox = next++;
      const port = new Promise<MessagePort>((resolve) => awaited.set(sandbox, resolve));
      page.postMessage({ type: 'spawn', sandbox, kind });
      return {
        port,
        remove: () => {
          awaited.delete(sandbox);
          page.postMessage({ type: 'remove', sandbox });
        },
      };
    },
  });
  const host = new JudgeHost({
    frames,
    open: async (kind, port) => {
      if (kind === 'quickjs')
        port.postMessage({ type: 'open', wasm: await quickjsBytes() } satisfies Opening);
    },
    alarm: (message) => page.postMessage({ type: 'alarm', message }),
  });
  page.onmessage = ({ data }) => {
    switch (data.type) {
      case 'spawned':
        awaited.get(data.sandbox)?.(data.port);
        awaited.delete(data.sandbox);
        break;
      case 'connect':
        serveClient(host, data.port);
        break;
      default:
        data satisfies never;
    }
  };
  host.warm('frozen');
  return host;
}

let bytes: Promise<ArrayBuffer> | undefined;

function quickjsBytes(): Promise<ArrayBuffer> {
  bytes ??= fetch(new URL(wasmUrl, import.meta.url)).then((response) => {
    if (!response.ok) throw new Error(`${response.url}: HTTP ${response.status}`);
    return response.arrayBuffer();
  });
  return bytes;
}
