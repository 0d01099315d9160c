import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { Transformer } from '../model/transformer.ts';
import { type CheckpointFiles, loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const config = { vocab: 13, width: 6, layers: 1, heads: 2, maxLength: 5 };
const golden = new Uint8Array(readFileSync(new URL('../parity/golden/tiny.safetensors', import.meta.url)));

async function saved(scalarHead = false): Promise<CheckpointFiles> {
  const model = Transformer.create(config, stream(1, 'checkpoint'), { scalarHead });
  const files = await saveCheckpoint(model);
  model.dispose();
  return files;
}

describe('checkpoints', () => {
  it.each([false, true])('come back as they were saved (scalar head: %s)', async (scalarHead) => {
    const files = await saved(scalarHead);
    const model = loadCheckpoint(files);
    expect(model.config).toEqual(config);
    expect(model.hasScalarHead).toBe(scalarHead);
    expect(await saveCheckpoint(model)).toEqual(files);
    model.dispose();
  });

  it('come back with a head for the bins of a histogram', async () => {
    const plain = loadCheckpoint(await saved());
    const histogram = plain.withHistogramHead(11);
    const files = await saveCheckpoint(histogram);
    expect(JSON.parse(files.config).num_labels).toBe(11);
    const model = loadCheckpoint(files);
    expect([model.labels, model.hasScalarHead]).toEqual([11, false]);
    expect(await saveCheckpoint(model)).toEqual(files);
    for (const held of [plain, histogram, model]) held.dispose();
  });

  it('carry the names and the fields that Hugging Face reads', async () => {
    const files = await saved();
    const names = [...readSafetensors(files.model).keys()];
    expect(names).toContain('transformer.h.0.attn.c_attn.weight');
    expect(JSON.parse(files.config)).toMatchObject({
      model_type: 'gpt2',
      architectures: ['GPT2LMHeadModel'],
      n_embd: 6,
      n_positions: 5,
      activation_function: 'gelu_new',
      eos_token_id: 1,
    });
  });

  const edited = async (edit: (config: Record<string, unknown>) => void): Promise<CheckpointFiles> => {
    const files = await saved();
    const parsed = JSON.parse(files.config);
    edit(parsed);
    return { ...files, config: JSON.stringify(parsed) };
  };

  it.each<[string, () => Promise<CheckpointFiles>, RegExp]>([
    [
      'a file that is cut short',
      async () => ({ ...(await saved()), model: (await saved()).model.slice(0, -40) }),
      /model\.safetensors: Tensor "transformer\..*ends at byte \d+, but the file ends at \d+/,
    ],
    [
      'a file that is something else',
      async () => ({ ...(await saved()), model: new TextEncoder().encode('<!doctype html><html></html>') }),
      /model\.safetensors: The header claims/,
    ],
    [
      'sizes that do not match',
      () => edited((c) => Object.assign(c, { n_embd: 8 })),
      /tensor "wte\.weight" has shape \[13,6\], but config\.json asks for \[13,8\]/,
    ],
    [
      'a missing layer',
      () => edited((c) => Object.assign(c, { n_layer: 2 })),
      /tensor "h\.1\.ln_1\.weight" is missing/,
    ],
    [
      'another activation',
      () => edited((c) => Object.assign(c, { activation_function: 'relu' })),
      /"activation_function" is "relu"/,
    ],
    [
      'a size that is no number',
      () => edited((c) => Object.assign(c, { n_head: 'two' })),
      /"n_head" must be a positive whole number/,
    ],
    [
      'a config that is not JSON',
      async () => ({ ...(await saved()), config: '{' }),
      /config\.json: not valid JSON/,
    ],
    [
      'weights that are not finite',
      async () => {
        const files = await saved();
        const tensors = readSafetensors(files.model);
        tensors.get('transformer.ln_f.bias')!.values[2] = Number.NaN;
        return { ...files, model: writeSafetensors(tensors) };
      },
      /tensor "ln_f\.bias" has values that are not finite/,
    ],
  ])('refuse %s', async (_, files, message) => {
    const given = await files();
    expect(() => loadCheckpoint(given)).toThrow(message);
  });
});

describe('safetensors', () => {
  it('reads a file written by PyTorch, and writes one of the same content', () => {
    const tensors = readSafetensors(golden);
    expect(tensors.get('wte.weight')!.shape).toEqual([37, 16]);
    expect(readSafetensors(writeSafetensors(tensors))).toEqual(tensors);
  });

  it('reads half precision', () => {
    const header = new TextEncoder().encode('{"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}  ');
    const bytes = new Uint8Array(8 + header.length + 8);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, BigInt(header.length), true);
    bytes.set(header, 8);
    [0x3c00, 0xc100, 0x0001, 0x7c00].forEach((bits, i) => {
      view.setUint16(8 + header.length + 2 * i, bits, true);
    });
    expect(Array.from(readSafetensors(bytes).get('h')!.values)).toEqual([
      1,
      -2.5,
      2 ** -24,
      Number.POSITIVE_INFINITY,
    ]);
  });
});
