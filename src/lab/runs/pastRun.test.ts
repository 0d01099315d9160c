import { expect, it } from 'vitest';
import { LiveArm } from '../arms/liveArm.ts';
import { noSamples } from '../records/record.ts';
import type { BackendChoice } from '../settings/engines.ts';
import { sampleRun, sampleSnapshot } from '../storage/testing/sampleRun.ts';
import { TrainerHandle, type WorkerLike } from '../trainer/pageSide/trainerHandle.ts';
import type { TrainerCommand, TrainerEvent } from '../trainer/protocol.ts';
import { armOfPast, type PastRun } from './pastRun.ts';

const snapshot = sampleSnapshot(5);

/** A run of seven iterations with a snapshot after the fifth, and what its line hears. */
function pastRun(change: Partial<PastRun['rows']> = {}): { past: PastRun; heard: TrainerEvent[] } {
  const heard: TrainerEvent[] = [];
  const past: PastRun = {
    run: sampleRun({ id: 'run-1', iteration: 7 }),
    rows: {
      iterations: [1, 2, 3, 4, 5, 6, 7].map((iteration) => ({ iteration, metrics: {}, samples: noSamples })),
      evaluations: [0, 3, 6].map((iteration) => ({ iteration, metrics: { heldPass: 0.4 } })),
      snapshot,
      models: { policy: { model: Uint8Array.of(1), config: '{}' } },
      ...change,
    },
    line: { id: 'run-1', hear: (event) => heard.push(event), release: () => {} },
  };
  return { past, heard };
}

/** A trainer that opens on some engines only. */
class Worker implements WorkerLike {
  readonly commands: TrainerCommand[] = [];
  #listeners: ((event: Event) => void)[] = [];
  #opens: readonly BackendChoice[];
  constructor(opens: readonly BackendChoice[]) {
    this.#opens = opens;
  }
  postMessage(message: unknown): void {
    const command = message as TrainerCommand;
    this.commands.push(command);
    if (command.type !== 'open') return;
    const name = command.backend === 'auto' ? 'plain' : command.backend;
    const answer: TrainerEvent = this.#opens.includes(command.backend)
      ? { type: 'opened', backend: { name, device: 'test', reason: 'a test' } }
      : { type: 'error', error: { code: 'backend', message: 'There is none.' } };
    queueMicrotask(() => {
      for (const listen of this.#listeners) listen({ data: answer } as MessageEvent);
    });
  }
  addEventListener(type: string, listener: (event: Event) => void): void {
    if (type === 'message') this.#listeners.push(listener);
  }
  terminate(): void {}
}

async function play(past: PastRun, opens: readonly BackendChoice[]) {
  const workers: Worker[] = [];
  const warned: string[] = [];
  const arm = new LiveArm(
    { id: 'arm-1', name: 'BW', color: 0, settings: past.run.settings, seed: past.run.seed },
    {
      parts: () => ({
        spawn: () => new TrainerHandle(() => workers[workers.push(new Worker(opens)) - 1]),
        judgePort: () => new MessageChannel().port1,
        assets: '',
        backend: 'auto',
        models: new Map([['strong', { model: Uint8Array.of(2), config: '{}' }]]),
      }),
      changed: () => {},
      failed: () => {},
      warned: (text) => warned.push(text),
      stationMs: 0,
      ghost: null,
      keep: () => null,
      past,
    },
  );
  arm.play();
  for (let i = 0; i < 30; i++) await Promise.resolve();
  return { arm, commands: workers.flatMap((worker) => worker.commands), warned };
}

it('shows the rows at once, and is done when it can only be looked at', () => {
  const { past } = pastRun();
  expect(armOfPast(past)).toMatchObject({ state: 'paused', iteration: 7, run: 'run-1' });
  expect(armOfPast({ ...past, line: null }).state).toBe('finished');
});

it('goes on from the snapshot: later rows go, on the page and in the store, and the same models and engine serve', async () => {
  const { past, heard } = pastRun();
  const { arm, commands, warned } = await play(past, ['simd']);
  expect(commands.find((command) => command.type === 'open')).toMatchObject({ backend: 'simd' });
  expect(commands.filter((command) => command.type === 'use').map((command) => command.slot)).toEqual([
    'policy',
  ]);
  expect(commands.find((command) => command.type === 'arm')).toEqual({
    type: 'arm',
    settings: past.run.settings,
    seed: past.run.seed,
    resume: snapshot,
  });
  expect(heard).toEqual([{ type: 'rewound', iteration: 5 }]);
  expect(arm.arm.iterations.at(-1)?.iteration).toBe(5);
  expect(arm.arm.evaluations.map((row) => row.iteration)).toEqual([0, 3]);
  expect(warned).toEqual([]);
});

it('starts anew, in the same run, when it was cut off before its first snapshot', async () => {
  const { past, heard } = pastRun({ snapshot: null });
  const { arm, commands } = await play(past, ['simd']);
  expect(commands.find((command) => command.type === 'arm')).not.toHaveProperty('resume');
  expect(heard).toEqual([{ type: 'rewound', iteration: 0 }]);
  expect(arm.arm.iterations).toEqual([]);
});

it('goes on with another engine where its own is missing, and says what that means', async () => {
  const { past, heard } = pastRun();
  const { commands, warned } = await play(past, ['auto']);
  // From now on the stored run is that engine's: it is resumed on it the next time.
  expect(heard).toMatchObject([{ type: 'opened', backend: { name: 'plain' } }, { type: 'rewound' }]);
  expect(commands.some((command) => command.type === 'arm')).toBe(true);
  expect(warned).toEqual([expect.stringMatching(/computed with simd.*goes on with plain.*differ/)]);
});
