/**
 * The word-level tokenizer of the built-in world. The vocabulary is what the operations can say and write, and does
 * not depend on a seed, so a checkpoint fits every world. A sequence is: words of the request, `<code>`, tokens of
 * the function's body, `<end>`.
 */
import { fillTemplate } from './chain.ts';
import { ops } from './ops/ops.ts';
import type { Problem } from './problem.ts';

export const padToken = 0;
export const endToken = 1;
/** Ends the request; what follows is the program. */
export const codeToken = 2;

/** Longest sequence, request and program together. */
export const maxSequence = 72;

/** A word that the vocabulary lacks. */
export class UnknownTokenError extends Error {
  readonly token: string;
  constructor(token: string, where: string) {
    super(`The tokenizer does not know "${token}" in ${where}`);
    this.name = 'UnknownTokenError';
    this.token = token;
  }
}

function buildVocabulary(): string[] {
  const words = new Set(['then']);
  const code = new Set(['return', 'const', 'a', '=', ';', 'xs', 's']);
  const numbers = new Set(['0', '1', '2']);
  for (const op of ops) {
    for (const k of op.constants ?? [0]) {
      for (const phrase of op.say) {
        for (const word of phrase.replaceAll('K', String(k)).split(' ')) words.add(word);
      }
      for (const template of [...op.right, ...op.wrong]) {
        for (const token of fillTemplate(template.replace(/^@/, ''), 'a', k).split(' ')) code.add(token);
      }
    }
  }
  for (const token of [...words, ...code]) {
    if (/^\d+$/.test(token)) numbers.add(token);
  }
  const sorted = (tokens: Set<string>) => [...tokens].filter((token) => !numbers.has(token)).sort();
  return [
    ...new Set([
      '<pad>',
      '<end>',
      '<code>',
      ...[...numbers].sort((a, b) => Number(a) - Number(b)),
      ...sorted(words),
      ...sorted(code),
    ]),
  ];
}

/** Token text by id. */
export const vocabulary: readonly string[] = buildVocabulary();
const ids = new Map(vocabulary.map((token, id) => [token, id]));

function encode(text: string, where: string, last: number): Int32Array {
  const tokens = text.split(/\s+/).filter((token) => token !== '');
  const out = new Int32Array(tokens.length + 1);
  tokens.forEach((token, i) => {
    const id = ids.get(token);
    if (id === undefined || id <= codeToken) throw new UnknownTokenError(token, where);
    out[i] = id;
  });
  out[tokens.length] = last;
  return out;
}

/**
 * The request as the policy reads it, `<code>` included.
 * @throws UnknownTokenError for problems that are not of the built-in world.
 */
export function encodePrompt(problem: Pick<Problem, 'id' | 'prompt'>): Int32Array {
  return encode(problem.prompt, `the request of problem ${problem.id}`, codeToken);
}

/** A body as space-joined tokens, `<end>` added. @throws UnknownTokenError */
export function encodeProgram(text: string): Int32Array {
  return encode(text, 'the program', endToken);
}

/** Space-joined text up to the first `<end>`; padding and `<code>` are left out. */
export function decode(tokens: ArrayLike<number>): string {
  const out: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const id = tokens[i];
    if (id === endToken) break;
    if (id === padToken || id === codeToken) continue;
    out.push(vocabulary[id] ?? `<${id}>`);
  }
  return out.join(' ');
}

/**
 * The tokenizer as the files that Hugging Face transformers reads beside `model.safetensors`.
 * @param positions how many tokens the model reads
 */
export function huggingFaceFiles(positions = maxSequence): {
  'tokenizer.json': string;
  'tokenizer_config.json': string;
} {
  const special = [padToken, endToken, codeToken].map((id) => ({
    id,
    content: vocabulary[id],
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab: Object.fromEntries(ids), unk_token: vocabulary[padToken] },
  };
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: positions,
    pad_token: vocabulary[padToken],
    unk_token: vocabulary[padToken],
    eos_token: vocabulary[endToken],
    sep_token: vocabulary[codeToken],
    clean_up_tokenization_spaces: false,
  };
  return {
    'tokenizer.json': `${JSON.stringify(tokenizer, null, 1)}\n`,
    'tokenizer_config.json': `${JSON.stringify(config, null, 1)}\n`,
  };
}
