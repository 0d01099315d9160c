/**
 * A student's zip is a folder that `transformers` opens as GPT2LMHeadModel: what that class reads is held here file by
 * file, field by field and tensor by tensor, because nothing in these tests runs it.
 */
import { strFromU8, unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { packSequences, upload } from '../../nn/batch/batch.ts';
import { loadCheckpoint, saveCheckpoint } from '../../nn/checkpoint/checkpoint.ts';
import { allLogits, type Transformer } from '../../nn/model/transformer.ts';
import { openSimd } from '../../nn/simd/open.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { readKnowledge, writeKnowledge } from '../../rlhf/student/knowledgeFile.ts';
import { readRetriever, writeRetriever } from '../../rlhf/student/retrieverFile.ts';
import { createStudent, studentPositions } from '../../rlhf/student/student.ts';
import { syntheticKnowledge, syntheticRetriever } from '../../rlhf/student/testing/synthetic.ts';
import { codeToken, encodePrompt, vocabulary } from '../../tasks/tokenizer.ts';
import { createLabStore } from '../state/store.ts';
import type { StudentBytes } from '../trainer/protocol.ts';
import { Notices } from '../view/notices.ts';
import { readFolder } from './modelFolder.ts';
import type { Models } from './models.ts';
import type { ModelTraining } from './modelTraining.ts';
import { StudentTraining } from './studentTraining.ts';

const width = 8;
const knowledge = syntheticKnowledge(5, 1);
const retriever = syntheticRetriever(4, 1);
let model: Transformer;
let zip: Blob;
let files: Record<string, Uint8Array>;

beforeAll(async () => {
  await openSimd();
  await tf.setBackend('simd');
  model = createStudent(width, 3);
  const student: StudentBytes = {
    checkpoint: await saveCheckpoint(model),
    knowledge: writeKnowledge(knowledge),
    retriever: writeRetriever(retriever),
  };
  const store = createLabStore();
  store.setState({ student: { origin: 'trained', knowledge, student } });
  const [models, training] = [{} as Models, {} as ModelTraining];
  zip = new StudentTraining(store, new Notices(store), models, training, async () => null).exportStudent()!;
  files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
});

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

function headerOf(bytes: Uint8Array): { tensors: [string, Entry][]; metadata: unknown; room: number } {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const { __metadata__: metadata, ...tensors } = JSON.parse(strFromU8(bytes.subarray(8, 8 + length)));
  return { tensors: Object.entries(tensors), metadata, room: bytes.length - 8 - length };
}

describe("a student's zip", () => {
  it('has the configuration of a GPT-2 with this head', () => {
    expect(JSON.parse(strFromU8(files['config.json']))).toEqual({
      model_type: 'gpt2',
      architectures: ['GPT2LMHeadModel'],
      vocab_size: vocabulary.length,
      n_positions: studentPositions,
      n_ctx: studentPositions,
      n_embd: width,
      n_layer: 1,
      n_head: 2,
      n_inner: null,
      activation_function: 'gelu_new',
      layer_norm_epsilon: 1e-5,
      initializer_range: 0.02,
      resid_pdrop: 0,
      embd_pdrop: 0,
      attn_pdrop: 0,
      scale_attn_weights: true,
      tie_word_embeddings: true,
      bos_token_id: vocabulary.indexOf('<end>'),
      eos_token_id: vocabulary.indexOf('<end>'),
      pad_token_id: vocabulary.indexOf('<pad>'),
      torch_dtype: 'float32',
    });
  });

  it('has every tensor of that class and no other, in one file without gaps', () => {
    const { tensors, metadata, room } = headerOf(files['model.safetensors']);
    // Without it `from_pretrained` refuses the file.
    expect(metadata).toEqual({ format: 'pt' });
    const block = (name: string) => `transformer.h.0.${name}`;
    // The head has no tensor of its own: it is tied to the words. Conv1D keeps its weights [in, out].
    expect(Object.fromEntries(tensors.map(([name, { shape }]) => [name, shape]))).toEqual({
      'transformer.wte.weight': [vocabulary.length, width],
      'transformer.wpe.weight': [studentPositions, width],
      [block('ln_1.weight')]: [width],
      [block('ln_1.bias')]: [width],
      [block('attn.c_attn.weight')]: [width, 3 * width],
      [block('attn.c_attn.bias')]: [3 * width],
      [block('attn.c_proj.weight')]: [width, width],
      [block('attn.c_proj.bias')]: [width],
      [block('ln_2.weight')]: [width],
      [block('ln_2.bias')]: [width],
      [block('mlp.c_fc.weight')]: [width, 4 * width],
      [block('mlp.c_fc.bias')]: [4 * width],
      [block('mlp.c_proj.weight')]: [4 * width, width],
      [block('mlp.c_proj.bias')]: [width],
      'transformer.ln_f.weight': [width],
      'transformer.ln_f.bias': [width],
    });
    let end = 0;
    for (const [name, { dtype, shape, data_offsets }] of tensors) {
      expect(dtype, name).toBe('F32');
      expect(data_offsets, name).toEqual([end, end + 4 * shape.reduce((a, b) => a * b, 1)]);
      end = data_offsets[1];
    }
    expect(end).toBe(room);
  });

  it('has a tokenizer that knows its words and how many it reads', () => {
    const { model: words, pre_tokenizer } = JSON.parse(strFromU8(files['tokenizer.json']));
    expect([words.type, pre_tokenizer.type]).toEqual(['WordLevel', 'WhitespaceSplit']);
    expect(words.vocab).toEqual(Object.fromEntries(vocabulary.map((word, id) => [word, id])));
    expect(JSON.parse(strFromU8(files['tokenizer_config.json']))).toMatchObject({
      tokenizer_class: 'PreTrainedTokenizerFast',
      model_max_length: studentPositions,
      eos_token: '<end>',
      pad_token: '<pad>',
    });
  });

  it('gives the same logits to the bit when it is read again, and the same store and retriever', async () => {
    const again = loadCheckpoint(await readFolder([new File([zip], 'student.zip')]));
    const prompt = encodePrompt({ id: 'x', prompt: knowledge.entries[0].request });
    expect(prompt.at(-1)).toBe(codeToken);
    const batch = upload(packSequences([{ tokens: prompt, promptLength: prompt.length - 1 }]));
    const [before, after] = [model, again].map((each) => allLogits(each, batch));
    expect(await after.data()).toEqual(await before.data());
    expect(before.size).toBe(prompt.length * vocabulary.length);
    for (const tensor of [before, after]) tensor.dispose();
    batch.dispose();
    again.dispose();
    expect(readKnowledge(strFromU8(files['knowledge.jsonl']), 'it')).toEqual(knowledge);
    expect(readRetriever(files['retriever.safetensors'])).toEqual(retriever);
  });
});
