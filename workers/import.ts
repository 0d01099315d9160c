/** Reading rollout files: a message loop around an importer. */
import { Importer } from '../src/lab/rollouts/files/importer.ts';
import type { ImportCommand } from '../src/lab/rollouts/files/importProtocol.ts';

const importer = new Importer((event, handedOver = []) =>
  self.postMessage(event, { transfer: handedOver as ArrayBuffer[] }),
);
self.onmessage = (message: MessageEvent<ImportCommand>) => void importer.handle(message.data);
