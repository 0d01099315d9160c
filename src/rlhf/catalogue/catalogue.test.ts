/** Walks the whole catalogue: what every method must say and do, whichever it is. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { restoreSnapshot, takeSnapshot } from '../../lab/trainer/arm/snapshot.ts';
import { openSimd } from '../../nn/simd/open.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { iterate } from '../loop.ts';
import { finish, small, start } from '../testing/loop.fixture.ts';
import { allMethods, catalogue, defaultSettings, methodOf, slotOf } from './catalogue.ts';
import { initialValues, type Knob } from './knobs.ts';
import type { About } from './method.ts';
import { withChanges } from './paths.ts';
import { type ArmSettings, type Slot, slotNames } from './settings.ts';

beforeAll(async () => {
  await openSimd();
});

/** A method of the catalogue, with what it brings along. */
const withMethod = (settings: ArmSettings, slot: Slot, method: About): ArmSettings =>
  withChanges(settings, { ...method.brings, [slot]: method.id });

/** Methods together that lean on each other. */
const together: Record<string, Record<string, unknown>> = {
  'offline DPO': { update: 'dpo', filter: 'bw', decode: 'stored', storedIterations: 1 },
  'iterative DPO': {
    update: 'dpo',
    decode: 'stored',
    storedIterations: 2,
    reference: 'renewed',
    renewEvery: 2,
  },
  'guidance by histograms': { decode: 'guided', values: 'share' },
  'Pre-PPO selected by a small policy': { order: 'pre-ppo', selectedBy: 'small' },
  'PPO at a moving reference': { reference: 'moving', rate: 0.5 },
};

/** Settings of the fixture's world with one method of the catalogue, and with a few at once. */
const arms: [name: string, settings: ArmSettings][] = [
  ...allMethods.map(({ slot, method }): [string, ArmSettings] => [
    `${slot} ${method.id}`,
    withMethod(small(), slot, method),
  ]),
  ...Object.entries(together).map(([name, changes]): [string, ArmSettings] => [
    name,
    withChanges(small(), changes),
  ]),
];

/** The folder of each slot's methods, and files there that are no methods. */
const folders: Record<Slot, string> = {
  order: 'sample/order',
  decode: 'sample/decode',
  reward: 'score/reward',
  reference: 'score/reference',
  price: 'score/price',
  promptFilter: 'promptFilter',
  filter: 'filter',
  update: 'update',
};
const helpers = new Set([
  'index.ts',
  'comesBack.ts',
  'kinds.ts',
  'lanes.ts',
  'letThrough.ts',
  'bestOfStart.ts',
  'pool.ts',
  'band.ts',
  'prefixScore.ts',
  'rows.ts',
  'scan.ts',
  'steering.ts',
  'train.ts',
  'contrast.ts',
  'gradient/discount.ts',
  'gradient/groups.ts',
  'gradient/ratio.ts',
  'imitation/anchored.ts',
  'lists/lists.ts',
  'pairs/pairwise.ts',
]);

