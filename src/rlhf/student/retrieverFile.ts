/** The retriever beside a student's model: its vectors of words as safetensors. */
import { readSafetensors, SafetensorsError, writeSafetensors } from '../../nn/checkpoint/safetensors.ts';
import { vocabulary } from '../../tasks/tokenizer.ts';
import { KnowledgeError } from './knowledgeFile.ts';
import type { Retriever } from './retriever.ts';

export const retrieverFileName = 'retriever.safetensors';
const tensorName = 'words.weight';

export function writeRetriever({ dimension, words }: Retriever): Uint8Array {
  return writeSafetensors(new Map([[tensorName, { shape: [vocabulary.length, dimension], values: words }]]));
}

/** @throws KnowledgeError naming the file and what is wrong with it */
export function readRetriever(bytes: Uint8Array, name: string = retrieverFileName): Retriever {
  let tensor: { shape: number[]; values: Float32Array } | undefined;
  try {
    tensor = readSafetensors(bytes).get(tensorName);
  } catch (cause) {
    if (cause instanceof SafetensorsError)
      throw new KnowledgeError(`${name} is damaged: ${cause.message}`, { cause });
    throw cause;
  }
  if (tensor?.shape.length !== 2 || tensor.shape[0] !== vocabulary.length)
    throw new KnowledgeError(
      `${name} is no retriever of this vocabulary: it lacks "${tensorName}" of ${vocabulary.length} rows.`,
    );
  if (!tensor.values.every(Number.isFinite))
    throw new KnowledgeError(`${name} has values that are not finite.`);
  return { dimension: tensor.shape[1], words: tensor.values };
}
