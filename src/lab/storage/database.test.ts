import 'fake-indexeddb/auto';
import { type IDBPDatabase, openDB } from 'idb';
import { afterEach, expect, it } from 'vitest';
import { defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import { noStopRules } from '../settings/stopRules.ts';
import { flat } from '../settings/testing/flatSettings.ts';
import { databaseName, type StoredExperiment } from './database.ts';
import { RunStore, type StoredRun } from './runStore.ts';
import { sampleIteration, sampleRun, sampleSnapshot } from './testing/sampleRun.ts';

afterEach(
  () =>
    new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(databaseName);
      request.onsuccess = () => resolve();
      request.onerror = () => reject(request.error);
    }),
);

/** As the first version wrote it: it knew no experiments, and settings were flat. */
function run(id: string, updated: number): Omit<StoredRun, 'experiment'> {
  const change = { note: 'kept for Monday', archived: true, bytes: 144, fixedBytes: 96 };
  const { experiment: _, ...known } = sampleRun({ id, updated, ...change });
  return { ...known, settings: { ...flat, iterations: 9 } as never };
}

/** What a run of version 1 has become. */
const upgraded = (id: string, updated: number) => ({
  ...run(id, updated),
  experiment: null,
  settings: settingsWith({ iterations: 9 }),
});

/** A snapshot as it was before version 4: of a policy and a critic. */
function snapshotOfBefore(n: number) {
  const { networks, ...rest } = sampleSnapshot(n);
  return { ...rest, ...networks };
}

/** The database as the first version of the page made and wrote it. */
async function versionOne(): Promise<IDBPDatabase> {
  return openDB(databaseName, 1, {
    upgrade(db) {
      db.createObjectStore('runs', { keyPath: 'id' }).createIndex('updated', 'updated');
      db.createObjectStore('iterations', { keyPath: ['run', 'iteration'] });
      db.createObjectStore('evaluations', { keyPath: ['run', 'iteration'] });
      db.createObjectStore('snapshots');
      db.createObjectStore('models');
    },
  });
}

it('takes over every run of version 1, whole', async () => {
  const old = await versionOne();
  for (const [i, id] of ['a', 'b'].entries()) {
    await old.add('runs', run(id, 10 + i));
    for (let n = 1; n <= 3; n++) await old.put('iterations', { ...sampleIteration(n), run: id });
    for (const n of [0, 3])
      await old.put('evaluations', { iteration: n, metrics: { heldPass: 0.4 + n / 30 }, run: id });
    await old.put('snapshots', snapshotOfBefore(i + 2), id);
    await old.put('models', { policy: { model: Uint8Array.of(i), config: '{}' } }, id);
  }
  await old.add('runs', run('empty', 12));
  await old.put('models', {}, 'empty');
  old.close();

  const store = await RunStore.open();
  expect(await store.list()).toEqual([upgraded('empty', 12), upgraded('b', 11), upgraded('a', 10)]);
  for (const [i, id] of ['a', 'b'].entries()) {
    expect(await store.rows(id)).toEqual({
      iterations: [1, 2, 3].map(sampleIteration),
      evaluations: [
        { iteration: 0, metrics: { heldPass: 0.4 } },
        { iteration: 3, metrics: { heldPass: 0.5 } },
      ],
      snapshot: sampleSnapshot(i + 2),
      models: { policy: { model: Uint8Array.of(i), config: '{}' } },
    });
  }
  expect(await store.experiments()).toEqual([]);
  // And it goes on: the next row lands beside the old ones.
  await store.addIteration('a', sampleIteration(4));
  expect((await store.rows('a')).iterations).toEqual([1, 2, 3, 4].map(sampleIteration));
  await store.remove('b');
  expect(await store.metrics('b')).toEqual({ iterations: [], evaluations: [] });
  store.close();
});

it('gives runs from before a knob was there what it did not do then', async () => {
  const old = await versionOne();
  const { naiveJudge: _, ...settings } = flat;
  await old.add('runs', { ...run('a', 1), settings });
  old.close();
  const store = await RunStore.open();
  expect((await store.get('a'))?.settings).toEqual(defaultSettings());
  store.close();
});

