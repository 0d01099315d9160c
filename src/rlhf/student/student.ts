/**
 * The pocket student: a model of a few per cent of its teacher's parameters that learns to write what the knowledge store
 * holds (distillation on whole sequences, Kim and Rush, arXiv 1606.07947), alone or with its nearest neighbours in front.
 */
import { stream } from '../../core/random.ts';
import type { SequenceRow } from '../../nn/batch/batch.ts';
import { parameterShapes } from '../../nn/model/config.ts';
import { Transformer } from '../../nn/model/transformer.ts';
import { codeToken, encodeProgram, maxSequence, vocabulary } from '../../tasks/tokenizer.ts';
import type { Knowledge } from './knowledge.ts';
import { type KnownRequest, type Neighbour, nearest, type RetrievalIndex } from './retriever.ts';

/**
 * How a student uses the store: not at all; its neighbours stand before the request; or what they say is mixed into what it
 * says itself.
 */
export type Reading = 'alone' | 'prefix' | 'mix';

/** Room for a request and its program with neighbours before them: the most that the engine reads. */
export const studentPositions = 128;

/** A student of one layer, with a head for every four of its width. */
export function createStudent(width: number, seed: number): Transformer {
  const heads = Math.max(1, Math.floor(width / 4));
  const config = { vocab: vocabulary.length, width, layers: 1, heads, maxLength: studentPositions };
  return Transformer.create(config, stream(seed, 'student weights'));
}

/** How many numbers a model of this size has. */
export function parametersOf({ config }: Pick<Transformer, 'config'>): number {
  let count = 0;
  for (const shape of parameterShapes(config, 0).values()) count += shape.reduce((a, b) => a * b, 1);
  return count;
}

/** The entry that speaks for a stored request: the one its teacher found likeliest per token. */
export function spokesman({ entries }: KnownRequest): KnownRequest['entries'][number] {
  const likely = ({ logProb }: (typeof entries)[number]) =>
    logProb.reduce((sum, x) => sum + x, 0) / Math.max(1, logProb.length);
  return entries.reduce((best, entry) => (likely(entry) > likely(best) ? entry : best));
}

/**
 * A request as a student reads it behind its neighbours, the nearest last: request, program, and so on, each whole. A
 * neighbour that would not leave room for the longest request with its program is left out.
 * @param prompt tokens of the request, `<code>` included
 */
export function behindNeighbours(
  prompt: ArrayLike<number>,
  neighbours: readonly Neighbour[],
  positions: number = studentPositions,
): Int32Array {
  let room = positions - maxSequence;
  const before: number[][] = [];
  for (const { known } of neighbours) {
    const text = [...known.tokens, codeToken, ...encodeProgram(spokesman(known).program)];
    if (text.length > room) continue;
    room -= text.length;
    before.unshift(text);
  }
  return Int32Array.from([...before.flat(), ...Array.from(prompt)]);
}

/** What a student learns from: every program of the store behind its request, and that behind k neighbours where it is to read them. */
export function studentRows(
  knowledge: Knowledge,
  index: RetrievalIndex,
  reading: Reading,
  k: number,
): SequenceRow[] {
  const prompts = new Map<string, Int32Array>();
  for (const { request, tokens } of index.requests) {
    const own = [...tokens, codeToken];
    // Its own request is never a neighbour: what is asked later is not in the store either.
    const neighbours = reading === 'prefix' ? nearest(index, tokens, k, request) : [];
    prompts.set(request, behindNeighbours(own, neighbours));
  }
  return knowledge.entries.map(({ request, program }) => {
    const prompt = prompts.get(request)!;
    return {
      tokens: Int32Array.from([...prompt, ...encodeProgram(program)]),
      promptLength: prompt.length,
    };
  });
}
