import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noSamples } from '../records/record.ts';
import { RunStore, type StoredRun, UnknownRunError } from '../storage/runStore.ts';
import { sampleIteration, sampleRun, sampleSnapshot } from '../storage/testing/sampleRun.ts';
import type { TrainerEvent } from '../trainer/protocol.ts';
import { RunWriter } from './runWriter.ts';

let store: RunStore;
let at = 0;

beforeEach(async () => {
  store = await RunStore.open();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const { id } of await store.list()) await store.remove(id);
  store.close();
});

const newRun = (id: string): StoredRun => {
  const created = ++at;
  return sampleRun({ id, created, updated: created, iteration: 0, firstPass: null, lastPass: null });
};

const fresh = (id: string) => ({ run: newRun(id), models: {} });

const quiet = { saved: () => {}, full: () => {}, whole: () => {}, failed: () => {} };

it('gives back what a run reported, in order', async () => {
  const writer = new RunWriter(store, fresh('a'), quiet);
  writer.hear({ type: 'evaluation', record: { iteration: 0, metrics: { heldPass: 0.4 } } });
  for (let n = 1; n <= 3; n++) writer.hear({ type: 'iteration', record: sampleIteration(n) });
  writer.hear({ type: 'evaluation', record: { iteration: 3, metrics: { heldPass: 0.5 } } });
  writer.hear({ type: 'snapshot', snapshot: sampleSnapshot(3) });
  writer.hear({ type: 'state', state: 'finished' });
  await writer.settled();
  const rows = await store.rows('a');
  expect(rows.iterations).toEqual([1, 2, 3].map(sampleIteration));
  expect(rows.evaluations.map((row) => row.iteration)).toEqual([0, 3]);
  expect(rows.snapshot).toEqual(sampleSnapshot(3));
  expect(await store.get('a')).toMatchObject({ iteration: 3, firstPass: 0.4, lastPass: 0.5, finished: true });
});

it('keeps runs apart, and lists the latest first', async () => {
  const first = new RunWriter(store, fresh('a'), quiet);
  const second = new RunWriter(store, fresh('b'), quiet);
  first.hear({ type: 'iteration', record: sampleIteration(1) });
  await first.settled();
  second.hear({ type: 'iteration', record: sampleIteration(1) });
  second.hear({ type: 'iteration', record: sampleIteration(2) });
  await second.settled();
  expect((await store.rows('a')).iterations).toHaveLength(1);
  expect((await store.list()).map((run) => run.id)).toEqual(['b', 'a']);
});

it('keeps the rows after a snapshot until a resumed run writes them again', async () => {
  const writer = new RunWriter(store, fresh('a'), quiet);
  for (let n = 1; n <= 7; n++) writer.hear({ type: 'iteration', record: sampleIteration(n) });
  await writer.settled();
  const { bytes } = (await store.get('a'))!;
  writer.hear({ type: 'rewound', iteration: 5 });
  const again = { ...sampleIteration(6), metrics: { kl: 60 } };
  writer.hear({ type: 'iteration', record: again });
  await writer.settled();
  const rows = await store.rows('a');
  expect(rows.iterations).toEqual([...[1, 2, 3, 4, 5].map(sampleIteration), again, sampleIteration(7)]);
  expect(await store.get('a')).toMatchObject({ iteration: 7, bytes });
});

it('brings a removed run back whole', async () => {
  const writer = new RunWriter(store, fresh('a'), quiet);
  writer.hear({ type: 'iteration', record: sampleIteration(1) });
  writer.hear({ type: 'snapshot', snapshot: sampleSnapshot(1) });
  await writer.settled();
  const run = (await store.get('a'))!;
  const rows = await store.rows('a');
  await store.remove('a');
  await expect(store.rows('a')).rejects.toBeInstanceOf(UnknownRunError);
  await store.insert(run, rows);
  expect(await store.rows('a')).toEqual(rows);
});

/** Lets a store take so many writes more, then none until it is told to. */
function limited(room: number) {
  const disk = { room };
  for (const write of ['create', 'describe', 'addIteration', 'addEvaluation', 'putSnapshot'] as const) {
    const real = store[write].bind(store) as (...args: unknown[]) => Promise<void>;
    vi.spyOn(store, write).mockImplementation(async (...args: unknown[]) => {
      if (disk.room-- <= 0) throw new DOMException('full', 'QuotaExceededError');
      return real(...args);
    });
  }
  return disk;
}

it('waits when the disk is full, keeps what was saved, and writes all of it when there is room', async () => {
  const heard: string[] = [];
  const writer = new RunWriter(store, fresh('a'), {
    saved: (n) => heard.push(`saved ${n}`),
    full: () => heard.push('full'),
    whole: () => heard.push('whole'),
    failed: (message) => heard.push(message),
  });
  const disk = limited(2);
  for (const n of [1, 2, 3]) writer.hear({ type: 'iteration', record: sampleIteration(n) });
  await writer.settled();
  expect(heard).toEqual(['saved 1', 'full']);
  expect((await store.rows('a')).iterations).toEqual([sampleIteration(1)]);
  writer.hear({ type: 'evaluation', record: { iteration: 3, metrics: { heldPass: 0.5 } } });
  writer.hear({ type: 'snapshot', snapshot: sampleSnapshot(3) });
  await writer.settled();
  expect(heard).toEqual(['saved 1', 'full', 'full']);

  disk.room = Infinity;
  writer.hear({ type: 'iteration', record: sampleIteration(4) });
  writer.again();
  writer.hear({ type: 'state', state: 'finished' });
  await writer.settled();
  expect(heard.slice(3)).toEqual(['saved 2', 'saved 3', 'saved 4', 'whole']);
  expect(await store.rows('a')).toMatchObject({
    iterations: [1, 2, 3, 4].map(sampleIteration),
    evaluations: [{ iteration: 3 }],
    snapshot: { iteration: 3 },
  });
  expect(await store.get('a')).toMatchObject({ iteration: 4, lastPass: 0.5, finished: true });
});

