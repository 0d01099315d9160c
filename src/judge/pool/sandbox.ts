/** The judge worker's handle on one sandbox: its port, what it knows, whether it still answers. */
import type { FromFrame, ToFrame } from '../frame/words.ts';

/** Starts and removes the frames that sandboxes live in; in the product, by asking the page. */
export interface FrameMaker {
  /** Resolves with the private port into the sandbox's worker. */
  spawn(): { port: Promise<MessagePort>; remove(): void };
}

export class Sandbox {
  /** Resolves once the lock-down is done; rejects when it cannot be. */
  readonly ready: Promise<void>;
  /** Ids of the test sets that it has been sent. */
  readonly known = new Set<number>();
  /** Programs that it has been sent. */
  sent = 0;
  onMessage: (message: FromFrame) => void = () => {};
  readonly #remove: () => void;
  #port: MessagePort | null = null;

  constructor(frames: FrameMaker, open: (port: MessagePort) => Promise<void>) {
    const { port, remove } = frames.spawn();
    this.#remove = remove;
    this.ready = new Promise((resolve, reject) => {
      port.then((port) => {
        this.#port = port;
        port.onmessage = ({ data }: MessageEvent<FromFrame>) => {
          if (data.type === 'ready') resolve();
          else if (data.type === 'unfit') reject(new Error(data.reason));
          else this.onMessage(data);
        };
        open(port).catch(reject);
      }, reject);
    });
    // Whoever waits for it hears of a failure; a spare that nobody waits for may fail quietly.
    this.ready.catch(() => {});
  }

  send(message: ToFrame): void {
    this.#port?.postMessage(message);
  }

  remove(): void {
    this.onMessage = () => {};
    this.#port?.close();
    this.#remove();
  }
}
