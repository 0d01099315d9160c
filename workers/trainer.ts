/** One arm's trainer: a message loop around a session. */
import type { TrainerCommand } from '../src/lab/trainer/protocol.ts';
import { TrainerSession } from '../src/lab/trainer/trainerSession.ts';

const session = new TrainerSession((event) => self.postMessage(event));
self.onmessage = (message: MessageEvent<TrainerCommand>) => session.handle(message.data);
