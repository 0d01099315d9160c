/** One arm's trainer: a message loop around a session. */
import type { TrainerCommand } from '../src/lab/protocol.ts';
import { TrainerSession } from '../src/lab/session.ts';

const session = new TrainerSession((event) => self.postMessage(event));
self.onmessage = (message: MessageEvent<TrainerCommand>) => session.handle(message.data);