it('gives every run, snapshot and experiment of version 3 its slots and networks', async () => {
  const old = await openDB(databaseName, 3, {
    upgrade(db) {
      db.createObjectStore('runs', { keyPath: 'id' }).createIndex('updated', 'updated');
      db.createObjectStore('iterations', { keyPath: ['run', 'iteration'] });
      db.createObjectStore('samples', { keyPath: ['run', 'iteration'] });
      db.createObjectStore('evaluations', { keyPath: ['run', 'iteration'] });
      db.createObjectStore('snapshots');
      db.createObjectStore('models');
      db.createObjectStore('experiments', { keyPath: 'id' });
    },
  });
  const settings = { ...flat, method: 'ppo-s', rewardSource: 'oracle', beta: 0.05 };
  const arms = [{ name: 'PPO-S', settings }];
  await old.add('runs', { ...run('a', 1), experiment: 'x', settings });
  await old.put('snapshots', snapshotOfBefore(4), 'a');
  const spec = { preset: null, seeds: [1], arms, backend: 'auto', concurrency: null, stop: noStopRules };
  const experiment = {
    id: 'x',
    name: 'One',
    created: 1,
    state: 'open',
    seconds: 3,
    runs: [{ id: 'a', begun: true }],
  };
  await old.add('experiments', { ...experiment, spec });
  old.close();
  const store = await RunStore.open();
  const now = settingsWith({ method: 'ppo-s', reward: 'oracle', beta: 0.05 });
  expect((await store.get('a'))?.settings).toEqual(now);
  expect((await store.rows('a')).snapshot).toEqual(sampleSnapshot(4));
  expect(await store.experiment('x')).toEqual({
    ...experiment,
    spec: { ...spec, arms: [{ name: 'PPO-S', settings: now }] },
  });
  store.close();
});

it('gives the numbers of a run without its samples', async () => {
  const store = await RunStore.open();
  await store.create({ ...run('a', 1), experiment: null, iteration: 0, bytes: 0 });
  await store.addIteration('a', sampleIteration(1));
  await store.addEvaluation('a', { iteration: 1, metrics: { heldPass: 0.6 } });
  expect(await store.metrics('a')).toEqual({
    iterations: [{ iteration: 1, metrics: sampleIteration(1).metrics }],
    evaluations: [{ iteration: 1, metrics: { heldPass: 0.6 } }],
  });
  store.close();
});

it('notes in the experiment that a run of it began, and keeps the note when the run is deleted', async () => {
  const store = await RunStore.open();
  const experiment: StoredExperiment = {
    id: 'x',
    name: 'Two seeds',
    spec: { preset: null, seeds: [1, 2], arms: [], backend: 'auto', concurrency: null, stop: noStopRules },
    created: 5,
    state: 'open',
    seconds: 0,
    runs: [
      { id: 'a', begun: false },
      { id: 'b', begun: false },
    ],
  };
  await store.putExperiment(experiment, { policy: { model: Uint8Array.of(1), config: '{}' } });
  expect(await store.experimentModels('x')).toEqual({ policy: { model: Uint8Array.of(1), config: '{}' } });
  await store.create({ ...run('b', 1), experiment: 'x' });
  await store.remove('b');
  await store.describeExperiment('x', { seconds: 7, state: 'finished' });
  expect(await store.experiment('x')).toEqual({
    ...experiment,
    seconds: 7,
    state: 'finished',
    runs: [
      { id: 'a', begun: false },
      { id: 'b', begun: true },
    ],
  });
  // A run whose experiment is gone is stored all the same.
  await store.removeExperiment('x');
  await store.create({ ...run('a', 2), experiment: 'x' });
  expect(await store.experiments()).toEqual([]);
  expect(await store.experimentModels('x')).toEqual({});
  expect((await store.get('a'))?.experiment).toBe('x');
  store.close();
});
