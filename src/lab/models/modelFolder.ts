/** A model as people keep it: the files of a Hugging Face GPT-2 folder, loose or in one zip. */
import { unzipSync } from 'fflate';
import * as v from 'valibot';
import { huggingFaceFiles, vocabulary } from '../../tasks/tokenizer.ts';
import { LabFailure } from '../trainer/errors.ts';
import type { CheckpointBytes } from '../trainer/protocol.ts';

/** More than any model of this page; a zip that claims more is refused before it is unpacked. */
const maxBytes = 256 << 20;

const refuse = (message: string, field: string, cause?: unknown) =>
  new LabFailure({ code: 'bad-checkpoint', message, field }, cause);

/** The four files that `transformers` opens. */
export function folderFiles(checkpoint: CheckpointBytes): Record<string, Uint8Array> {
  const text = new TextEncoder();
  const { n_positions } = JSON.parse(checkpoint.config) as { n_positions?: number };
  const tokenizer = huggingFaceFiles(n_positions);
  return {
    'model.safetensors': checkpoint.model,
    'config.json': text.encode(checkpoint.config),
    'tokenizer.json': text.encode(tokenizer['tokenizer.json']),
    'tokenizer_config.json': text.encode(tokenizer['tokenizer_config.json']),
  };
}

/**
 * Finds `model.safetensors` and `config.json` among the files, in a zip or loose.
 * @throws LabFailure naming the file that is missing or wrong
 */
export async function readFolder(files: readonly File[]): Promise<CheckpointBytes> {
  const found = new Map<string, Uint8Array>();
  const keep = (path: string, bytes: Uint8Array) => found.set(path.split('/').at(-1) ?? path, bytes);
  for (const file of files) {
    if (file.size > maxBytes) throw refuse(`${file.name} is larger than ${maxBytes >> 20} MB.`, file.name);
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (file.name.endsWith('.zip')) {
      for (const [path, content] of Object.entries(unzip(bytes, file.name))) keep(path, content);
    } else keep(file.name, bytes);
  }
  const model = found.get('model.safetensors');
  const config = found.get('config.json');
  for (const [name, bytes] of Object.entries({ 'model.safetensors': model, 'config.json': config })) {
    if (!bytes) {
      throw refuse(
        `${name} is missing. Choose the files of a Hugging Face GPT-2 folder together, or a zip of them.`,
        name,
      );
    }
  }
  const text = new TextDecoder().decode(config);
  checkConfig(text);
  return { model: model!, config: text };
}

function unzip(bytes: Uint8Array, name: string): Record<string, Uint8Array> {
  let total = 0;
  try {
    return unzipSync(bytes, {
      filter: ({ name: path, originalSize }) => {
        total += originalSize;
        if (total > maxBytes) throw refuse(`${name} unpacks to more than ${maxBytes >> 20} MB.`, name);
        return /(^|\/)(model\.safetensors|config\.json)$/.test(path);
      },
    });
  } catch (cause) {
    if (cause instanceof LabFailure) throw cause;
    throw refuse(`${name} is not a zip file, or was cut off.`, name, cause);
  }
}

const configSchema = v.looseObject({ vocab_size: v.number() });

function checkConfig(text: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw refuse('config.json is not JSON.', 'config.json', cause);
  }
  const config = v.safeParse(configSchema, parsed);
  if (!config.success) throw refuse('config.json lacks a number "vocab_size".', 'config.json');
  if (config.output.vocab_size !== vocabulary.length) {
    throw refuse(
      `config.json says vocab_size ${config.output.vocab_size}; the programs of this page need ${vocabulary.length}.`,
      'config.json',
    );
  }
}