it('loses no row and no order, wherever the disk fills up and empties', async () => {
  const events: TrainerEvent[] = [
    { type: 'evaluation', record: { iteration: 0, metrics: { heldPass: 0.4 } } },
    ...[1, 2, 3, 4].flatMap((n): TrainerEvent[] => [
      { type: 'iteration', record: sampleIteration(n) },
      { type: 'snapshot', snapshot: sampleSnapshot(n) },
    ]),
    { type: 'state', state: 'finished' },
  ];
  for (let first = 0; first <= events.length; first++) {
    for (const then of [0, 1, 3]) {
      const id = `${first}-${then}`;
      const writer = new RunWriter(store, fresh(id), quiet);
      const disk = limited(first);
      for (const event of events.slice(0, 5)) writer.hear(event);
      await writer.settled();
      const stored = await store.get(id);
      const { iterations, snapshot: last } = stored
        ? await store.rows(id)
        : { iterations: [], snapshot: null };
      expect(iterations).toHaveLength(stored?.iteration ?? 0);
      expect(last?.iteration ?? 0).toBeLessThanOrEqual(iterations.length);
      disk.room = then;
      for (const event of events.slice(5)) writer.hear(event);
      writer.again();
      await writer.settled();
      disk.room = Infinity;
      writer.again();
      await writer.settled();
      const rows = await store.rows(id);
      expect(rows.iterations).toEqual([1, 2, 3, 4].map(sampleIteration));
      expect(rows.snapshot).toEqual(sampleSnapshot(4));
      expect(await store.get(id)).toMatchObject({ iteration: 4, finished: true });
      vi.restoreAllMocks();
    }
  }
});

it('remembers why an arm stopped, until it goes on', async () => {
  const writer = new RunWriter(store, fresh('a'), quiet);
  writer.hear({ type: 'error', error: { code: 'device-lost', message: 'gone', field: 'x' } });
  await writer.settled();
  expect((await store.get('a'))?.failure).toEqual({ code: 'device-lost', message: 'gone' });
  writer.hear({ type: 'rewound', iteration: 0 });
  await writer.settled();
  expect((await store.get('a'))?.failure).toBeNull();
});

it('lets samples or weights go, keeps the curves, and can bring both back', async () => {
  const models = { policy: { model: Uint8Array.of(1, 2, 3), config: '{}' } };
  const writer = new RunWriter(store, { run: newRun('a'), models }, quiet);
  for (const n of [1, 2]) writer.hear({ type: 'iteration', record: sampleIteration(n) });
  writer.hear({ type: 'snapshot', snapshot: sampleSnapshot(2) });
  await writer.settled();
  const [whole, rows] = [(await store.get('a'))!, await store.rows('a')];
  await store.strip('a', 'samples');
  expect((await store.rows('a')).iterations).toEqual(
    [1, 2].map((n) => ({ ...sampleIteration(n), samples: noSamples })),
  );
  expect(await store.get('a')).toMatchObject({ bytes: 0, fixedBytes: whole.fixedBytes });
  await store.strip('a', 'weights');
  expect(await store.rows('a')).toMatchObject({ snapshot: null, models: {} });
  expect(await store.get('a')).toMatchObject({ bytes: 0, fixedBytes: 0 });
  await store.insert(whole, rows);
  expect([await store.get('a'), await store.rows('a')]).toEqual([whole, rows]);
});

it('says so when a run is deleted under its writer', async () => {
  const failures: string[] = [];
  const writer = new RunWriter(store, fresh('a'), { ...quiet, failed: (message) => failures.push(message) });
  await writer.settled();
  await store.remove('a');
  writer.hear({ type: 'iteration', record: sampleIteration(1) });
  await writer.settled();
  expect(failures[0]).toContain('deleted');
  expect(await store.list()).toEqual([]);
});

it('keeps the models of a run, and counts what everything takes', async () => {
  const models = { policy: { model: Uint8Array.of(1, 2, 3), config: '{}' } };
  const writer = new RunWriter(store, { run: newRun('a'), models }, quiet);
  for (let n = 1; n <= 3; n++) writer.hear({ type: 'iteration', record: sampleIteration(n) });
  writer.hear({ type: 'snapshot', snapshot: sampleSnapshot(3) });
  await writer.settled();
  expect((await store.rows('a')).models).toEqual(models);
  expect((await store.get('a'))!.fixedBytes).toBe(3 + 2 * 3 * 8 + 2 * 4);
});

it('writes nothing more once it is stopped', async () => {
  const failures: string[] = [];
  const writer = new RunWriter(store, fresh('a'), { ...quiet, failed: (message) => failures.push(message) });
  await writer.settled();
  writer.stop();
  await store.remove('a');
  writer.hear({ type: 'iteration', record: sampleIteration(1) });
  await writer.settled();
  expect(failures).toEqual([]);
  expect(await store.list()).toEqual([]);
});
