/**
 * The judge as the page sees it. Only the page can make frames and introduce ports to each other, so this is all that
 * it does; everything else happens in the judge's worker and inside the sandboxes.
 */
import { JudgeClient } from './client.ts';
import { sandboxDocument } from './frame/document.ts';
import frozenScript from './frame/frozenWorker.ts?script';
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
        frames.set(sandbox, openFrame(kind, port2));
        send({ type: 'spawned', sandbox, port: port1 }, [port1]);
        break;
      }
      case 'remove':
        frames.get(data.sandbox)?.remove();
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

const scripts: Record<SandboxKind, string> = {
  frozen: frozenScript,
  quickjs: frozenScript,
  naive: frozenScript,
};

/** A frame with an origin of its own, which shares nothing with the page but the port. */
function openFrame(kind: SandboxKind, port: MessagePort): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  frame.title = 'Sandbox of the judge';
  frame.hidden = true;
  frame.referrerPolicy = 'no-referrer';
  frame.srcdoc = sandboxDocument(kind, scripts[kind]);
  // The frame's origin is opaque and cannot be named; the message goes to this window object alone.
  frame.onload = () => frame.contentWindow?.postMessage(null, '*', [port]);
  document.body.append(frame);
  return frame;
}
