import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import { type IterationRecord, noSamples } from '../records/record.ts';
import { type Arm, newArm } from '../state/arm.ts';
import { createLabStore } from '../state/store.ts';
import { RunStore } from '../storage/runStore.ts';
import { planRoom } from '../storage/space.ts';
import { oneResponse, sampleSnapshot } from '../storage/testing/sampleRun.ts';
import { until } from '../testing/until.ts';
import type { CheckpointBytes, TrainerEvent } from '../trainer/protocol.ts';
import { Notices } from '../view/notices.ts';
import { type RunServices, Runs } from './runs.ts';

/** The locks of one browser, as one tab sees them. */
class Tab implements Pick<LockManager, 'request' | 'query'> {
  #held: Set<string>;
  constructor(held: Set<string>) {
    this.#held = held;
  }
  request = (async (name: string, _: LockOptions, use: (lock: Lock | null) => Promise<void> | null) => {
    if (this.#held.has(name)) return use(null);
    this.#held.add(name);
    await use({ name, mode: 'exclusive' });
    this.#held.delete(name);
  }) as LockManager['request'];
  query = async () => ({ held: [...this.#held].map((name) => ({ name })), pending: [] });
}

const browser = () => ({ held: new Set<string>(), memory: new Map<string, string>() });

function tab({ held, memory }: ReturnType<typeof browser>) {
  const store = createLabStore();
  const notices = new Notices(store);
  const services: RunServices = {
    locks: new Tab(held),
    memory: {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
    },
    channel: null,
    space: async () => null,
    persist: async () => {},
  };
  const runs = new Runs(store, notices, services);
  const texts = () => store.getState().notices.map((notice) => notice.text);
  return { store, runs, texts };
}

const newBw = (): Arm =>
  newArm({ id: 'arm-1', name: 'BW', color: 2, settings: settingsWith({ iterations: 9 }), seed: 4 });
const row = (iteration: number): TrainerEvent => ({
  type: 'iteration',
  record: { iteration, metrics: { kl: iteration / 10 }, samples: noSamples },
});
const snapshot = sampleSnapshot(2);
const checkpoint = (value: number): CheckpointBytes => ({
  model: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d, value),
  config: '{}',
});

/** A tab in which an arm ran three iterations, the second of which was snapshot. */
async function ran(own: ReturnType<typeof browser>, models = new Map()) {
  const first = tab(own);
  await first.runs.begin();
  const lost = vi.fn();
  const line = first.runs.keep(newBw(), models, lost)!;
  first.store.setState({ arms: [{ ...newBw(), run: line.id }] });
  for (const event of [row(1), row(2), { type: 'snapshot', snapshot } as const, row(3)]) line.hear(event);
  await until(() => expect(first.store.getState().runs.list[0]?.iteration).toBe(3));
  return { ...first, line, lost };
}

afterEach(async () => {
  vi.restoreAllMocks();
  const store = await RunStore.open();
  for (const { id } of await store.list()) await store.remove(id);
  store.close();
});

it('offers after a crash what was on the page and not finished, and gives it back whole', async () => {
  const own = browser();
  const { line } = await ran(own);
  // The tab dies: its locks are freed, its memory stays.
  own.held.clear();
  const second = tab(own);
  await second.runs.begin();
  expect(second.store.getState().runs.unfinished).toEqual([line.id]);
  expect(second.texts()[0]).toContain('BW (3 of 9)');
  const past = (await second.runs.take(line.id, () => {}))!;
  expect(past.rows.iterations.map((each) => each.iteration)).toEqual([1, 2, 3]);
  expect(past.rows.snapshot).toEqual(snapshot);
  expect(past.line).not.toBeNull();
  expect(second.store.getState().runs.unfinished).toEqual([]);
});

it('offers it even when the crash came before the browser wrote down what was on the page', async () => {
  const own = browser();
  const { line } = await ran(own);
  own.held.clear();
  own.memory.clear();
  const second = tab(own);
  await second.runs.begin();
  expect(second.store.getState().runs.unfinished).toEqual([line.id]);
});

it('does not offer a run that had left the page', async () => {
  const own = browser();
  const { runs, store } = await ran(own);
  const later = runs.keep(newBw(), new Map(), () => {})!;
  store.setState({ arms: [{ ...newBw(), run: later.id }] });
  later.hear(row(1));
  await until(() => expect(store.getState().runs.list).toHaveLength(2));
  own.held.clear();
  const second = tab(own);
  await second.runs.begin();
  expect(second.store.getState().runs.unfinished).toEqual([later.id]);
});

it('gives a run that another tab writes to look at, and says why', async () => {
  const own = browser();
  const { line } = await ran(own);
  const second = tab(own);
  await second.runs.begin();
  expect(second.store.getState().runs).toMatchObject({ unfinished: [], elsewhere: [line.id] });
  const past = (await second.runs.take(line.id, () => {}))!;
  expect(past.line).toBeNull();
  expect(second.texts()[0]).toMatch(/open in another tab.*read-only/);
  await second.runs.remove([line.id]);
  expect(second.texts()[1]).toContain('another tab is writing it');
  expect(second.store.getState().runs.list).toHaveLength(1);
});

it('lets an arm that left the page write no longer once its run is opened again', async () => {
  const { runs, line, store } = await ran(browser());
  const past = (await runs.take(line.id, () => {}))!;
  line.hear(row(4));
  past.line!.hear({ type: 'rewound', iteration: 2 });
  past.line!.hear(row(3));
  await until(() => expect(store.getState().runs.list[0].iteration).toBe(3));
  const { rows } = (await runs.take(line.id, () => {}))!;
  expect(rows.iterations.map((each) => each.iteration)).toEqual([1, 2, 3]);
});

it('deletes and brings back, and tells the arm that its run is gone', async () => {
  const { runs, line, store, lost } = await ran(browser());
  await runs.remove([line.id]);
  expect(lost).toHaveBeenCalledOnce();
  expect(store.getState().runs).toMatchObject({ list: [], removed: ['BW'] });
  await runs.restore();
  expect(store.getState().runs).toMatchObject({ list: [{ id: line.id, iteration: 3 }], removed: [] });
  expect((await runs.take(line.id, () => {}))!.rows.snapshot).toEqual(snapshot);
});

it('keeps of the models that were brought along those that the arm uses', async () => {
  const models = new Map([
    ['policy', checkpoint(1)],
    ['strong', checkpoint(2)],
    ['weak', checkpoint(3)],
  ]);
  const { runs, line } = await ran(browser(), models);
  const { rows } = (await runs.take(line.id, () => {}))!;
  expect(rows.models).toEqual({ policy: checkpoint(1), strong: checkpoint(2) });
});

it('exports a run that another browser can go on with', async () => {
  const { runs, line, store } = await ran(browser(), new Map([['policy', checkpoint(7)]]));
  await runs.describe(line.id, { note: 'for Monday' });
  const { file, name } = (await runs.exportFile(line.id))!;
  expect(name).toBe('bw-seed-4-iteration-3.filtrate-run');
  await runs.importFile(new File([file], name));
  const { list } = store.getState().runs;
  const imported = list.find((run) => run.id !== line.id)!;
  const original = list.find((run) => run.id === line.id)!;
  const { id, color, updated, session, ...rest } = imported;
  expect(original).toMatchObject(rest);
  const [past, back] = await Promise.all([runs.take(line.id, () => {}), runs.take(id, () => {})]);
  expect(back!.rows).toEqual(past!.rows);
  expect(back!.line).not.toBeNull();
});

it('exports a run for UNIPO, with all of its iterations', async () => {
  const { runs, line } = await ran(browser());
  const { file, name } = (await runs.exportUnipo(line.id))!;
  expect(name).toBe('bw-seed-4-iteration-3.unipo.json');
  const { header, entries } = JSON.parse(await file.text());
  expect([header.totalSteps, entries.map(({ step }: { step: number }) => step)]).toEqual([3, [1, 2, 3]]);
});

it('refuses a damaged file by name, and takes in nothing of it', async () => {
  const { runs, line, store, texts } = await ran(browser());
  const { file } = (await runs.exportFile(line.id))!;
  await runs.importFile(new File([file.slice(0, file.size - 40)], 'cut.filtrate-run'));
  expect(texts().at(-1)).toMatch(/cut\.filtrate-run was not imported: .*cut off/);
  expect(store.getState().runs.list).toHaveLength(1);
});

it('opens a run, shows it and goes on with it where the disk takes no write at all', async () => {
  const own = browser();
  const { line } = await ran(own);
  own.held.clear();
  const second = tab(own);
  await second.runs.begin();
  const full = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  for (const write of ['create', 'describe', 'addIteration', 'putSnapshot'] as const) {
    vi.spyOn(RunStore.prototype, write).mockImplementation(full);
  }
  const past = (await second.runs.take(line.id, () => {}))!;
  expect(past.rows.iterations.map((each) => each.iteration)).toEqual([1, 2, 3]);
  expect(past.line).not.toBeNull();
  expect(second.texts()).toEqual([expect.stringContaining('Last time not finished')]);
  past.line!.hear({ type: 'rewound', iteration: 2 });
  past.line!.hear(row(3));
  await until(() => expect(second.texts().at(-1)).toContain('no room left'));
  expect(second.store.getState().runs.unsaved).toEqual([line.id]);
  past.line!.hear(row(4));
  vi.restoreAllMocks();
  await second.runs.saveAgain();
  expect(second.texts().at(-1)).toContain('BW is saved whole');
  expect(second.store.getState().runs.unsaved).toEqual([]);
  const { rows } = (await tab(browser()).runs.take(line.id, () => {}))!;
  expect(rows.iterations.map((each) => each.iteration)).toEqual([1, 2, 3, 4]);
});

/** A finished run of three iterations, with samples and a snapshot. */
async function finished(own: ReturnType<typeof browser>) {
  const first = await ran(own);
  const whole: TrainerEvent = {
    type: 'iteration',
    record: { ...(row(3) as { record: IterationRecord }).record, samples: oneResponse(0) },
  };
  for (const event of [whole, { type: 'state', state: 'finished' } as const]) first.line.hear(event);
  await until(() => expect(first.store.getState().runs.list[0].finished).toBe(true));
  return first;
}

it('saves what waited as soon as a run is deleted', async () => {
  const own = browser();
  const { runs, store, texts, line } = await finished(own);
  vi.spyOn(RunStore.prototype, 'create').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
  const next = runs.keep({ ...newBw(), name: 'BR' }, new Map(), () => {})!;
  next.hear(row(1));
  await until(() => expect(store.getState().runs.unsaved).toEqual([next.id]));
  expect(store.getState().notices.at(-1)).toMatchObject({ action: 'make-room' });
  vi.restoreAllMocks();
  await runs.remove([line.id]);
  expect(store.getState().runs.unsaved).toEqual([]);
  expect(texts().at(-1)).toContain('BR is saved whole');
  await until(() => expect(store.getState().runs.list).toMatchObject([{ id: next.id, iteration: 1 }]));
});

it('brings every deletion back, the last one first, with what was said of a run meanwhile', async () => {
  const { runs, store, line } = await finished(browser());
  const before = (await runs.take(line.id, () => {}))!;
  const state = () => store.getState().runs;
  await runs.makeRoom(planRoom(state().list, Infinity));
  expect(state().list[0]).toMatchObject({ bytes: 0, fixedBytes: 0, iteration: 3 });
  await runs.describe(line.id, { note: 'looked at' });
  await runs.remove([line.id]);
  expect(state()).toMatchObject({ list: [], removed: ['the samples and weights of BW', 'BW'] });
  await runs.restore();
  expect((await runs.take(line.id, () => {}))!.rows.snapshot).toBeNull();
  await runs.restore();
  expect(state()).toMatchObject({ removed: [], list: [{ note: 'looked at' }] });
  expect((await runs.take(line.id, () => {}))!.rows).toEqual(before.rows);
});

it('keeps a deletion that could not be undone for want of room, to be tried again', async () => {
  const { runs, store, line } = await finished(browser());
  await runs.remove([line.id]);
  vi.spyOn(RunStore.prototype, 'insert').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
  await runs.restore();
  expect(store.getState().runs.removed).toEqual(['BW']);
  vi.restoreAllMocks();
  await runs.restore();
  expect(store.getState().runs.list).toHaveLength(1);
});

it('offers a run that stopped for a passing reason, with the reason, and not one that would stop again', async () => {
  for (const [code, offered] of [
    ['device-lost', true],
    ['non-finite', false],
  ] as const) {
    const own = browser();
    const { line, runs, store } = await ran(own);
    line.hear({ type: 'error', error: { code, message: 'It stopped there.' } });
    await until(async () => {
      await runs.describe(line.id, {});
      expect(store.getState().runs.list[0].failure?.code).toBe(code);
    });
    own.held.clear();
    const second = tab(own);
    await second.runs.begin();
    expect(second.store.getState().runs.unfinished).toEqual(offered ? [line.id] : []);
    expect(second.texts().join()).toBe(
      offered
        ? 'Last time not finished: BW (3 of 9, stopped: It stopped there). It is saved and can go on from there.'
        : '',
    );
    expect((await second.runs.take(line.id, () => {}))!.line).not.toBeNull();
    await second.runs.remove([line.id]);
  }
});

it('says once that runs are not kept where the browser forbids it', async () => {
  vi.spyOn(RunStore, 'open').mockRejectedValue(new DOMException('no', 'SecurityError'));
  const { runs, store, texts } = tab(browser());
  await runs.begin();
  expect(store.getState().runs.storage).toBe('refused');
  expect(runs.keep(newBw(), new Map(), () => {})).toBeNull();
  await runs.importFile(new File([], 'any'));
  expect(texts()).toEqual([expect.stringContaining('runs are lost when the page is closed')]);
});
