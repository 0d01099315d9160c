import { describe, expect, it } from 'vitest';
import type { TrainerEvent } from '../protocol.ts';
import { TrainerHandle, type WorkerLike } from './trainerHandle.ts';

/** The other side of the port, without a thread. */
class FakeWorker extends EventTarget implements WorkerLike {
  sent: unknown[] = [];
  terminated = false;
  postMessage(message: unknown): void {
    this.sent.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
  say(event: TrainerEvent): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: event }));
  }
}

const backend = { name: 'simd', device: 'WASM SIMD', reason: 'no GPU' } as const;
const checkpoint = { model: new Uint8Array(1), config: '{}' };

describe('TrainerHandle', () => {
  it('opens with the judge port and resolves with the backend', async () => {
    const worker = new FakeWorker();
    const trainer = new TrainerHandle(() => worker);
    const { port1 } = new MessageChannel();
    const opening = trainer.open({ backend: 'auto', judge: port1, assets: 'http://x/' });
    worker.say({ type: 'state', state: 'loading' });
    worker.say({ type: 'opened', backend });
    expect(await opening).toEqual(backend);
    expect(worker.sent[0]).toMatchObject({ type: 'open', backend: 'auto', judge: port1 });
    port1.close();
  });

  it('fails the wait when the trainer reports an error first', async () => {
    const worker = new FakeWorker();
    const trainer = new TrainerHandle(() => worker);
    const waiting = trainer.next('opened');
    worker.say({ type: 'error', error: { code: 'backend', message: 'No backend works here.' } });
    await expect(waiting).rejects.toMatchObject({ error: { code: 'backend' } });
  });

  it('matches exports to their requests', async () => {
    const worker = new FakeWorker();
    const trainer = new TrainerHandle(() => worker);
    const first = trainer.exportModel('policy');
    const second = trainer.exportModel('critic');
    const other = { ...checkpoint, config: '{"other":1}' };
    worker.say({ type: 'exported', request: 2, checkpoint: other });
    worker.say({ type: 'exported', request: 1, checkpoint });
    expect(await first).toBe(checkpoint);
    expect(await second).toBe(other);
  });

  it('turns a crash of the worker into an error and a failed state', () => {
    const worker = new FakeWorker();
    const trainer = new TrainerHandle(() => worker);
    const heard: TrainerEvent[] = [];
    trainer.listen((event) => heard.push(event));
    worker.dispatchEvent(Object.assign(new Event('error'), { message: 'boom' }));
    expect(heard).toMatchObject([
      { type: 'error', error: { message: 'The trainer stopped: boom' } },
      { type: 'state', state: 'failed' },
    ]);
  });

  it('tells listeners nothing after it was disposed of, and fails what waits', async () => {
    const worker = new FakeWorker();
    const trainer = new TrainerHandle(() => worker);
    const heard: TrainerEvent[] = [];
    trainer.listen((event) => heard.push(event));
    const waiting = trainer.next('state');
    trainer.dispose();
    trainer.dispose();
    worker.say({ type: 'state', state: 'running' });
    await expect(waiting).rejects.toThrow('closed');
    expect(heard).toEqual([]);
    expect(worker.terminated).toBe(true);
    expect(() => trainer.send({ type: 'play' })).toThrow('closed');
  });

  it('stops calling a listener that unsubscribed', () => {
    const worker = new FakeWorker();
    const trainer = new TrainerHandle(() => worker);
    const states: string[] = [];
    const stop = trainer.on('state', (event) => states.push(event.state));
    worker.say({ type: 'state', state: 'running' });
    stop();
    worker.say({ type: 'state', state: 'paused' });
    expect(states).toEqual(['running']);
  });
});
