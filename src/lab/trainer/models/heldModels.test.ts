import { beforeAll, expect, it } from 'vitest';
import { stream } from '../../../core/random.ts';
import { saveCheckpoint } from '../../../nn/checkpoint/checkpoint.ts';
import { Transformer } from '../../../nn/model/transformer.ts';
import { tf } from '../../../nn/tensors/tf.ts';
import { settingsWith } from '../../../rlhf/catalogue/paths.ts';
import { maxSequence, vocabulary } from '../../../tasks/tokenizer.ts';
import type { CheckpointBytes } from '../protocol.ts';
import { HeldModels } from './heldModels.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A model that fits this world, as files. */
async function files(width: number, heads: number, scalarHead = false): Promise<CheckpointBytes> {
  const config = { vocab: vocabulary.length, width, heads, layers: 1, maxLength: maxSequence };
  const model = Transformer.create(config, stream(1, 'weights'), { scalarHead });
  const saved = await saveCheckpoint(model);
  model.dispose();
  return saved;
}

it('keeps what it was given when the device is lost', async () => {
  const shipped = await files(8, 2);
  const held = new HeldModels(async () => shipped);
  expect((await held.model('policy')).config.width).toBe(8);
  held.give('policy', await files(16, 2));
  held.forget();
  expect((await held.model('policy')).config.width).toBe(16);
});

it('a file that does not fit leaves the model as it was', async () => {
  const held = new HeldModels(async () => files(8, 2, true));
  expect(() => held.give('strong', { model: new Uint8Array(9), config: '{}' })).toThrow();
  await held.model('strong');
  const headless = await files(16, 2);
  expect(() => held.give('strong', headless)).toThrow('needs a scalar head');
  held.forget();
  expect((await held.model('strong')).config.width).toBe(8);
});

it('tells models apart whose weights are the same and are put together otherwise', async () => {
  const of = async (checkpoint: CheckpointBytes) =>
    new HeldModels(async (slot) => (slot === 'policy' ? checkpoint : files(8, 2, true))).printsOf(
      settingsWith({ reward: 'model' }),
    );
  const two = await of(await files(8, 2));
  expect(Object.keys(two)).toEqual(['policy', 'strong']);
  expect(await of(await files(8, 2))).toEqual(two);
  const four = await of(await files(8, 4));
  expect(four.policy).not.toBe(two.policy);
  expect(four.strong).toBe(two.strong);
});

it('has the small policy that ships, whatever has taken the place of the policy', async () => {
  const held = new HeldModels(async () => files(8, 2));
  held.give('policy', await files(16, 2));
  expect((await held.model('policy')).config.width).toBe(16);
  const { 'small-policy': small } = await held.modelsOf(
    settingsWith({ order: 'pre-ppo', selectedBy: 'small', reward: 'oracle' }),
  );
  expect(small.config.width).toBe(8);
});

it('refuses a value network of log-odds where histograms are asked for', async () => {
  const held = new HeldModels(async () => files(8, 2));
  await expect(held.model('histogram')).rejects.toThrow('a row for each bin');
});