describe('what methods say', () => {
  it('has ids that are unique over all slots, and are found again', () => {
    const ids = allMethods.map(({ method }) => method.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { slot, method } of allMethods) {
      expect(method.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(slotOf(method.id)).toBe(slot);
      expect(methodOf(slot, method.id)).toBe(method);
    }
    expect(() => methodOf('filter', 'ppo')).toThrow('There is no filter called "ppo".');
  });

  it('gives no id of before to another method', () => {
    const before = {
      filter: [
        'ppo-m',
        'bon',
        'br',
        'bw',
        'wr',
        'rand2',
        'top',
        'top-rand',
        'top-bott',
        'pow',
        'custom',
        'pods',
        'cppo',
        'gfpo',
        'gfpo-per-token',
        'positives',
        'negatives',
        'w-reinforce',
      ],
      promptFilter: [
        'every-prompt',
        'zero-variance',
        'pass-band',
        'difficulty-band',
        'variance-top-p',
        'variance-top-k',
      ],
      reward: ['model', 'oracle', 'rtv', 'ppocoder', 'synthetic', 'genrm', 'hybrid'],
      order: ['uniform', 'ppo-s'],
      decode: ['plain'],
      price: ['fixed', 'adaptive'],
      update: ['ppo', 'reinforce', 'rloo', 'grpo', 'dr-grpo', 'dapo'],
    };
    for (const [slot, ids] of Object.entries(before)) for (const id of ids) expect(slotOf(id)).toBe(slot);
  });

  it.each(slotNames)('lists every file of the folder of %s', (slot) => {
    const folder = new URL(`../${folders[slot]}/`, import.meta.url);
    const listed = readFileSync(new URL('index.ts', folder), 'utf8');
    const files = readdirSync(folder, { recursive: true })
      .map((file) => String(file).replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .filter((file) => !helpers.has(file) && !file.startsWith('part/'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(listed).toContain(`'./${file}'`);
  });

  it.each(allMethods)(
    'has words, a source, a formula and knobs within their ranges: $method.id',
    ({ slot, method }) => {
      for (const text of [method.label, method.short, method.formula, method.cost, method.source.where]) {
        expect(text.trim()).not.toBe('');
      }
      expect(method.what).toMatch(/^[A-Z].*\.$/);
      expect(method.source.arxiv ?? '2409.06957').toMatch(/^\d{4}\.\d{5}$/);
      for (const [name, knob] of Object.entries(method.knobs) as [string, Knob][]) {
        expect(name).toMatch(/^[a-z][A-Za-z]*$/);
        expect(knob.what).toMatch(/\.$/);
        expect(knob.expect.trim()).not.toBe('');
        expect(inRange(knob)).toBe(true);
      }
      const values = initialValues(method.knobs);
      const settings = withMethod(defaultSettings(), slot, method);
      expect(method.conflicts?.(values as never, settings) ?? []).toEqual([]);
      for (const [slot, id] of Object.entries(method.brings ?? {})) expect(slotOf(id)).toBe(slot);
    },
  );

  it('has a neutral method first in each slot, which brings nothing along', () => {
    for (const slot of slotNames) expect(catalogue[slot][0].brings).toBeUndefined();
  });
});

function inRange(knob: Knob): boolean {
  switch (knob.kind) {
    case 'number':
    case 'integer':
      return knob.initial >= knob.min && knob.initial <= knob.max && knob.step > 0;
    case 'choice':
      return knob.options.some(({ value }) => value === knob.initial);
    case 'numbers':
      return (
        knob.initial.length <= knob.maxCount &&
        knob.initial.every((value) => value >= knob.min && value <= knob.max) &&
        knob.initial.every((_, i) => knob.bar(i, knob.initial.length).long !== '')
      );
    case 'code':
      return knob.initial.length <= knob.maxLength;
    case 'toggle':
      return true;
    default:
      knob satisfies never;
      return false;
  }
}

describe.each(arms)('an arm with %s', (_, settings) => {
  const opened: { dispose(): void }[] = [];
  const open = (seed: number) => {
    const arm = start(seed, settings);
    opened.push(arm);
    return arm;
  };
  afterEach(() => {
    for (const arm of opened.splice(0)) arm.dispose();
  });
  const numbersOf = async ({ arm, state }: ReturnType<typeof start>, iteration: number) => {
    const { samples, metrics } = (await finish(iterate(arm, state, iteration))).value;
    const timed = /Ms$|^seconds$/;
    return {
      samples,
      metrics: Object.fromEntries(Object.entries(metrics).filter(([key]) => !timed.test(key))),
    };
  };

  it('gives the same finite numbers for the same seed, and goes on from a snapshot as if it had never stopped', async () => {
    const whole = open(21);
    const expected = [await numbersOf(whole, 1), await numbersOf(whole, 2), await numbersOf(whole, 3)];
    for (const { metrics } of expected) {
      for (const [key, value] of Object.entries(metrics)) expect(value, key).toSatisfy(Number.isFinite);
    }
    const first = open(21);
    expect(await numbersOf(first, 1)).toEqual(expected[0]);
    const snapshot = structuredClone(await takeSnapshot(first.state, 1, { mean: 0, deviation: 1 }));
    const second = open(21);
    restoreSnapshot(second.state, snapshot);
    expect(await numbersOf(second, 2)).toEqual(expected[1]);
    expect(await numbersOf(second, 3)).toEqual(expected[2]);
  });

  it('leaks no tensor', async () => {
    const arm = open(22);
    // A reference that is renewed comes into being at the end of a round.
    for (const iteration of [1, 2]) await numbersOf(arm, iteration);
    const before = tf.memory().numTensors;
    await numbersOf(arm, 3);
    expect(tf.memory().numTensors).toBe(before);
  });
});
