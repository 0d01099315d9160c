import { strFromU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { vocabulary } from '../../tasks/tokenizer.ts';
import { folderFiles, readFolder } from './modelFolder.ts';

const config = JSON.stringify({ model_type: 'gpt2', vocab_size: vocabulary.length });
const checkpoint = { model: new Uint8Array([1, 2, 3]), config };
const file = (name: string, content: BlobPart) => new File([content], name);

describe('a folder of a model', () => {
  it('comes back from one zip as it went in, tokenizer included', async () => {
    const files = folderFiles(checkpoint);
    expect(Object.keys(files)).toEqual([
      'model.safetensors',
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    expect(Object.keys(JSON.parse(strFromU8(files['tokenizer.json'])).model.vocab)).toHaveLength(
      vocabulary.length,
    );
    const zip = zipSync({ folder: files });
    expect(unzipSync(zip)).toBeDefined();
    expect(await readFolder([file('my policy.zip', zip)])).toEqual(checkpoint);
  });

  it('may be loose files, in any order, with others beside them', async () => {
    const loose = [
      file('README.md', 'x'),
      file('config.json', config),
      file('model.safetensors', checkpoint.model),
    ];
    expect(await readFolder(loose)).toEqual(checkpoint);
  });

  it.each<[string, File[], RegExp, string]>([
    ['no weights', [file('config.json', config)], /model\.safetensors is missing/, 'model.safetensors'],
    ['no configuration', [file('model.safetensors', 'x')], /config\.json is missing/, 'config.json'],
    ['a zip that is none', [file('a.zip', 'not a zip')], /not a zip file/, 'a.zip'],
    [
      'a configuration that is not JSON',
      [file('config.json', '{'), file('model.safetensors', 'x')],
      /config\.json is not JSON/,
      'config.json',
    ],
    [
      'another vocabulary',
      [file('config.json', '{"vocab_size":50257}'), file('model.safetensors', 'x')],
      /vocab_size 50257; the programs of this page need \d+/,
      'config.json',
    ],
  ])('with %s is refused by name', async (_, files, message, field) => {
    await expect(readFolder(files)).rejects.toThrow(message);
    await expect(readFolder(files)).rejects.toMatchObject({ error: { code: 'bad-checkpoint', field } });
  });
});
