/**
 * The judge as the page sees it. Only the page can make frames and introduce ports to each other, so this is all that
 * it does; everything else happens in the judge's worker and inside the sandboxes.
 */
import { JudgeClient } from './client.ts';
import { sandboxDocument } from './frame/document.ts';
import type { FromPage, SandboxKind, ToPage } from './protocol.ts';

export interface Judge {
  /** A port for a trainer worker, which makes a JudgeClient of it. */
  connect(): MessagePort;
  /** The page's own client. */
  client: JudgeClient;
  /** Stops everything. What is still being judged fails with the code 'closed'. */
  dispose(): void;
}

export interface JudgeSettings {
  /** Told when the judge may be broken: a task that no program can pass was passed. */
  onAlarm?(message: string): void;
}

export function startJudge({ onAlarm }: JudgeSettings = {}): Judge {
  const worker = new Worker(new URL('../../workers/judge.ts', import.meta.url), {
    type: 'module',
    name: 'judge',
  });
  const send = (message: FromPage, ports: MessagePort[]): void => worker.postMessage(message, ports);
  const frames = new Map<number, HTMLIFrameElement>();
  const clients: JudgeClient[] = [];

  worker.onmessage = ({ data }: MessageEvent<ToPage>) => {
    switch (data.type) {
      case 'spawn': {
        const { sandbox, kind } = data;
        const { port1, port2 } = new MessageChannel();
        const frame = emptyFrame();
        frames.set(sandbox, frame);
        void loadFrame(frame, kind, port2, () => frames.has(sandbox));
        send({ type: 'spawned', sandbox, port: port1 }, [port1]);
        break;
      }
      case 'remove':
        frames.get(data.sandbox)?.remove();
        // One whose script is still being loaded is never added to the page.
        frames.delete(data.sandbox);
        break;
      case 'alarm':
        onAlarm?.(data.message);
        break;
      default:
        data satisfies never;
    }
  };

  const connect = (): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    send({ type: 'connect', port: port1 }, [port1]);
    return port2;
  };
  const client = new JudgeClient(connect());
  clients.push(client);
  return {
    connect,
    client,
    dispose() {
      worker.terminate();
      for (const frame of frames.values()) frame.remove();
      frames.clear();
      for (const each of clients) each.close();
    },
  };
}

/** The text that each kind of sandbox runs, loaded when the first of its kind is started. */
const scripts: Record<SandboxKind, () => Promise<{ default: string }>> = {
  frozen: () => import('./frame/frozenWorker.ts?script'),
  quickjs: () => import('./frame/quickjs/quickjsWorker.ts?script'),
  naive: () => import('./frame/naive/naiveFrame.ts?script'),
};

/** A frame with an origin of its own, which shares nothing with the page but the port. */
function emptyFrame(): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  frame.title = 'Sandbox of the judge';
  frame.hidden = true;
  frame.referrerPolicy = 'no-referrer';
  return frame;
}

async function loadFrame(
  frame: HTMLIFrameElement,
  kind: SandboxKind,
  port: MessagePort,
  isWanted: () => boolean,
): Promise<void> {
  const { default: script } = await scripts[kind]();
  if (!isWanted()) return;
  frame.srcdoc = sandboxDocument(kind, script);
  // The frame's origin is opaque and cannot be named; the message goes to this window object alone.
  frame.onload = () => frame.contentWindow?.postMessage(null, '*', [port]);
  document.body.append(frame);
}
