import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import { noSamples } from '../records/record.ts';
import { Runs } from '../runs/runs.ts';
import type { ExperimentInput } from '../settings/experimentSpec.ts';
import { createLabStore } from '../state/store.ts';
import { RunStore } from '../storage/runStore.ts';
import { until } from '../testing/until.ts';
import { TrainerHandle, type WorkerLike } from '../trainer/pageSide/trainerHandle.ts';
import type { ArmSnapshot, TrainerCommand, TrainerEvent } from '../trainer/protocol.ts';
import { Notices } from '../view/notices.ts';
import { Experiments } from './experiments.ts';

const model = () => ({
  weights: new Float32Array(1),
  time: 1,
  m: new Float32Array(1),
  v: new Float32Array(1),
});
const snapshot = (iteration: number): ArmSnapshot => ({
  iteration,
  networks: { policy: model(), critic: model() },
  costs: {
    samples: 1,
    rewardPasses: 1,
    sampledTokens: 1,
    referencePasses: 1,
    criticPasses: 1,
    policyPasses: 1,
    updateTokens: 1,
    seconds: 1,
  },
  rewardScale: { mean: 0, deviation: 1 },
});

/** Says an iteration of numbers that settings, seed and iteration determine, with a snapshot after every second. */
class ScriptedTrainer extends EventTarget implements WorkerLike {
  static commands: TrainerCommand[] = [];
  static opened: string[] = [];
  /** Iterations after which it waits to be let go on; 0: none. */
  static holdAt = 0;
  static held: (() => void)[] = [];
  #playing = false;
  #gone = false;

  postMessage(message: unknown): void {
    const command = message as TrainerCommand;
    ScriptedTrainer.commands.push(command);
    if (command.type === 'open') {
      ScriptedTrainer.opened.push(command.backend);
      this.#say({ type: 'opened', backend: { name: 'simd', device: 'none', reason: 'a test' } });
    } else if (command.type === 'arm') void this.#arm(command);
    else if (command.type === 'play') this.#playing = true;
    else if (command.type === 'pause') this.#playing = false;
  }

  terminate(): void {
    this.#gone = true;
  }

