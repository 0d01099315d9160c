/** A store and a retriever made of random numbers, of any size: for tests and benchmarks of retrieval. */
import { stream } from '../../../core/random.ts';
import { vocabulary } from '../../../tasks/tokenizer.ts';
import { type Knowledge, makeKnowledge } from '../knowledge.ts';
import type { Retriever } from '../retriever.ts';

/** As many different requests of eight words, with one program each. */
export function syntheticKnowledge(requests: number, seed: number): Knowledge {
  const rng = stream(seed, 'synthetic requests');
  const found = new Set<string>();
  while (found.size < requests) {
    const words = Array.from({ length: 8 }, () => vocabulary[3 + rng.int(vocabulary.length - 3)]);
    found.add(words.join(' '));
  }
  return makeKnowledge(
    'random numbers',
    [...found].map((request) => ({
      request,
      program: request.split(' ').slice(0, 4).join(' '),
      score: 1,
      outcome: 'ok',
      logProb: [0, 0, 0, 0, 0],
    })),
  );
}

export function syntheticRetriever(dimension: number, seed: number): Retriever {
  const rng = stream(seed, 'synthetic words');
  return {
    dimension,
    words: Float32Array.from({ length: vocabulary.length * dimension }, () => rng.normal()),
  };
}
