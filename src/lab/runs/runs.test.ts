import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ArmSnapshot } from '../protocol.ts';
import type { IterationRecord } from '../record.ts';
import { defaultSettings } from '../settings.ts';
import { RunKeeper } from './runKeeper.ts';
import { RunStore, type StoredRun, UnknownRunError } from './runStore.ts';

let store: RunStore;
let at = 0;

beforeEach(async () => {
  store = await RunStore.open();
});
afterEach(async () => {
  for (const { id } of await store.list()) await store.remove(id);
  store.close();
});

const newRun = (id: string): StoredRun => ({
  id,
  name: id,
  note: '',
  session: 's',
  experiment: null,
  color: 0,
  settings: defaultSettings(),
  seed: 1,
  worldSeed: 1,
  backend: null,
  iteration: 0,
  firstPass: null,
  lastPass: null,
  finished: false,
  archived: false,
  created: ++at,
  updated: at,
  bytes: 0,
  fixedBytes: 0,
});

const fresh = (id: string) => ({ run: newRun(id), models: {} });

const iteration = (n: number): IterationRecord => ({
  iteration: n,
  metrics: { kl: n / 10 },
  samples: {
    problem: Int32Array.of(n),
    group: Int32Array.of(0),
    starts: Int32Array.of(0, 2),
    tokens: Uint16Array.of(5, 1),
    logProb: Float32Array.of(-0.5, -0.25),
    refLogProb: Float32Array.of(-0.5, -0.5),
    reward: Float32Array.of(0.5),
    score: Float32Array.of(1),
    status: Uint8Array.of(0),
    uses: Uint16Array.of(1),
  },
});

const model = () => ({
  weights: Float32Array.of(1, 2),
  time: 3,
  m: new Float32Array(2),
  v: new Float32Array(2),
});
const snapshot = (n: number): ArmSnapshot => ({
  iteration: n,
  policy: model(),
  critic: model(),
  costs: { samples: 1, rewardPasses: 1, criticPasses: 1, policyPasses: 1, updateTokens: 1, seconds: 1 },
  rewardScale: { mean: 0, deviation: 1 },
});

const quiet = { saved: () => {}, failed: () => {} };

it('gives back what a run reported, in order', async () => {
  const keeper = new RunKeeper(store, fresh('a'), quiet);
  keeper.hear({ type: 'evaluation', record: { iteration: 0, metrics: { heldPass: 0.4 } } });
  for (let n = 1; n <= 3; n++) keeper.hear({ type: 'iteration', record: iteration(n) });
  keeper.hear({ type: 'evaluation', record: { iteration: 3, metrics: { heldPass: 0.5 } } });
  keeper.hear({ type: 'snapshot', snapshot: snapshot(3) });
  keeper.hear({ type: 'state', state: 'finished' });
  await keeper.settled();
  const rows = await store.rows('a');
  expect(rows.iterations).toEqual([1, 2, 3].map(iteration));
  expect(rows.evaluations.map((row) => row.iteration)).toEqual([0, 3]);
  expect(rows.snapshot).toEqual(snapshot(3));
  expect(await store.get('a')).toMatchObject({ iteration: 3, firstPass: 0.4, lastPass: 0.5, finished: true });
});

it('keeps runs apart, and lists the latest first', async () => {
  const first = new RunKeeper(store, fresh('a'), quiet);
  const second = new RunKeeper(store, fresh('b'), quiet);
  first.hear({ type: 'iteration', record: iteration(1) });
  await first.settled();
  second.hear({ type: 'iteration', record: iteration(1) });
  second.hear({ type: 'iteration', record: iteration(2) });
  await second.settled();
  expect((await store.rows('a')).iterations).toHaveLength(1);
  expect((await store.list()).map((run) => run.id)).toEqual(['b', 'a']);
});

it('rewinds to a snapshot, so that a resumed run writes its rows once', async () => {
  const keeper = new RunKeeper(store, fresh('a'), quiet);
  for (let n = 1; n <= 7; n++) keeper.hear({ type: 'iteration', record: iteration(n) });
  keeper.hear({ type: 'rewound', iteration: 5 });
  keeper.hear({ type: 'iteration', record: iteration(6) });
  await keeper.settled();
  expect((await store.rows('a')).iterations.map((row) => row.iteration)).toEqual([1, 2, 3, 4, 5, 6]);
  expect((await store.get('a'))?.iteration).toBe(6);
});

it('brings a removed run back whole', async () => {
  const keeper = new RunKeeper(store, fresh('a'), quiet);
  keeper.hear({ type: 'iteration', record: iteration(1) });
  keeper.hear({ type: 'snapshot', snapshot: snapshot(1) });
  await keeper.settled();
  const run = (await store.get('a'))!;
  const rows = await store.rows('a');
  await store.remove('a');
  await expect(store.rows('a')).rejects.toBeInstanceOf(UnknownRunError);
  await store.insert(run, rows);
  expect(await store.rows('a')).toEqual(rows);
});

it('stops saving once, with a reason, when the disk is full, and keeps what was saved', async () => {
  const failures: string[] = [];
  const saved: number[] = [];
  const keeper = new RunKeeper(store, fresh('a'), {
    saved: (n) => saved.push(n),
    failed: (message) => failures.push(message),
  });
  keeper.hear({ type: 'iteration', record: iteration(1) });
  await keeper.settled();
  const addIteration = store.addIteration.bind(store);
  store.addIteration = async () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  keeper.hear({ type: 'iteration', record: iteration(2) });
  keeper.hear({ type: 'iteration', record: iteration(3) });
  await keeper.settled();
  store.addIteration = addIteration;
  expect(failures).toHaveLength(1);
  expect(failures[0]).toContain('no room');
  expect(saved).toEqual([1]);
  expect((await store.rows('a')).iterations).toEqual([iteration(1)]);
});

it('says so when a run is deleted under its keeper', async () => {
  const failures: string[] = [];
  const keeper = new RunKeeper(store, fresh('a'), { ...quiet, failed: (message) => failures.push(message) });
  await keeper.settled();
  await store.remove('a');
  keeper.hear({ type: 'iteration', record: iteration(1) });
  await keeper.settled();
  expect(failures[0]).toContain('deleted');
  expect(await store.list()).toEqual([]);
});

it('keeps the models of a run, and counts what everything takes', async () => {
  const models = { policy: { model: Uint8Array.of(1, 2, 3), config: '{}' } };
  const keeper = new RunKeeper(store, { run: newRun('a'), models }, quiet);
  for (let n = 1; n <= 3; n++) keeper.hear({ type: 'iteration', record: iteration(n) });
  keeper.hear({ type: 'snapshot', snapshot: snapshot(3) });
  await keeper.settled();
  expect((await store.rows('a')).models).toEqual(models);
  const three = (await store.get('a'))!;
  expect(three.fixedBytes).toBe(3 + 2 * 3 * 8);
  keeper.hear({ type: 'rewound', iteration: 1 });
  await keeper.settled();
  expect((await store.get('a'))!.bytes).toBe(three.bytes / 3);
});

it('writes nothing more once it is stopped', async () => {
  const failures: string[] = [];
  const keeper = new RunKeeper(store, fresh('a'), { ...quiet, failed: (message) => failures.push(message) });
  await keeper.settled();
  keeper.stop();
  await store.remove('a');
  keeper.hear({ type: 'iteration', record: iteration(1) });
  await keeper.settled();
  expect(failures).toEqual([]);
  expect(await store.list()).toEqual([]);
});