  async #arm({ settings, seed, resume }: Extract<TrainerCommand, { type: 'arm' }>): Promise<void> {
    this.#playing = false;
    const pass = (iteration: number) => 0.3 + (settings.price.beta as number) + seed / 100 + iteration / 1000;
    const look = (iteration: number) =>
      this.#say({ type: 'evaluation', record: { iteration, metrics: { heldPass: pass(iteration) } } });
    if (!resume) look(0);
    this.#say({ type: 'state', state: 'ready' });
    for (
      let iteration = (resume?.iteration ?? 0) + 1;
      iteration <= settings.training.iterations;
      iteration++
    ) {
      while (!this.#playing && !this.#gone) await new Promise((resolve) => setTimeout(resolve));
      if (this.#gone) return;
      const metrics = { kl: pass(iteration), updateTokens: 10 * iteration };
      this.#say({ type: 'iteration', record: { iteration, metrics, samples: noSamples } });
      if (iteration % 2 === 0) {
        look(iteration);
        this.#say({ type: 'snapshot', snapshot: snapshot(iteration) });
      }
      if (iteration === ScriptedTrainer.holdAt) {
        await new Promise<void>((resolve) => ScriptedTrainer.held.push(resolve));
      }
    }
    this.#say({ type: 'state', state: 'finished' });
  }

  #say(event: TrainerEvent): void {
    if (!this.#gone) this.dispatchEvent(Object.assign(new Event('message'), { data: event }));
  }
}

/** The locks of one browser. */
class Locks implements Pick<LockManager, 'request' | 'query'> {
  static held = new Set<string>();
  request = (async (name: string, _: LockOptions, use: (lock: Lock | null) => Promise<void> | null) => {
    if (Locks.held.has(name)) return use(null);
    Locks.held.add(name);
    await use({ name, mode: 'exclusive' });
    Locks.held.delete(name);
  }) as LockManager['request'];
  query = async () => ({ held: [...Locks.held].map((name) => ({ name })), pending: [] });
}

/** A page; its locks are its own until the test frees them, as a closed tab does. */
async function page() {
  const store = createLabStore();
  const notices = new Notices(store);
  const runs = new Runs(store, notices, {
    locks: new Locks(),
    memory: null,
    channel: null,
    space: async () => null,
    persist: async () => {},
  });
  const experiments = new Experiments({
    store,
    notices,
    runs,
    trainerParts: () => ({
      spawn: () => new TrainerHandle(() => new ScriptedTrainer()),
      judgePort: () => ({}) as MessagePort,
      assets: '',
      backend: 'auto',
      models: new Map(),
    }),
    beatMs: 0,
  });
  await runs.begin();
  experiments.begin();
  return {
    store,
    runs,
    experiments,
    shown: () => store.getState().experiments.shown!,
    computing: () => store.getState().experiments.computing,
    texts: () => store.getState().notices.map((notice) => notice.text),
  };
}

const spec = (change: Partial<ExperimentInput> = {}): ExperimentInput => ({
  arms: ['ppo-m', { method: 'bw', beta: 0.1 }],
  seeds: 2,
  iterations: 4,
  concurrency: 1,
  ...change,
});
const states = (view: { runs: readonly { state: string; iteration: number }[] }) =>
  view.runs.map(({ state, iteration }) => `${state} ${iteration}`);

afterEach(async () => {
  ScriptedTrainer.holdAt = 0;
  ScriptedTrainer.held = [];
  ScriptedTrainer.commands = [];
  ScriptedTrainer.opened = [];
  Locks.held.clear();
  const store = await RunStore.open();
  for (const { id } of await store.list()) await store.remove(id);
  for (const { id } of await store.experiments()) await store.removeExperiment(id);
  store.close();
});

describe('Experiments', () => {
  it('stores every run as it happens, and shows after a reload what it showed before', async () => {
    const first = await page();
    expect(await first.experiments.start(spec())).toBe(true);
    await until(() => expect(states(first.shown())).toEqual(Array(4).fill('finished 4')));
    await until(() => expect(first.computing()).toBeNull());
    await until(() => expect(first.texts().at(-1) ?? '').toContain('is finished: 4 runs'));
    const shown = first.shown();
    expect(shown.name).toBe('PPO-M, BW × 2 seeds');
    expect(shown.runs.map(({ endedBy }) => endedBy)).toEqual(Array(4).fill('iterations'));

    Locks.held.clear();
    const second = await page();
    const [stored] = second.store.getState().runs.experiments;
    expect(stored).toMatchObject({ name: shown.name, state: 'finished' });
    await second.experiments.show(stored.id);
    expect(second.shown().runs).toEqual(shown.runs);
    // Neither as runs that were cut off nor as an experiment that was.
    expect(second.texts()).toEqual([]);
    expect(second.store.getState().runs.list.every((run) => run.experiment === stored.id)).toBe(true);
  });

  it('goes on after the page was closed: runs from their snapshots, then those that never began', async () => {
    ScriptedTrainer.holdAt = 3;
    const first = await page();
    await first.experiments.start(spec({ stop: { updateTokens: 1000 } }));
    await until(() => expect(states(first.shown())[0]).toBe('running 3'));
    await until(() => expect(first.store.getState().runs.list[0]?.iteration).toBe(3));
    // The tab is closed: nobody hears of the trainers again, and the locks are free.
    Locks.held.clear();
    ScriptedTrainer.holdAt = 0;
    ScriptedTrainer.commands = [];
    ScriptedTrainer.opened = [];

    const second = await page();
    expect(second.texts()[0]).toContain('was not finished when the page closed');
    await second.experiments.resumeInterrupted();
    await until(() => expect(states(second.shown())).toEqual(Array(4).fill('finished 4')));
    const arms = ScriptedTrainer.commands.filter((command) => command.type === 'arm');
    expect(arms.map(({ resume }) => resume?.iteration ?? null)).toEqual([2, null, null, null]);
    expect(arms[0]).toMatchObject({
      limits: { updateTokens: 1000, plateau: null },
      passes: [expect.any(Number), expect.any(Number)],
    });
    // On the engine that computed the first part.
    expect(ScriptedTrainer.opened).toEqual(['simd']);
    await until(() => expect(second.computing()).toBeNull());
    const rows = second.shown().runs[0];
    expect(rows.iterations.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4]);
    expect(rows.evaluations.map(({ iteration }) => iteration)).toEqual([0, 2, 4]);
  });

  it('keeps what was computed when it is stopped, and can go on', async () => {
    ScriptedTrainer.holdAt = 2;
    const { experiments, shown, computing, texts } = await page();
    await experiments.start(spec({ seeds: 1 }));
    await until(() => expect(states(shown())).toEqual(['running 2', 'waiting 0']));
    experiments.pause();
    await until(() => expect(computing()?.state).toBe('paused'));
    expect(await experiments.start(spec())).toBe(false);
    expect(texts().at(-1)).toContain('still computes');
    experiments.stop();
    await until(() => expect(computing()).toBeNull());
    expect(states(shown())).toEqual(['stopped 2', 'stopped 0']);
    expect(texts().at(-1)).toContain('was stopped');
    ScriptedTrainer.holdAt = 0;
    await until(async () => expect(await experiments.goOn(shown().id)).toBe(true));
    await until(() => expect(states(shown())).toEqual(['finished 4', 'finished 4']));
  });

  it('takes the numbers of a deleted run out, and takes them in again with it', async () => {
    const { experiments, runs, shown, computing } = await page();
    await experiments.start(spec());
    await until(() => expect(computing()).toBeNull());
    await until(() => expect(states(shown())).toEqual(Array(4).fill('finished 4')));
    const before = shown().runs;
    await runs.remove([before[1].id!]);
    await until(() => expect(states(shown())[1]).toBe('deleted 0'));
    expect(shown().runs[1].iterations).toEqual([]);
    expect([0, 2, 3].map((i) => shown().runs[i])).toEqual([0, 2, 3].map((i) => before[i]));
    // It is not computed again behind the person's back.
    expect(await experiments.goOn(shown().id)).toBe(false);
    await runs.restore();
    await until(() => expect(shown().runs).toEqual(before));
  });

  it('ends a run that is deleted while it computes, and goes on with the others', async () => {
    ScriptedTrainer.holdAt = 1;
    const { experiments, runs, store, shown, computing } = await page();
    await experiments.start(spec({ seeds: 1 }));
    await until(() => expect(store.getState().runs.list[0]?.iteration).toBe(1));
    ScriptedTrainer.holdAt = 0;
    await runs.remove([shown().runs[0].id!]);
    await until(() => expect(states(shown())).toEqual(['deleted 0', 'finished 4']));
    await until(() => expect(computing()).toBeNull());
  });

  it('is deleted with its runs, and comes back with them', async () => {
    const { experiments, runs, store, shown, computing } = await page();
    await experiments.start(spec(), 'Monday');
    await until(() => expect(shown()).not.toBeNull());
    await until(() => expect(computing()).toBeNull());
    const { id } = shown();
    await experiments.remove(id);
    expect(store.getState().experiments.shown).toBeNull();
    expect(store.getState().runs).toMatchObject({ list: [], experiments: [] });
    await runs.restore();
    await until(() => expect(store.getState().runs.experiments).toHaveLength(1));
    await experiments.show(id);
    expect(shown().name).toBe('Monday');
    expect(states(shown())).toEqual(Array(4).fill('finished 4'));
  });

  it('is not gone on with in two tabs', async () => {
    ScriptedTrainer.holdAt = 2;
    const first = await page();
    await first.experiments.start(spec());
    await until(() => expect(states(first.shown())[0]).toBe('running 2'));
    const second = await page();
    expect(second.texts()).toEqual([]);
    expect(await second.experiments.goOn(first.shown().id)).toBe(false);
    expect(second.texts()[0]).toContain('Another tab');
    first.experiments.stop();
    await until(() => expect(first.computing()).toBeNull());
  });

  it('pauses when its rows wait for room, and goes on when it is told to', async () => {
    ScriptedTrainer.holdAt = 1;
    const { experiments, store, shown, computing, texts } = await page();
    await experiments.start(spec({ seeds: 1 }));
    await until(() => expect(states(shown())[0]).toBe('running 1'));
    store.setState(({ runs }) => ({ runs: { ...runs, unsaved: ['another'] } }));
    expect(computing()?.state).toBe('running');
    store.setState(({ runs }) => ({ runs: { ...runs, unsaved: [shown().runs[0].id!] } }));
    await until(() => expect(computing()?.state).toBe('paused'));
    expect(texts().at(-1)).toContain('no room left');
    ScriptedTrainer.holdAt = 0;
    for (const letGo of ScriptedTrainer.held) letGo();
    store.setState(({ runs }) => ({ runs: { ...runs, unsaved: [] } }));
    experiments.resume();
    await until(() => expect(states(shown())).toEqual(['finished 4', 'finished 4']));
  });

  it('computes where the browser stores nothing, for the life of the page', async () => {
    const { experiments, store, shown, computing } = await page();
    store.setState(({ runs }) => ({ runs: { ...runs, storage: 'refused' } }));
    await experiments.start(spec({ seeds: 1 }));
    await until(() => expect(computing()).toBeNull());
    expect(states(shown())).toEqual(['finished 4', 'finished 4']);
    const database = await RunStore.open();
    expect([await database.list(), await database.experiments()]).toEqual([[], []]);
    database.close();
  });
});
