/**
 * A method is one file and one line in the list of its folder. The lines are added here by a stand-in for each list;
 * everything else that knows of methods must then know of these.
 */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, expect, it, vi } from 'vitest';

vi.mock('../sample/order/index.ts', async (original) => {
  const { orders } = await original<typeof import('../sample/order/index.ts')>();
  return { orders: [...orders, (await import('../testing/toys.ts')).inOrder] };
});
vi.mock('../score/reward/index.ts', async (original) => {
  const { rewards } = await original<typeof import('../score/reward/index.ts')>();
  return { rewards: [...rewards, (await import('../testing/toys.ts')).brevity] };
});
vi.mock('../filter/index.ts', async (original) => {
  const { filters } = await original<typeof import('../filter/index.ts')>();
  return { filters: [...filters, (await import('../testing/toys.ts')).everyOther] };
});
vi.mock('../update/index.ts', async (original) => {
  const { updates } = await original<typeof import('../update/index.ts')>();
  return { updates: [...updates, (await import('../testing/toys.ts')).imitate] };
});

import { methodsPage, metricsPage, settingsPage } from '../../../scripts/docs.ts';
import { actions } from '../../lab/actions/actions.ts';
import { decodeLink, encodeLink } from '../../lab/links/link.ts';
import { parseSpec } from '../../lab/settings/experimentSpec.ts';
import { newArm } from '../../lab/state/arm.ts';
import { initialState } from '../../lab/state/store.ts';
import { glossary } from '../../lessons/glossary.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { MethodChoice } from '../../ui/panels/settings/MethodChoice.tsx';
import { iterate } from '../loop.ts';
import { finish, small, start } from '../testing/loop.fixture.ts';
import { catalogue } from './catalogue.ts';
import { settingsWith } from './paths.ts';

const arm = 'toy-order+toy-filter+toy-update';
const toys = ['toy-order', 'toy-reward', 'toy-filter', 'toy-update'];

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('trains with them, and logs what they log and nothing that they lack', async () => {
  const settings = small({ method: arm, reward: 'toy-reward', strength: 2 });
  const { arm: opened, state, dispose } = start(1, settings);
  const { metrics, samples } = (await finish(iterate(opened, state, 1))).value;
  dispose();
  expect([...samples.problem.slice(0, 6)]).toEqual([0, 0, 0, 0, 0, 1]);
  expect([...samples.uses.slice(0, 4)]).toEqual([1, 0, 1, 0]);
  expect(metrics.policyLoss).toBeCloseTo(2 * metrics.toyNats, 5);
  expect(metrics).not.toHaveProperty('valueLoss');
  expect(metrics).not.toHaveProperty('explainedVariance');
  expect(metrics).not.toHaveProperty('criticPasses');
});

it('opens them from a link, and writes them into one', () => {
  const { link, changes } = decodeLink(`arms=${arm},bw&1.reward=toy-reward&1.longest=9&1.strength=0.5`);
  expect(changes).toEqual([]);
  const wanted = settingsWith({ method: arm, reward: 'toy-reward', longest: 9, strength: 0.5 });
  expect(link.arms[0].settings).toEqual(wanted);
  expect(link.arms[1].settings.update.method).toBe('ppo');
  const state = {
    ...initialState,
    arms: [newArm({ id: 'a', name: 'x', color: 0, settings: wanted, seed: 1 })],
    activeArm: 'a',
  };
  const text = encodeLink(state);
  expect(text).toContain(`arms=${arm}`);
  expect(decodeLink(text).link.arms[0].settings).toEqual(wanted);
});

it('takes them in a spec, and names a knob of theirs that is wrong', () => {
  const { arms } = parseSpec({ arms: [arm, { method: 'bw', reward: 'toy-reward', longest: 7 }] });
  expect(arms.map(({ name }) => name)).toEqual(['In order, Every other, Imitate', 'BW']);
  expect(arms[1].settings.reward).toEqual({ method: 'toy-reward', longest: 7 });
  expect(() => parseSpec({ arms: [{ method: arm, strength: 11 }] })).toThrow(
    'arms[0].strength: strength must be a number from 0 to 10, and is 11.',
  );
});

it('writes them into the docs, the glossary and the commands', () => {
  for (const page of [methodsPage(), settingsPage()])
    for (const id of toys) expect(page).toContain(`\`${id}\``);
  expect(settingsPage()).toContain('`strength`');
  expect(metricsPage()).toContain('`toyNats`');
  const ids = glossary.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(toys));
  expect(actions.map(({ id }) => id)).toEqual(expect.arrayContaining(toys.map((id) => `add-${id}`)));
});

it('shows them in the form', () => {
  const props = { onChoose: () => {}, disabled: false };
  const html = renderToStaticMarkup(
    createElement(MethodChoice, { slot: 'update', method: 'toy-update', ...props }),
  );
  expect(html).toContain('Raises the likelihood of every token that was kept.');
  expect(html).toContain(`Choose (${catalogue.update.length})`);
});
