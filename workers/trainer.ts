/** One arm's trainer: a message loop around a trainer. */
import type { TrainerCommand } from '../src/lab/trainer/protocol.ts';
import { Trainer } from '../src/lab/trainer/trainer.ts';

const trainer = new Trainer((event) => self.postMessage(event));
self.onmessage = (message: MessageEvent<TrainerCommand>) => trainer.handle(message.data);
