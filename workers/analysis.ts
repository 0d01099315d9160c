/** The filter lab's statistics: a message loop around an analyst. */
import { Analyst, type AnalystCommand } from '../src/lab/rollouts/analysis/analyst.ts';

const analyst = new Analyst((event) => self.postMessage(event));
self.onmessage = (message: MessageEvent<AnalystCommand>) => analyst.handle(message.data);
